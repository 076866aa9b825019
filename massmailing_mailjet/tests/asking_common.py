from freezegun import freeze_time

from .unmeasured_common import UnmeasuredCase

KINDS = ("open", "click")


class AskingCase(UnmeasuredCase):
    """Mailings that ask for permission to measure, and an account for them."""

    def setUp(self):
        super().setUp()
        self._pair()
        self.env.company.mailjet_measuring_rule = "consent"

    def _start_again(self):
        """Let Mailjet know nothing but both keys."""
        self.mailjet.reset()
        self._set_quiet_key()

    def _make_asking(self, records=None, user=None):
        """Return a ready-made mailing that asks, with the contacts loaded."""
        Mailing = self.env["mailjet.mailing"].with_user(user or self.user)
        action = Mailing._make_ready_mailing("measuring", account_id=self.account.id)
        mailing = Mailing.browse(action["res_id"])
        if records:
            domain = str([("id", "in", records.ids)])
            mailing.action_load_domain(domain, kind="contact")
        return mailing

    def _send_at_once(self, mailing):
        """Send a mailing now, by the clock of the test."""
        with freeze_time(self.clock):
            mailing.action_send()
        for _run in range(4):
            self._run_later(minutes=1)

    def _enter(self, mailing):
        """Look at the recipients of a mailing again, by the clock of the test."""
        with freeze_time(self.clock):
            mailing.action_go_to_step("details")
            mailing.action_go_to_step("recipients")

    def _answer(self, choice, name, kinds=KINDS, company=None):
        proof = {"text_id": self.store._get_text(self.env.company).id}
        choices = dict.fromkeys(kinds, choice)
        with freeze_time(self.clock):
            self.store._choose(
                company or self.env.company,
                [f"{name}@example.com"],
                choices,
                "recipient",
                proof,
            )

    def _reasons(self, mailing):
        """Return the verdicts of a mailing by the first names of its recipients."""
        self.env.invalidate_all()
        found = self._rows(mailing)
        return {email.lower().split("@")[0]: found[email] for email in found}

    def _get_askings(self):
        """Return how often each address got a mailing from the account without
        tracking."""
        names = [
            row["email"].lower().split("@")[0]
            for row in self.mailjet.rows(
                "SELECT email FROM message JOIN apikey ON apikey.id = message.key_id"
                " WHERE public = 'quiet'"
            )
        ]
        return {name: names.count(name) for name in names}
