import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

ACTIVITY = "massmailing_mailjet.mail_activity_type_delivery"


class MailjetDeliveryNotice(models.AbstractModel):
    """How the responsible learns that a mailing waits for a person: in the chatter, and
    by one activity that goes away with its cause."""

    _name = "mailjet.delivery.notice"
    _description = "Mass mailing delivery notice"

    @api.model
    def _tell(self, mailing, message, todo):
        """Say what happened and what to do.

        :param str message: translated, what happened
        :param str todo: translated, what to do about it
        """
        _logger.warning("Mailing %s waits for a person: %s", mailing.id, message)
        responsible = mailing.user_id or mailing.create_uid
        mailing.message_post(body=message, partner_ids=responsible.partner_id.ids)
        self._settle(mailing)
        # The message above is the only one to be sent as an e-mail.
        mailing.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY, summary=message, note=todo, user_id=responsible.id
        )

    @api.model
    def _settle(self, mailing):
        """Take the activity away, since the mailing goes on or is given up."""
        mailing.activity_unlink([ACTIVITY])
