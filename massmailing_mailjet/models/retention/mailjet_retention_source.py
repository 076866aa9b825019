from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailjetSourceMixin(models.AbstractModel):
    """Finds the records of the prospects that a mailing asks, as the condition of its
    loads."""

    _inherit = "mailjet.source.mixin"

    massmailing_asking_mailing_id = fields.Many2one(
        "mailjet.mailing",
        string="Asked to stay in touch by",
        store=False,
        search="_search_massmailing_asking_mailing_id",
        groups="massmailing_mailjet.mailjet_group_user",
    )

    def _search_massmailing_asking_mailing_id(self, operator, values):
        if operator != "in":
            return NotImplemented
        mailings = self.env["mailjet.mailing"].with_context(active_test=False)
        ids = mailings.search([("id", "in", [each for each in values if each])]).ids
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                """
                %s IN (SELECT t.email FROM mailjet_retention t
                        WHERE t.mailing_id = ANY(%s))
                """,
                SQL.identifier(alias, "email_normalized"),
                ids,
            )
        )
