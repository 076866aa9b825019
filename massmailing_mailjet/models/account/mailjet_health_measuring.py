from odoo import api, models


class MailjetHealthSetup(models.AbstractModel):
    """Asks whose openings and clicks the company measures."""

    _inherit = "mailjet.health.setup"

    @api.model
    def _check_measuring_rule(self, account):
        title = self.env._("Openings and clicks")
        company = account.company_id or self.env.company
        sentence = self._explain_measuring_rule(company._get_mailjet_measuring_rule())
        is_administrator = self.env.user.has_group("base.group_system")
        if company.mailjet_measuring_rule:
            label = self.env._("Change")
            button = is_administrator and self._open_settings(label)
            return self._card(title, "ok", sentence, button)
        question = self.env._(
            "Nobody has chosen yet. Until then, this is the rule for the company's "
            "country: %s",
            sentence,
        )
        label = self.env._("Choose")
        button = is_administrator and self._open_settings(label)
        return self._card(title, "unknown", question, button)

    @api.model
    def _explain_measuring_rule(self, rule):
        return {
            "all": self.env._(
                "Everyone who has not refused is measured, in every country."
            ),
            "unless_refused": self.env._(
                "Everyone who has not refused is measured; recipients in France and "
                "Italy only with their consent, which the law asks for there."
            ),
            "consent": self.env._("Only recipients who have agreed are measured."),
        }[rule]

    @api.model
    def _open_settings(self, label):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "massmailing_mailjet.res_config_settings_action"
        )
        return {"label": label, "action": action}
