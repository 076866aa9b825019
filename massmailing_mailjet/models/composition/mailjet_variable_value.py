from odoo import api, models
from odoo.tools import SQL, Query

from ...const import RECORD_SOURCES
from ...tools.preference_links import KIND
from .variable_columns import ValueColumns, get_cells, get_key

# The rows of all mailings.
ROWS = SQL.identifier("mailjet_recipient")
LEADS = SQL.identifier("crm_lead")

# The leads of rows ``r``, looked up row by row. PostgreSQL expects too few rows of a
# chunk, and would read all of a small table of leads for each of them; in this form, it
# reads none for a row without lead.
LEAD_OF_ROW = SQL(
    "LATERAL (SELECT * FROM crm_lead"
    " WHERE r.lead_id IS NOT NULL AND id = r.lead_id OFFSET 0)"
)


class MailjetVariableValue(models.AbstractModel):
    """The values of a mailing's variables: of all its recipients for the upload, of one
    of them, or of a record that is none yet, for the preview."""

    _name = "mailjet.variable.value"
    _description = "Mass mailing variable value"

    @api.model
    def _get_query(self, condition, rows=ROWS, leads=LEADS):
        """Return the query of recipients' rows ``r`` with one table for each kind of
        record: a contact's account is its company, a lead's contact and account are
        those it is linked to. ``seller`` is the user who is the salesperson of the
        row's own record, or a contact's company; someone who has left is none.

        :param SQL condition: which rows
        :param SQL rows: the table of them
        :param SQL leads: the table of their leads
        """
        query = Query(self.env, "r", rows)
        query.add_join("LEFT JOIN", "lead", leads, SQL("lead.id = r.lead_id"))
        for alias, table, on in (
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
            (
                "seller",
                "res_users",
                "seller.id = CASE WHEN lead.id IS NULL"
                " THEN COALESCE(record.user_id, account.user_id) ELSE lead.user_id END"
                " AND seller.active AND seller.share IS NOT TRUE",
            ),
            ("salesperson", "res_partner", "salesperson.id = seller.partner_id"),
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
    def _select(self, values, condition, rows=ROWS):
        """Return the SQL of the address and the contact properties of recipients; each
        value is looked up only once.

        :param dict values: of :class:`~.mailjet_mailing_message.Message`
        :param SQL condition: which rows ``r``
        :param SQL rows: the table of them
        """
        query = self._get_query(condition, rows, LEAD_OF_ROW)
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
    def _read(self, values, person):
        """Return the values of the contact properties for one person, by their names,
        except for the link to the preference page: it is nobody else's.

        :param person: a recipient's row, or a record that could be one
        """
        person.check_access("read")
        properties = {
            name: use
            for name, use in values["properties"].items()
            if use["kind"] != KIND
        }
        if not properties:
            return {}
        self.env.flush_all()
        condition = SQL("r.id = %s", person.id)
        values = {**values, "properties": properties}
        statement = self._select(values, condition, get_rows(person))
        (cells,) = self.env.execute_query_dict(statement)
        del cells["email"]
        return cells


def get_rows(person):
    """Return the SQL of the table of rows in which a person is.

    :param person: a recipient's row, or a record that could be one
    """
    return _as_row(person) if person._name in RECORD_SOURCES else ROWS


def _as_row(record):
    """Return the SQL of the row that a record would be loaded as, with the record's
    id."""
    links = [
        SQL("%s::int AS %s", record.id if model == record._name else None, column)
        for model, source in RECORD_SOURCES.items()
        for column in [SQL.identifier(source["link"])]
    ]
    return SQL(
        "(SELECT %s AS id, %s::text AS email_normalized, %s)",
        record.id,
        record.email_normalized or None,
        SQL(", ").join(links),
    )
