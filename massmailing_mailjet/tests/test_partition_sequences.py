from collections import Counter
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..const import EDITABLE_STATES
from ..models.delivery import mailjet_campaign_cancel, mailjet_campaign_upload
from ..models.mailjet_mailing_campaigns import Part
from .partition_common import NOTICE, PartitionCase

DELIVERY = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_delivery"
CITIES = ["Oslo", "Bern", "Rome"]
# The addresses of the people in turn: one is used twice, another is none.
ADDRESSES = [f"p{number}@example.com" for number in range(1, 6)]
ADDRESSES += ["P1@example.com", "nobody", "p6@example.com"]
# Calls to Mailjet that may be refused, each of which stops a campaign.
REFUSED = ["contactslist", "campaigndraft", "campaigndraft/*/detailcontent"]
REFUSED += ["campaigndraft/*/send", "contactslist/*/csvimport"]
ACTS = ["step"] * 5 + ["run", "kill_before", "kill_after", "refuse"] * 2
ACTS += ["retry", "stop", "decide", "send"]
ACTS += ["hold", "release", "move", "move_far", "cancel"]

people = st.lists(st.sampled_from(CITIES), min_size=3, max_size=len(ADDRESSES))
parts = st.lists(
    st.tuples(st.sets(st.sampled_from(CITIES), min_size=1), st.booleans()),
    min_size=2,
    max_size=4,
)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), min_size=4, max_size=14
)


class Killed(BaseException):
    """The server dies at a call to Mailjet."""


@tagged("post_install", "-at_install")
class TestPartitionSequences(PartitionCase):
    """Whatever happens to the campaigns of a mailing: each planned address gets one
    email, and nobody else does."""

    # How many calls are made until the server dies, and whether Mailjet gets the last.
    deadly_call = None

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if not cls.deadly_call:
            return super()._request_handler(session, request, **kwargs)
        left, is_made = cls.deadly_call
        cls.deadly_call = (left - 1, is_made) if left else None
        if left or is_made:
            response = super()._request_handler(session, request, **kwargs)
        if not left:
            raise Killed
        return response

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(people, parts, acts)
    def test_each_planned_address_gets_one_email(self, people, parts, acts):
        with (
            self._undone(),
            mute_logger(NOTICE, DELIVERY),
            patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 2),
            patch.object(mailjet_campaign_cancel, "RELEASE_AT_ONCE", 3),
        ):
            self.mailjet.reset()
            self._play(people, parts, acts)

    def _play(self, people, parts, acts):
        self.parts = [
            Part(
                f"Part {number}",
                {"awaits_decision": waits},
                SQL(
                    "EXISTS (SELECT FROM res_partner p WHERE p.id = r.partner_id"
                    " AND p.city = ANY(%s))",
                    list(cities),
                ),
            )
            for number, (cities, waits) in enumerate(parts)
        ]
        records = self.env["res.partner"].create(
            [
                {"name": f"P{number}", "email": email, "city": city}
                for number, (email, city) in enumerate(
                    zip(ADDRESSES, people, strict=False)
                )
            ]
        )
        self.mailing = self._make_mailing(records)
        self.planned = self._get_planned()
        self.mailing.action_send()
        for act, number in acts:
            getattr(self, f"_{act}")(number)
            self.assertDivided()
        self._finish()
        self.assertDivided()
        self.assertAllReached()

    def _get_planned(self):
        return self._get_rows(self.mailing).filtered(lambda row: row.verdict == "send")

    # === ACTS === #

    def _run(self, _number):
        """Let the scheduled action run until it has nothing to do or is killed."""
        self.clock += timedelta(minutes=1)
        cron = self.registry["ir.cron"]
        with freeze_time(self.clock), patch.object(cron, "_commit_progress", _commit):
            _commit(self.env["ir.cron"])
            try:
                self.env["mailjet.delivery"]._cron_process()
            except Killed:
                self.env.invalidate_all(flush=False)
                self.env.cr.execute("ROLLBACK TO SAVEPOINT committed")
        self.env.flush_all()

    def _step(self, number):
        with self._one_step_at_a_time():
            self._run(number)

    def _kill_before(self, number):
        self._kill(number, is_made=False)

    def _kill_after(self, number):
        self._kill(number, is_made=True)

    def _kill(self, number, is_made):
        type(self).deadly_call = (number, is_made)
        self._run(number)
        type(self).deadly_call = None

    def _refuse(self, number):
        path = REFUSED[number % len(REFUSED)]
        self.mailjet.refuse(f"POST {path}", "Not today")
        self._run(number)
        self.mailjet.stop_failing()

    def _retry(self, _number):
        with suppress(UserError):
            self.mailing.action_retry()

    def _stop(self, _number):
        with suppress(UserError):
            self.mailing.action_cancel()

    def _decide(self, _number=0):
        self.mailing.sudo().mailjet_campaign_ids._decide()

    def _send(self, _number):
        if self.mailing.state in EDITABLE_STATES:
            self.mailing.action_send()

    def _hold(self, number):
        self._change(number, "hold")

    def _release(self, number):
        self._change(number, "release")

    def _move(self, number, minutes=5):
        self._change(number, "move", self.clock + timedelta(minutes=minutes))

    def _move_far(self, number):
        """So far that it is left to Mailjet."""
        self._move(number, minutes=25)

    def _cancel(self, number):
        self._change(number, "cancel")

    def _change(self, number, action, *arguments):
        """Do something with one of the campaigns, if that is possible."""
        campaigns = self.mailing.mailjet_campaign_ids
        if campaigns and self.mailing.state not in EDITABLE_STATES:
            campaign = campaigns[number % len(campaigns)]
            with freeze_time(self.clock), suppress(UserError):
                getattr(campaign, f"action_{action}")(*arguments)

    def _strike_due(self):
        """Let Mailjet send what it holds, if the time of all of it has come."""
        held = self.mailing.sudo().mailjet_campaign_ids.mapped("mailjet_schedule_date")
        if any(held) and max(filter(None, held)) <= self.clock:
            self._strike()

    def _finish(self):
        """Let everything that was begun come to its end."""
        for _run in range(30):
            if self.mailing.state in ("done", *EDITABLE_STATES):
                return
            self._decide()
            self._retry(0)
            for number in range(len(self.mailing.mailjet_campaign_ids)):
                self._release(number)
            self.clock += timedelta(minutes=10)
            self._strike_due()
            self._run(0)

    # === CHECKS === #

    def assertDivided(self):
        """Check that the campaigns have disjoint rows, that no address was mailed
        twice, and that those are mailed that Odoo says were."""
        self.env.invalidate_all()
        self.assertEqual(self._get_planned(), self.planned)
        campaigns = self.mailing.sudo().mailjet_campaign_ids
        rows = self._get_rows(self.mailing)
        self.assertLessEqual(rows.campaign_id, campaigns)
        self.assertLessEqual(rows.filtered("campaign_id"), self.planned)
        for campaign in campaigns.filtered("is_part"):
            own = rows.filtered(lambda row, c=campaign: row.campaign_id == c)
            uploads = campaign._get_uploads()
            if not campaign._is_stopping():
                self.assertEqual(len(own), campaign.planned_count)
                covered = [
                    row
                    for row in own
                    for upload in uploads
                    if upload.first_row <= row.id <= upload.last_row
                ]
                self.assertEqual(len(covered), len(own))
        received = Counter(email for emails in self.mailjet.sent for email in emails)
        self.assertLessEqual(set(received.values()), {1})
        self.assertLessEqual(
            set(received), set(self.planned.mapped("email_normalized"))
        )

    def assertAllReached(self):
        """Check that each planned row was sent, or is left for another sending."""
        self.assertIn(self.mailing.state, ("done", *EDITABLE_STATES))
        received = {email for emails in self.mailjet.sent for email in emails}
        sent = self.planned.filtered(lambda row: row.status == "sent")
        left = self.planned - sent
        self.assertEqual(set(sent.mapped("email_normalized")), received)
        self.assertEqual(self.mailing.sent_count, len(sent))
        self.assertEqual(set(left.mapped("status")) - {"pending"}, set())
        self.assertFalse(left.campaign_id)
        if self.mailing.state in EDITABLE_STATES:
            self.assertFalse(sent)
        elif left:
            counts = self.mailing.get_follow_up_counts()
            self.assertEqual(counts["remaining"], len(left))


def _commit(cron, *_args, **_values):
    """Remember, in place of a commit, what a server that is killed leaves behind."""
    cron.env.flush_all()
    cron.env.cr.execute("SAVEPOINT committed")
    return 100
