from odoo import api, models
from odoo.tools import SQL, Query

from ..const import VARIABLE_LENGTH
from ..tools.personalization import ADDRESS, ATTRIBUTE

# The language of a recipient, in the terms of `_get_query`; NULL where none is known.
RECIPIENT_LANGUAGE = SQL("COALESCE(record.lang, lead_language.code)")

# A value as part of an address: percent-encoded, unless there is nothing to encode.
PERCENT_ENCODED = """
CASE WHEN %(value)s ~ '^[A-Za-z0-9._~-]*$' THEN %(value)s
     ELSE regexp_replace(encode(convert_to(%(value)s, 'UTF8'), 'hex'),
                         '(..)', '%%\\1', 'g')
END
"""

# A value as part of an attribute between apostrophes.
ENTITY_ENCODED = "replace(replace(%(value)s, '&', '&amp;'), '''', '&#39;')"

ENCODED = {ADDRESS: PERCENT_ENCODED, ATTRIBUTE: ENTITY_ENCODED}


class MailjetValue(models.AbstractModel):
    """The values of a mailing's variables for its recipients: for the upload of all of
    them, and for the preview of one."""

    _name = "mailjet.value"
    _description = "Mass Mailing Variable Value"

    @api.model
    def _get_query(self, condition):
        """Return the query of recipients' rows ``r`` with one table for each kind of
        record: a contact's account is its company, a lead's contact and account are
        those it is linked to.

        :param SQL condition: which rows
        """
        query = Query(self.env, "r", SQL.identifier("mailjet_recipient"))
        for alias, table, on in (
            ("lead", "crm_lead", "lead.id = r.lead_id"),
            ("lead_language", "res_lang", "lead_language.id = lead.lang_id"),
            (
                "record",
                "res_partner",
                "record.id = COALESCE(r.partner_id, lead.partner_id)",
            ),
            (
                "contact",
                "res_partner",
                "contact.id = record.id AND contact.is_company IS NOT TRUE",
            ),
            (
                "account",
                "res_partner",
                "account.id = record.commercial_partner_id AND account.is_company",
            ),
        ):
            query.add_join("LEFT JOIN", alias, table, SQL(on))
        query.add_where(condition)
        query.order = SQL("r.id")
        return query

    @api.model
    def _get_columns(self, mailing, query):
        """Return the SQL of one column for each contact property that the mailing
        reads, under the property's name."""
        columns = []
        properties = self.env["mailjet.message"]._get_properties(mailing)
        for name, (variable, place) in properties.items():
            value = variable._value_sql(query)
            value = SQL("left(COALESCE(%s, ''), %s)", value, VARIABLE_LENGTH)
            if place in ENCODED:
                value = SQL(ENCODED[place], value=value)
            columns.append(SQL("%s AS %s", value, SQL.identifier(name)))
        return columns

    @api.model
    def _read(self, mailing, row):
        """Return the values for one row of the mailing, by the names of their contact
        properties."""
        query = self._get_query(SQL("r.id = %s", row.id))
        columns = self._get_columns(mailing, query)
        if not columns:
            return {}
        self.env.flush_all()
        (values,) = self.env.execute_query_dict(query.select(*columns))
        return values
