from odoo import api, models


class MailjetHealthOperation(models.AbstractModel):
    """Checks that Mailjet tracks what an account sends as wanted."""

    _inherit = "mailjet.health.operation"

    @api.model
    def _check_tracking(self, account):
        title = self.env._("Tracking at Mailjet")
        fault = account.tracking_fault
        if fault:
            label = {
                "tracked": self.env._("Tracking is off now"),
                "untracked": self.env._("Tracking is on now"),
            }[fault]
            button = self._button(label, "action_confirm_tracking")
            return self._card(title, "broken", self._explain_tracking(fault), button)
        if account.measures == "on":
            return None
        if not account.tracking_date:
            sentence = self.env._(
                "Tracking should be off at Mailjet. The first campaign will show "
                "whether it is."
            )
            return self._card(title, "unknown", sentence)
        sentence = self.env._(
            "The campaign of %s was sent without tracking, as it should be.",
            self._date(account.tracking_date),
        )
        return self._card(title, "ok", sentence)

    @api.model
    def _explain_tracking(self, fault):
        if fault == "tracked":
            return self.env._(
                "Mailjet tracked the last campaign although tracking should be off: "
                "Odoo keeps nothing of it, but no further campaign is sent to those "
                "who may not be measured. Switch the tracking of openings and clicks "
                "off in the account settings at Mailjet."
            )
        return self.env._(
            "Mailjet did not track the last campaign: its openings or clicks are not "
            "known. Switch tracking on in the account settings at Mailjet, or say on "
            "the account that it is off."
        )
