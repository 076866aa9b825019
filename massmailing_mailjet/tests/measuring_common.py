from odoo.tools import SQL

from .erasure_common import ErasureCase
from .feedback_common import DRAFT, SENT_AT, FeedbackCase

# Only openings and clicks come from there.
READER_IP = "203.0.113.9"
MEASURED_COLUMNS = {
    "open": ("opened_date", "last_opened_date", "open_count", "machine_open_count"),
    "click": ("clicked_date", "last_clicked_date", "click_count"),
}


class MeasuringCase(FeedbackCase):
    """A mailing that was sent by a company with a rule, and what is kept of those who
    react to it."""

    _find_address = ErasureCase._find_address

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        self.store = self.env["mailjet.measuring"].sudo()
        self.text = self.store._get_text(self.env.company)

    def _set_rule(self, rule):
        self.company.mailjet_measuring_rule = rule

    def _choose(
        self, choice, email="ann@example.com", kinds=("open", "click"), company=None
    ):
        """Answer the question of a company, by default that of the mailing."""
        company = company or self.company
        choices = dict.fromkeys(kinds, choice)
        proof = {"text_id": self.text.id}
        self.store._choose(company, [email], choices, "recipient", proof)
        self.env.invalidate_all()

    def _react(self, kind, email="ann@example.com", minutes=1, **values):
        """Return an opening or a click, which alone has an IP address."""
        return self._event(kind, email, minutes, ip=READER_IP, **values)

    def _get_row(self, email="ann@example.com"):
        return self._recipients().filtered(lambda row: row.email_normalized == email)

    def assertNothingMeasured(self, email="ann@example.com", kinds=("open", "click")):
        """Check that no opening or click of an address in the mailing is found
        anywhere."""
        self.env.flush_all()
        row = self._get_row(email)
        for kind in kinds:
            for name in MEASURED_COLUMNS[kind]:
                self.assertFalse(row[name], name)
        if "click" in kinds:
            self.assertFalse(row.click_ids)
        events = self.env.execute_query(
            SQL(
                "SELECT type FROM mailjet_event"
                " WHERE payload::text LIKE %s AND payload->>'customcampaign' = %s",
                f"%{email}%",
                f"mj.nl={self.campaign.mailjet_draft_id}",
            )
        )
        self.assertFalse({kind for (kind,) in events} & set(kinds))
        statuses = {"open": {"opened"}, "click": {"clicked"}}
        for kind in kinds:
            self.assertNotIn(row.status, statuses[kind])


class CompaniesCase(MeasuringCase):
    """Two companies that share an account have each sent a mailing to the same people:
    ``company``, ``mailing`` and ``campaign`` are of the one that a test turns to."""

    def setUp(self):
        super().setUp()
        self.other = self._make_stranger().company_id
        (self.user | self.manager).company_ids |= self.other
        self.account.company_id = False
        sent = [(self.company, self.mailing, self.campaign)]
        mailing = self._make_mailing(self.people, company_id=self.other.id).sudo()
        campaign = self._make_campaign(
            mailing,
            mailjet_draft_id=str(DRAFT + 1),
            mailjet_campaign_id="7657476100",
            state="done",
            delivery_step=False,
            send_requested_date=SENT_AT,
            sent_date=SENT_AT,
        )
        self.sent = [*sent, (self.other, mailing, campaign)]
        self._turn_to(1)
        self._recipients().write({"status": "sent"})
        mailing._update_counts()
        self._turn_to(0)

    def _turn_to(self, number):
        self.company, self.mailing, self.campaign = self.sent[number]

    def _set_rule(self, rule):
        (self.env.company | self.other).mailjet_measuring_rule = rule

    def _event(self, kind, email="ann@example.com", minutes=1, **values):
        draft = self.campaign.mailjet_draft_id
        origin = {"MessageID": int(draft), "customcampaign": f"mj.nl={draft}"}
        return super()._event(kind, email, minutes, **{**origin, **values})
