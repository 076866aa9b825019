from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .mailjet_consent import MARKING
from .mailjet_consent_query import IN_FORCE
from .mailjet_unsubscribe_mixin import FLAG, MARK


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Finds the records whose addresses opted out of mass mailings."""

    _inherit = "mailjet.unsubscribe.mixin"

    def _search_massmailing_unsubscribed(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(map(bool, value))) == 2:
            return Domain.TRUE
        opted_out = Domain("id", "in", self._opted_out_ids())
        return opted_out if any(value) else ~opted_out

    def _search_massmailing_date(self, operator, value):
        return self._search_opt_out("date", operator, value)

    def _search_massmailing_cause(self, operator, value):
        return self._search_opt_out("cause", operator, value)

    def _search_massmailing_reason(self, operator, value):
        return self._search_opt_out("reason", operator, value)

    def _search_opt_out(self, name, operator, value):
        """Return the domain of the records whose opt-out matches."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        Consent = self.env["mailjet.consent"].sudo()
        found = Consent._search([(name, operator, value), ("ended_date", "=", False)])
        domain = Domain("id", "in", self._opted_out_ids(found.subselect()))
        if operator == "in" and False in value:
            domain |= Domain(FLAG, "=", False)
        return domain

    def _opted_out_ids(self, opt_outs=None):
        """Return the SQL of the ids of records that opted out.

        :param SQL opt_outs: the ids of opt-outs to restrict it to
        """
        self.flush_model(["email_normalized", MARK])
        return SQL(
            """
            (SELECT s.id FROM mailjet_consent c
               JOIN %(table)s s ON s.email_normalized = c.email
              WHERE %(in_force)s AND %(opt_outs)s
              UNION
             SELECT c.res_id FROM mailjet_consent c
              WHERE %(marking)s AND c.res_model = %(model)s AND %(opt_outs)s
              %(forgotten)s)
            """,
            table=SQL.identifier(self._table),
            in_force=IN_FORCE,
            marking=MARKING,
            model=self._name,
            opt_outs=SQL("TRUE") if opt_outs is None else SQL("c.id IN %s", opt_outs),
            forgotten=self.env["mailjet.consent.key"]._union_records(self)
            if opt_outs is None
            else SQL(""),
        )
