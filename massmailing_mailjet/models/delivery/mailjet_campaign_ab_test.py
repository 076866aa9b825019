from odoo import fields, models

from ..composition.mailjet_version import LETTERS
from .outcome import AGAIN


class MailjetCampaign(models.Model):
    """A campaign of an A/B test: of one of the versions, or to those who get the
    winner. The latter is prepared once that is known."""

    _inherit = "mailjet.campaign"

    letter = fields.Selection([("a", "A"), *LETTERS], string="Version of the test")
    awaits_winner = fields.Boolean(string="Waiting for the result of the A/B test")

    def _is_late(self):
        return not self.awaits_winner and super()._is_late()

    def _await_turn(self):
        if not self.awaits_winner:
            return super()._await_turn()
        return self.write({"state": "in_queue", "next_action_date": False})

    def _delivery_step_list(self, client):
        """Conclude the test first, since the time for that has come."""
        if not self.awaits_winner:
            return super()._delivery_step_list(client)
        self.mailing_id._conclude_test()
        return AGAIN

    def _send_version(self, version):
        """Send the campaign with a version, as soon as the cron runs."""
        self.write(
            {
                "awaits_winner": False,
                "version_id": version.id,
                "schedule_date": False,
            }
        )
        self._thaw_message()
        self._freeze_message()
        self._set_next_action(fields.Datetime.now())

    def _get_actions(self):
        actions = super()._get_actions()
        return ["cancel"] if actions and self.awaits_winner else actions

    def _get_state_label(self):
        if self.awaits_winner and not self._is_stopping():
            return self._fields["awaits_winner"]._description_string(self.env)
        return super()._get_state_label()
