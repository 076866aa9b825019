from .common import MailjetCase

FLAWLESS = {
    "subject": "Our news of the autumn",
    "preview": "Three lamps and an invitation",
    "body_code": "<p>Dear $contacts-firstname|reader$, welcome.</p>",
}


class CheckMailingCase(MailjetCase):
    """A mailing without a flaw, and what its checks find once it has some."""

    def _make(self, **values):
        return self._make_mailing(self.people, **{**FLAWLESS, **values})

    def _codes(self, mailing):
        """Return the findings as ``{name: level}``."""
        found = mailing.get_checks()["findings"]
        return {finding["name"]: finding["level"] for finding in found}

    def _finding(self, mailing, name):
        found = mailing.get_checks()["findings"]
        return next(finding for finding in found if finding["name"] == name)

    def _acknowledge(self, mailing):
        """Acknowledge whatever can be."""
        for finding in mailing.get_checks()["findings"]:
            mailing.acknowledge_check(finding["name"], finding["fingerprint"])

    def _test(self, mailing):
        """Send a test of the mailing."""
        wizard = self.env["mailjet.mailing.test"].create(
            {"mailing_id": mailing.id, "email_to": "one@example.com"}
        )
        wizard.action_send()
