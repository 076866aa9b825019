import json
from datetime import datetime, timedelta

from ..models.recipients.counts import (
    CAMPAIGN_COUNTS,
    COUNT_DOMAINS,
    RESULT_COUNTS,
)
from .common import MailjetCase

DRAFT = 8_200_000_123
SENT_AT = datetime(2026, 3, 2, 8, 0)
TRACE = (
    "status delivered_date opened_date last_opened_date open_count machine_open_count "
    "clicked_date last_clicked_date click_count bounced_date bounce_type bounce_reason "
    "blocked_date complained_date unsubscribed_date"
).split()
APPLE = "Mozilla/5.0"

# An event of each kind, without its time.
KINDS = {
    "sent": {"event": "sent"},
    "open": {"event": "open", "agent": "Thunderbird"},
    "machine": {"event": "open", "agent": APPLE},
    "click": {"event": "click", "url": "https://example.com/a"},
    "other click": {"event": "click", "url": "https://example.com/b"},
    "scan": {"event": "click", "url": "https://example.com/a", "agent": "Mimecast"},
    "hard": {"event": "bounce", "hard_bounce": True, "error": "user unknown"},
    "soft": {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"},
    "blocked": {"event": "blocked", "error": "preblocked"},
    "spam": {"event": "spam", "source": "JMRPP"},
    "unsub": {"event": "unsub", "mj_list_id": 7},
}


class FeedbackCase(MailjetCase):
    """A mailing that was sent to three contacts."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people).sudo()
        self.campaign = self._make_campaign(
            self.mailing,
            mailjet_draft_id=str(DRAFT),
            mailjet_campaign_id="7657476099",
            state="done",
            delivery_step=False,
            send_requested_date=SENT_AT,
            sent_date=SENT_AT,
        )
        self._recipients().write({"status": "sent"})
        self.mailing._update_counts()

    def _recipients(self):
        return (
            self.env["mailjet.recipient"]
            .sudo()
            .search([("mailing_id", "=", self.mailing.id)])
        )

    def _event(self, kind, email="ann@example.com", minutes=1, **values):
        """Return an event as Mailjet posts it."""
        time = SENT_AT + timedelta(minutes=minutes)
        return {
            "time": int((time - datetime(1970, 1, 1)).total_seconds()),
            "MessageID": 95_420_017_985_181_303,
            "Message_GUID": "606434fb-5cf2-4ee8-adaf-fd8dcf60890a",
            "email": email,
            "mj_campaign_id": 7_657_476_099,
            "mj_contact_id": 5_754_145_803,
            "customcampaign": f"mj.nl={DRAFT}",
            "CustomID": "",
            "Payload": "",
            **KINDS[kind],
            **values,
        }

    def _receive(self, *events):
        """Let Mailjet post one group of events."""
        self._post(json.dumps(events).encode())

    def _post(self, body):
        self.env["mailjet.event"].sudo()._receive(self.account.sudo(), body)

    def _apply(self):
        self.env["mailjet.feedback"].sudo()._apply(self.account)
        self.env.invalidate_all()

    def _tell(self, *events):
        """Let Mailjet post events and have them applied."""
        self._receive(*events)
        self._apply()

    def _read_trace(self):
        """Return all that is known of the mailing, without what only tells the order
        in which it came."""
        rows = self._recipients().sorted("email").read([*TRACE], load=None)
        clicks = self.env["mailjet.click"].search(
            [("mailing_id", "=", self.mailing.id)]
        )
        return (
            [{name: row[name] for name in TRACE} for row in rows],
            sorted(
                (
                    click.recipient_id.email,
                    click.link_id.url,
                    click.clicked_date,
                    click.click_count,
                )
                for click in clicks
            ),
            sorted(
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            ),
            {name: self.mailing[name] for name in RESULT_COUNTS},
        )

    def assertFiguresAreRight(self):
        """Check the figures of the mailing and its parts against a count of rows."""
        for name in RESULT_COUNTS:
            rows = self.env["mailjet.recipient"].search(
                [("mailing_id", "=", self.mailing.id), *COUNT_DOMAINS[name]]
            )
            self.assertEqual(self.mailing[name], len(rows), name)
        for part in self.mailing.mailjet_campaign_ids.filtered("is_part"):
            for name in CAMPAIGN_COUNTS:
                rows = self.env["mailjet.recipient"].search(
                    [("campaign_id", "=", part.id), *COUNT_DOMAINS[name]]
                )
                self.assertEqual(part[name], len(rows), (part.name, name))
