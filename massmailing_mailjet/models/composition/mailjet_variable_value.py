from odoo import api, models
from odoo.tools import SQL, Query

from .variable_columns import ValueColumns, get_cells, get_key


class MailjetVariableValue(models.AbstractModel):
    """The values of a mailing's variables for its recipients: of all of them for the
    upload, of one for the preview."""

    _name = "mailjet.variable.value"
    _description = "Mass mailing variable value"

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
    def _get_value_columns(self, query, setting):
        """Return the :class:`ValueColumns` of the query, limited to what the mailing's
        responsible and the current user may read.

        :param dict setting: ``lang``, ``zone``, ``company_id`` and ``user_id`` of the
            mailing
        """
        users = self.env["res.users"].sudo(False).browse(setting["user_id"] or ())
        if not self.env.su:
            users |= self.env.user
        return ValueColumns(self.env, query, setting, users)

    @api.model
    def _select(self, values, condition):
        """Return the SQL of the address and the contact properties of recipients; each
        value is looked up only once.

        :param dict values: of :class:`~.mailjet_mailing_message.Message`
        :param SQL condition: which rows ``r``
        """
        query = self._get_query(condition)
        columns = self._get_value_columns(query, values)
        names, found = {}, [SQL("r.email_normalized AS email")]
        for use in values["properties"].values():
            if get_key(use) not in names:
                name = names[get_key(use)] = f"value_{len(names)}"
                clean = columns.get_clean(use)
                found.append(SQL("%s AS %s", clean, SQL.identifier(name)))
        # Without the OFFSET, PostgreSQL would look up the values again at each use.
        return SQL(
            "SELECT %s FROM (%s OFFSET 0) AS found",
            SQL(", ").join([SQL("email"), *get_cells(names, values["properties"])]),
            query.select(*found),
        )

    @api.model
    def _read(self, values, row):
        """Return the values of the contact properties for one row, by their names."""
        if not values["properties"]:
            return {}
        self.env.flush_all()
        statement = self._select(values, SQL("r.id = %s", row.id))
        (cells,) = self.env.execute_query_dict(statement)
        del cells["email"]
        return cells
