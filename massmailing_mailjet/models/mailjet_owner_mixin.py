from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import RECORD_SOURCES


class MailjetOwnerMixin(models.AbstractModel):
    """Tells which companies know an address, on rows that only have an account and an
    address: companies that share an account do not see each other's people.

    The model has a normalized ``email``.
    """

    _name = "mailjet.owner.mixin"
    _description = "Companies an address belongs to"

    owner_ids = fields.Many2many(
        "res.company",
        string="Companies that know the address",
        compute="_compute_owner_ids",
        compute_sudo=True,
        search="_search_owner_ids",
        help="Companies that have a contact, an account, a lead or a recipient with "
        "this address.",
    )

    def _compute_owner_ids(self):
        everybody = self.env["res.company"].search(Domain.TRUE)
        owners = self._get_owners()
        for row in self:
            found = owners[row.email]
            row.owner_ids = (
                everybody if None in found else everybody.browse(sorted(found))
            )

    def _get_owners(self):
        """Return the ids of the companies by address; None stands for all of them."""
        owners = defaultdict(set)
        for email, company_id in self.env.execute_query(
            SQL(
                """
                SELECT a.email, o.company_id FROM unnest(%s::text[]) AS a (email)
                 CROSS JOIN LATERAL (%s) AS o
                """,
                self.mapped("email"),
                self._owners(SQL.identifier("a")),
            )
        ):
            owners[email].add(company_id)
        return owners

    @api.model
    def _search_owner_ids(self, operator, values):
        if operator != "in":
            return NotImplemented
        ids = [value for value in values if value]
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                """
                EXISTS (SELECT FROM (%s) AS o
                         WHERE o.company_id IS NULL OR o.company_id = ANY(%s))
                """,
                self._owners(SQL.identifier(alias)),
                ids,
            )
        )

    @api.model
    def _owners(self, alias):
        """Return the query of the companies that know the address of the row ``alias``;
        NULL stands for all of them."""
        return SQL(
            """
            %(records)s
         UNION ALL
            SELECT m.company_id FROM mailjet_recipient r
              JOIN mailjet_mailing m ON m.id = r.mailing_id
             WHERE r.email_normalized = %(alias)s.email
            """,
            alias=alias,
            records=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT company_id FROM %s WHERE email_normalized = %s.email",
                    SQL.identifier(self.env[model]._table),
                    alias,
                )
                for model in RECORD_SOURCES
            ),
        )
