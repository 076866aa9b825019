from .common import DeliveryCase

QUIET = ("quiet", "quiet secret")


class UnmeasuredCase(DeliveryCase):
    """A second account whose tracking is off at Mailjet, for those who may not be
    measured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quiet = cls.env["mailjet.account"].create(
            {
                "name": "Quiet account",
                "api_key": QUIET[0],
                "api_secret": QUIET[1],
                "sequence": 9,
                "measures": "off",
            }
        )
        cls.env["mailjet.sender"].create(
            {
                **cls._sender_values("news@example.com"),
                "account_id": cls.quiet.id,
            }
        )
        cls.store = cls.env["mailjet.measuring"]

    def setUp(self):
        super().setUp()
        self.env.company.mailjet_measuring_rule = "unless_refused"
        self._set_quiet_key()

    def _set_quiet_key(self):
        """Let Mailjet know the second key."""
        self.mailjet.set_key(
            public=QUIET[0], secret=QUIET[1], open_tracked=0, click_tracked=0
        )
        self.mailjet.add_sender("news@example.com", key=QUIET)

    def _pair(self):
        self.account.unmeasured_account_id = self.quiet

    def _choose(self, choice, *names, company=None):
        company = company or self.env.company
        proof = {"text_id": self.store._get_text(self.env.company).id}
        emails = [f"{name}@example.com" for name in names]
        choices = {"open": choice, "click": choice}
        self.store._choose(company, emails, choices, "recipient", proof)

    def _send_all(self, mailing):
        """Send a mailing; return its campaigns."""
        mailing.action_send()
        for _run in range(4):
            self._run_later(minutes=1)
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")

    def _get_keys(self):
        """Return the addresses that each key has sent to."""
        rows = self.mailjet.rows(
            "SELECT public, email FROM message"
            " JOIN apikey ON apikey.id = message.key_id"
        )
        return {
            key: {row["email"].split("@")[0] for row in rows if row["public"] == key}
            for key in {row["public"] for row in rows}
        }
