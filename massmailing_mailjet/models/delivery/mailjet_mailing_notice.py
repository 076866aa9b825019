import logging

from odoo import models

_logger = logging.getLogger(__name__)

ACTIVITY = "massmailing_mailjet.mail_activity_type_delivery"


class MailjetMailing(models.Model):
    """How the responsible learns that action is needed: in the chatter, and by one
    activity that is removed when the cause is gone."""

    _inherit = "mailjet.mailing"

    def _notify_responsible(self, message, todo):
        """Report what happened and what to do.

        :param str message: translated, what happened
        :param str todo: translated, what to do about it
        """
        _logger.warning("Mailing %s waits for a person: %s", self.id, message)
        responsible = self.user_id or self.create_uid
        self.message_post(body=message, partner_ids=responsible.partner_id.ids)
        self._settle_notice()
        # Only the message above is sent as an email.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY, summary=message, note=todo, user_id=responsible.id
        )

    def _settle_notice(self):
        """Remove the activity, since the mailing goes on or is abandoned."""
        self.activity_unlink([ACTIVITY])
