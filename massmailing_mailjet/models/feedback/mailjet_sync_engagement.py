import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import MailjetAuthError, MailjetNotFoundError, MailjetRefusedError
from ...tools.webhook_events import read_objects

_logger = logging.getLogger(__name__)

# How far back events are fetched again: Mailjet's statistics come late. Duplicates are
# stored once.
OVERLAP = timedelta(days=1)


class MailjetSyncEngagement(models.AbstractModel):
    """Fetches every opening and click of a campaign from Mailjet if no webhook reports
    them: they become events like those of webhooks, and are applied with them.

    Mailjet only names the message; its address is known once it was listed.
    """

    _name = "mailjet.sync.engagement"
    _description = "Mailjet openings and clicks"

    @api.model
    def _is_needed(self, campaign):
        """Return whether no webhook has reported anything since a campaign was sent
        that is measured."""
        if campaign.is_unmeasured:
            return False
        last = campaign.account_id.last_event_date
        return not last or last < campaign.sent_date

    @api.model
    def _note_messages(self, campaign, messages):
        """Store which message was sent to whom.

        :param messages: Mailjet's rows, with ``ID`` and ``ContactAlt``
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient r SET mailjet_message_id = t.message_id
                  FROM unnest(%s::text[], %s::text[]) AS t (message_id, email)
                 WHERE r.mailing_id = %s AND r.email_normalized = t.email
                   AND r.status <> 'pending' AND t.message_id <> ''
                   AND r.mailjet_message_id IS DISTINCT FROM t.message_id
                """,
                [str(message.get("ID") or "") for message in messages],
                [(message.get("ContactAlt") or "").lower() for message in messages],
                campaign.mailing_id.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["mailjet_message_id"])

    @api.model
    def _fetch(self, campaign, ask, offset):
        """Fetch one page of openings or clicks and return how many it held, and whether
        there may be more.

        :param ask: the client's method that fetches them
        """
        since = (campaign.synchronized_date or campaign.sent_date) - OVERLAP
        try:
            events, has_more = ask(campaign.mailjet_campaign_id, since, offset)
        except (MailjetAuthError, MailjetNotFoundError, MailjetRefusedError) as error:
            # The messages tell who opened and clicked, but not how often and when.
            _logger.info("Campaign %s: no openings and clicks: %s", campaign.id, error)
            return 0, False
        self._receive(campaign, events)
        return len(events), has_more

    @api.model
    def _receive(self, campaign, events):
        """Store the events of known messages, and apply them."""
        account, now = campaign.account_id, fields.Datetime.now()
        emails = self._find_emails(
            campaign, [str(event["MessageID"]) for event in events]
        )
        objects = [
            {
                **event,
                "email": emails[str(event["MessageID"])],
                "customcampaign": f"mj.nl={campaign.mailjet_draft_id}",
            }
            for event in events
            if str(event["MessageID"]) in emails
        ]
        if objects:
            Event = self.env["mailjet.event"]
            Event._store(account, read_objects(objects, now, account.id), now, True)
            self.env["mailjet.feedback"]._apply(account)

    @api.model
    def _find_emails(self, campaign, message_ids):
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT mailjet_message_id, email_normalized FROM mailjet_recipient
                     WHERE mailing_id = %s AND mailjet_message_id = ANY(%s)
                    """,
                    campaign.mailing_id.id,
                    message_ids,
                )
            )
        )
