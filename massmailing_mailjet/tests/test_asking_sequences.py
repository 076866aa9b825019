from contextlib import suppress
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .asking_common import AskingCase
from .partition_common import NOTICE

DELIVERY = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_delivery"
NAMES = ["ann", "bob", "cat"]
# Some less than six months, some more.
DAYS = [0, 60, 130, 170, 179, 186]
ACTS = ["send"] * 3 + ["pass_time"] * 3 + ["schedule", "run"] * 2
ACTS += ["answer", "answer_elsewhere", "cancel", "follow_up"]
acts = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sets(st.sampled_from(NAMES), min_size=1),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=10,
)


@tagged("post_install", "-at_install")
class TestAskingSequences(AskingCase):
    """Random acts of users and recipients: nobody is asked twice within six months, or
    once they have answered; what they answer another company does not count."""

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(acts)
    def test_nobody_is_asked_twice_within_six_months(self, acts):
        with (
            self._undone(),
            freeze_time(self.clock) as self.time,
            mute_logger(NOTICE, DELIVERY),
        ):
            self._start_again()
            self._play(acts)

    def _play(self, acts):
        self.mailings = self.env["mailjet.mailing"].with_user(self.user)
        self.asked = {name: [] for name in NAMES}
        self.counts, self.answered = {}, set()
        self.other = self._make_stranger().company_id
        for act, names, number in acts:
            with suppress(UserError):
                getattr(self, f"_do_{act}")(sorted(names), number)
            self._note_asked()
        for _run in range(8):
            self._do_run()
        for mailing in self.mailings:
            self.assertCountsAddUp(mailing)

    def _note_asked(self):
        """Check who was asked since the last look."""
        counts = self._get_askings()
        for name, count in counts.items():
            new = count - self.counts.get(name, 0)
            self.assertLessEqual(new, 1, name)
            if new:
                self.assertNotIn(name, self.answered)
                for date in self.asked[name]:
                    self.assertGreaterEqual(self.clock, date + relativedelta(months=6))
                self.asked[name].append(self.clock - timedelta(minutes=1))
        self.counts = counts
        for mailing in self.mailings:
            reasons = self._reasons(mailing).items()
            answered = {name for name, reason in reasons if reason == "answered"}
            self.assertLessEqual(answered, self.answered)

    def _make(self, names):
        people = self.people.filtered(
            lambda person: person.email_normalized.split("@")[0] in names
        )
        mailing = self._make_asking(people)
        self.mailings |= mailing
        return mailing

    def _pass(self, **delta):
        self.clock += timedelta(**delta)
        self.time.move_to(self.clock)

    # === ACTS === #

    def _do_send(self, names, _number):
        self._make(names).action_send()
        self._do_run()

    def _do_schedule(self, names, number):
        """Schedule it, later so far ahead that it is left to Mailjet."""
        date = fields.Datetime.now() + timedelta(minutes=2 + 5 * number)
        self._make(names).action_schedule(date)

    def _do_run(self, *_values):
        held = self.mailings.sudo().mailjet_campaign_ids.mapped("mailjet_schedule_date")
        self._pass(minutes=1)
        if any(date and date <= self.clock for date in held):
            self.mailjet.strike()
            self._note_asked()
        self._run_cron()
        self._note_asked()

    def _do_pass_time(self, _names, number):
        for _run in range(3):
            self._do_run()
        self._pass(days=DAYS[number])

    def _do_answer(self, names, number):
        self._choose(("granted", "refused")[number % 2], *names)
        self.answered |= set(names)
        self._do_run()

    def _do_answer_elsewhere(self, names, number):
        self._choose(("granted", "refused")[number % 2], *names, company=self.other)
        self._do_run()

    def _do_cancel(self, _names, number):
        if self.mailings:
            self.mailings[number % len(self.mailings)].action_cancel()

    def _do_follow_up(self, _names, number):
        if self.mailings:
            mailing = self.mailings[number % len(self.mailings)]
            mailing.action_send_to_remaining()
            self.mailings |= self.mailings.search([("origin_id", "=", mailing.id)])
            self.mailings[-1:].action_send()
