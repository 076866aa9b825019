from odoo import models


class MailjetMailing(models.Model):
    """A mailing of which some is tried first, so that its result decides on the others,
    or a person does."""

    _inherit = "mailjet.mailing"

    def _get_undecided(self):
        """Return the campaigns that only a person sends now: a limit was passed, the
        responsible was asked to choose the winner, or all that was to be tried is
        canceled, so that there is no result."""
        campaigns = self.mailjet_campaign_ids
        is_tried = any(campaign._is_tried() for campaign in campaigns)
        if is_tried and not (self.canary_excess or self.ab_asked_date):
            return campaigns.browse()
        return campaigns.filtered(
            lambda campaign: campaign._awaits_result() and not campaign._is_stopping()
        )

    def _ask_for_decision(self):
        """Tell the responsible that what was to be tried is canceled."""
        self._notify_responsible(
            self.env._(
                "What was to be sent first is canceled: the others wait, since there "
                "is no result."
            ),
            self.env._("Open the mailing, and send it to the others or cancel it."),
        )
