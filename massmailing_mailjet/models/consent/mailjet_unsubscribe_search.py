from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .mailjet_unsubscribe_mixin import FLAG, MARK


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Finds the records whose addresses refuse mass mailings."""

    _inherit = "mailjet.unsubscribe.mixin"

    def _search_massmailing_unsubscribed(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(map(bool, value))) == 2:
            return Domain.TRUE
        refusing = Domain("id", "in", self._refusing_ids())
        return refusing if any(value) else ~refusing

    def _search_massmailing_date(self, operator, value):
        return self._search_refusal("date", operator, value)

    def _search_massmailing_cause(self, operator, value):
        return self._search_refusal("cause", operator, value)

    def _search_massmailing_reason(self, operator, value):
        return self._search_refusal("reason", operator, value)

    def _search_refusal(self, name, operator, value):
        """Return the domain of records whose refusal is such."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        Consent = self.env["mailjet.consent"].sudo()
        found = Consent._search([(name, operator, value), ("ended_date", "=", False)])
        domain = Domain("id", "in", self._refusing_ids(found.subselect()))
        if operator == "in" and False in value:
            domain |= Domain(FLAG, "=", False)
        return domain

    def _refusing_ids(self, refusals=None):
        """Return the SQL of the ids of records that refuse.

        :param SQL refusals: the ids of refusals, of which the others are left out
        """
        self.flush_model(["email_normalized", MARK])
        return SQL(
            """
            (SELECT s.id FROM mailjet_consent c
               JOIN %(table)s s ON s.email_normalized = c.email
              WHERE c.ended_date IS NULL AND %(refusals)s
              UNION
             SELECT c.res_id FROM mailjet_consent c
              WHERE c.ended_date IS NULL AND c.res_model = %(model)s AND %(refusals)s
              %(forgotten)s)
            """,
            table=SQL.identifier(self._table),
            model=self._name,
            refusals=SQL("TRUE") if refusals is None else SQL("c.id IN %s", refusals),
            forgotten=self.env["mailjet.consent.key"]._union_records(self)
            if refusals is None
            else SQL(""),
        )
