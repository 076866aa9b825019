from odoo import models


class MailjetCampaign(models.Model):
    """A campaign that is tried before others are sent: with one version of an A/B test,
    or to a first share."""

    _inherit = "mailjet.campaign"

    def _is_tried(self):
        return bool(self.letter or self.is_canary)

    def _awaits_result(self):
        """Return whether the campaign waits for the result of what is tried."""
        return self.awaits_winner or self.awaits_decision

    def _get_stop_order(self):
        """Return the campaigns in the order in which they are stopped: those first that
        wait for others, since nobody has to decide on them then."""
        return self.sorted(lambda campaign: not campaign._awaits_result())

    def _drop(self):
        mailing, was_tried = self.mailing_id, self._is_tried()
        result = super()._drop()
        if was_tried and mailing._get_undecided():
            mailing._ask_for_decision()
        return result
