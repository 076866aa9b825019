from datetime import datetime

from freezegun import freeze_time

from .common import DeliveryCase

# A Monday, at the beginning of a month without a change of the clocks.
MONDAY = datetime(2027, 2, 1, 8)


class PortionCase(DeliveryCase):
    """Mailings to three people that are sent in portions of one email a day, at nine in
    UTC, beginning on a Monday at eight."""

    def setUp(self):
        super().setUp()
        self.user.tz = "UTC"
        self.env.company.partner_id.tz = "UTC"
        self.clock = MONDAY

    def _get_present(self):
        return self.clock

    def _make_portions(self, records=None, **values):
        return self._make_mailing(
            records or self.people,
            **{
                "send_mode": "portions",
                "portion_size": 1,
                "portion_working_days": False,
                **values,
            },
        )

    def _start(self, mailing, date=None):
        """Send a mailing now or at a date, as far as it gets; return its campaigns."""
        with freeze_time(self.clock):
            if date:
                mailing.action_schedule(date)
            else:
                mailing.action_send()
        self._go_on()
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")

    def _go_on(self):
        for _run in range(3):
            self._run_later(minutes=1)

    def _come(self, *moment):
        """Let it become that date, after Mailjet has sent what it holds."""
        date = datetime(*moment)
        self._run_later()
        while self.clock < date:
            soon = min(
                [
                    row.next_action_date
                    for row in self.env["mailjet.campaign"].search([])
                    if row.next_action_date and row.next_action_date > self.clock
                ],
                default=date,
            )
            self.clock = min(soon, date)
            if self._find_struck():
                self._strike()
            self._run_later()
        self._go_on()

    def _find_struck(self):
        """Return the campaigns that Mailjet holds for a time that has come."""
        return self.env["mailjet.campaign"].search(
            [("mailjet_schedule_date", "<=", self.clock), ("state", "=", "preparing")]
        )

    def _act(self, campaign, action, *arguments):
        """Do something with a campaign, as the user."""
        with freeze_time(self.clock):
            return getattr(campaign.with_user(self.user), f"action_{action}")(
                *arguments
            )
