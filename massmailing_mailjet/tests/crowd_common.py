from datetime import timedelta

from .common import DeliveryCase


class CrowdCase(DeliveryCase):
    """Mailings to many people, whose campaigns are sent one after the other."""

    CROWD = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.emails = [f"p{number}@example.com" for number in range(cls.CROWD)]
        cls.crowd = cls.env["res.partner"].create(
            [{"name": email.partition("@")[0], "email": email} for email in cls.emails]
        )

    def _start(self, mailing):
        """Send a mailing as far as it gets by itself; return its campaigns."""
        mailing.action_send()
        self._go_on()
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")

    def _prepare(self, mailing):
        """Schedule a mailing for tomorrow, and let it be prepared; return its
        campaigns."""
        mailing.action_schedule(self.clock + timedelta(days=1))
        self._run_later(hours=23, minutes=50)
        self._go_on()
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")

    def _go_on(self):
        for _run in range(4):
            self._run_later(minutes=1)

    def _get_sent(self):
        return sorted(email for group in self.mailjet.sent for email in group)
