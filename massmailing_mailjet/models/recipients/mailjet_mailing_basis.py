from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.role_addresses import ROLE_NAMES
from .mailjet_check_recipients import CHECKS


class MailjetMailing(models.Model):
    """The rows to send that are role addresses, and those without a legal basis. Of
    many rows, the counts are kept for a while."""

    _inherit = "mailjet.mailing"

    basis_counts = fields.Json(
        readonly=True, copy=False, export_string_translation=False
    )

    def _forget_counts(self):
        self.sudo().basis_counts = False
        return super()._forget_counts()

    def _count_basis(self, is_brief=False):
        """Return how many rows to send each finding names, by its code.

        :param bool is_brief: of many rows, return what was counted last, if anything
        """
        if not self.planned_count:
            return {}
        counts = self._keep_counts(
            "basis_counts", self._get_basis_key(), self._count_basis_rows, is_brief
        )
        return counts or {}

    def _get_basis_key(self):
        """Return what the counts depend on, besides the rows."""
        return [
            self.planned_count,
            self.company_id._is_in_europe(),
            *self._get_based_loads(),
        ]

    def _count_basis_rows(self):
        self.env.flush_all()
        columns = [
            SQL("count(*) FILTER (WHERE %s) AS %s", condition, SQL.identifier(code))
            for code, condition in self._get_basis_conditions("r").items()
        ]
        [counts] = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM mailjet_recipient r"
                " WHERE r.mailing_id = %s AND r.verdict = 'send'",
                SQL(", ").join(columns),
                self.id,
            )
        )
        return counts

    # === THE ROWS === #

    def _get_basis_conditions(self, alias):
        """Return the SQL of which rows each finding names, by its code.

        :param str alias: of the table of recipients
        """
        conditions = {"role_addresses": _is_role(alias)}
        if self.company_id._is_in_europe():
            conditions["no_basis"] = self._has_no_basis(alias)
        return conditions

    def _has_no_basis(self, alias):
        """Return the SQL of whether a row is of a person who has not signed up, and
        none of the loads that have found it states a legal basis. The sets are made
        once, not for each row."""
        return SQL(
            """
            (%(is_role)s IS NOT TRUE AND (%(row)s.load_id = ANY(%(based)s)) IS NOT TRUE
             AND (%(row)s.id IN (SELECT o.recipient_id FROM mailjet_recipient_overlap o
                                  WHERE o.load_id = ANY(%(based)s))) IS NOT TRUE
             AND (%(row)s.email_normalized IN (%(signed_up)s)) IS NOT TRUE)
            """,
            is_role=_is_role(alias),
            row=SQL.identifier(alias),
            based=self._get_based_loads(),
            signed_up=self.env["mailjet.signup"]._find_signed_up(self.company_id),
        )

    def _get_based_loads(self):
        """Return the ids of the loads that state a legal basis."""
        loads = self.sudo().load_ids
        return sorted(r.id for r in loads if r.legal_basis not in (False, "none"))

    def _find_basis_rows(self, code):
        """Return the domain of the rows to send that a finding names."""

        def to_sql(_model, alias, _query):
            return self._get_basis_conditions(alias).get(code, SQL("FALSE"))

        rows = Domain([("mailing_id", "=", self.id), ("verdict", "=", "send")])
        return rows & Domain.custom(to_sql=to_sql)

    # === THE LIST OF CHECKS === #

    def _get_check_places(self):
        return super()._get_check_places() | dict.fromkeys(CHECKS, "rows")

    def _open_finding_rows(self, name):
        names = {
            "role_addresses": self.env._("Role addresses"),
            "no_basis": self.env._("Without a legal basis"),
        }
        if name not in names:
            return super()._open_finding_rows(name)
        domain = [("finding", "=", f"{self.id} {name}")]
        return self._get_rows_action(names[name], domain)


def _is_role(alias):
    """Return the SQL of whether the address of a row belongs to a role, by the rule of
    ``tools.role_addresses``."""
    return SQL(
        "(split_part(split_part(%s, '@', 1), '+', 1) = ANY(%s))",
        SQL.identifier(alias, "email_normalized"),
        sorted(ROLE_NAMES),
    )
