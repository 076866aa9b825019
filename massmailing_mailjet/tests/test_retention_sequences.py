from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .retention_common import ANN, BOB, CAT, RetentionCase

EMAILS = (ANN, BOB, CAT)
WHO = st.sampled_from(EMAILS)
ACTS = st.one_of(
    st.tuples(st.sampled_from(("contact", "answer", "leave", "come back")), WHO),
    st.tuples(st.sampled_from(("ask", "send", "confirm", "archive")), st.none()),
    st.tuples(st.just("wait"), st.sampled_from((1, 31, 400, 1200))),
)


@tagged("post_install", "-at_install")
class TestRetentionSequences(RetentionCase):
    """Whatever happens, in whatever order: nobody with a contact within the time is
    archived, and nobody is asked twice without a contact in between."""

    def setUp(self):
        super().setUp()
        self.start = self.clock

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(acts=st.lists(ACTS, min_size=4, max_size=14))
    def test_random_acts(self, acts):
        with self._undone():
            self.mailjet.reset()
            self.clock = self.start
            self.contacts = dict.fromkeys(EMAILS)
            self.asked = {}
            self.mailings = []
            for act, value in acts:
                self._do(act, value)
                with self._pass_time(minutes=5):
                    self._search()
                self._check()

    def _do(self, act, value):
        with self._pass_time(minutes=5), suppress(UserError):
            if act == "wait":
                self.clock += timedelta(days=value)
            elif act == "ask":
                self.mailings.append(self._ask())
            elif act == "send" and self.mailings:
                self._send_last()
            elif act == "confirm":
                self._confirm(self.store.search([]))
            elif act == "archive":
                self._run_archive()
            elif value and self._get_contact(value).active:
                self._touch(act, value)

    def _get_contact(self, email):
        return self.people.filtered(lambda r: r.email_normalized == email)

    def _send_last(self):
        mailing = self.mailings.pop()
        count = len(self.mailjet.sent)
        mailing.action_send()
        self._run_cron()
        for email in {
            email for emails in self.mailjet.sent[count:] for email in emails
        }:
            since = self.contacts[email]
            before = self.asked.get((email, since))
            self.assertIn(before, (None, mailing), "asked twice")
            self.asked[email, since] = mailing

    def _touch(self, act, email):
        """Let somebody be in touch, or unsubscribe, which is no contact."""
        store = self.env["mailjet.consent"]
        if act == "leave":
            opt_out = {"email": email, "cause": "unsubscribed", "date": self.clock}
            store._opt_out([opt_out], "program")
        elif act == "come back":
            store.with_user(self.manager)._opt_in([email])
        elif act == "contact":
            self._age(self._make_lead(email), self.clock)
            self.contacts[email] = self.clock
        elif self._find(email).mailing_id and self._find_row(email):
            self._answer(email, keep="1")
            self.contacts[email] = self._find(email).kept_date or self.contacts[email]

    def _find_row(self, email):
        return self.env["mailjet.recipient"].search(
            [("email_normalized", "=", email)], limit=1
        )

    def _check(self):
        recent = self.store._get_limit(self.company)
        for email, date in self.contacts.items():
            if date and date > recent:
                self.assertTrue(self._get_contact(email).active, email)
