from odoo import fields, models

from .const import CONSENT_COUNTRIES, MEASURING_RULES


class ResCompany(models.Model):
    """Whom a company measures."""

    _inherit = "res.company"

    mailjet_measuring_rule = fields.Selection(
        MEASURING_RULES,
        string="Openings and clicks",
        help="Measure everyone: all recipients who have not refused, in every "
        "country. Measure unless refused: the same, but recipients in France and Italy "
        "only with their consent. Measure only with consent: only recipients who have "
        "agreed. If empty, only with consent for companies in France and Italy, unless "
        "refused elsewhere.",
    )

    def _get_mailjet_measuring_rule(self):
        """Return the rule of the company: the one it has chosen, or that of its
        country."""
        self.ensure_one()
        is_strict = self.country_id.code in CONSENT_COUNTRIES
        return self.mailjet_measuring_rule or (
            "consent" if is_strict else "unless_refused"
        )
