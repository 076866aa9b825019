from odoo.tools import SQL

from .erasure_common import ErasureCase
from .feedback_common import FeedbackCase

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
        self.store = self.env["mailjet.measuring"].sudo()
        self.text = self.store._get_text(self.env.company)

    def _set_rule(self, rule):
        self.env.company.mailjet_measuring_rule = rule

    def _choose(self, choice, email="ann@example.com", kinds=("open", "click")):
        choices = dict.fromkeys(kinds, choice)
        proof = {"text_id": self.text.id}
        self.store._choose([email], choices, "recipient", proof)
        self.env.invalidate_all()

    def _react(self, kind, email="ann@example.com", minutes=1):
        """Return an opening or a click, which alone has an IP address."""
        return self._event(kind, email, minutes, ip=READER_IP)

    def _get_row(self, email="ann@example.com"):
        return self._recipients().filtered(lambda row: row.email_normalized == email)

    def assertNothingMeasured(self, email="ann@example.com", kinds=("open", "click")):
        """Check that no opening or click of an address is found anywhere."""
        self.env.flush_all()
        row = self._get_row(email)
        for kind in kinds:
            for name in MEASURED_COLUMNS[kind]:
                self.assertFalse(row[name], name)
        if "click" in kinds:
            self.assertFalse(row.click_ids)
        events = self.env.execute_query(
            SQL(
                "SELECT type FROM mailjet_event WHERE payload::text LIKE %s",
                f"%{email}%",
            )
        )
        self.assertFalse({kind for (kind,) in events} & set(kinds))
        statuses = {"open": {"opened"}, "click": {"clicked"}}
        for kind in kinds:
            self.assertNotIn(row.status, statuses[kind])
