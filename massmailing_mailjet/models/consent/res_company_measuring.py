from odoo import fields, models
from odoo.tools import SQL

from .const import CONSENT_COUNTRIES, MEASURING_RULES


class ResCompany(models.Model):
    """Whom a company measures, and what becomes of the choices once it is deleted."""

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

    def unlink(self):
        """End the permissions to measure that were given to the companies: no other one
        may use them. Refusals stay in force, from now on for every company."""
        self.check_access("unlink")
        now = fields.Datetime.now()
        self.env["mailjet.measuring"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_measuring
                   SET ended_date = CASE choice WHEN 'granted' THEN %s::timestamp END,
                       write_date = %s
                 WHERE company_id = ANY(%s) AND ended_date IS NULL
                """,
                now,
                now,
                self.ids,
            )
        )
        result = super().unlink()
        self.env["mailjet.measuring"].invalidate_model()
        return result

    def _get_mailjet_measuring_rule(self):
        """Return the rule of the company: the one it has chosen, or that of its
        country."""
        self.ensure_one()
        is_strict = self.country_id.code in CONSENT_COUNTRIES
        return self.mailjet_measuring_rule or (
            "consent" if is_strict else "unless_refused"
        )
