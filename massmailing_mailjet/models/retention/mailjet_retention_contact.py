from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

# Messages that a person wrote, by their types: the others are Odoo's own.
WRITTEN = ("email", "comment")
# Orders, and the state in which they make customers or suppliers of a contact: until
# then they are quotations. They belong to apps that may not be installed.
ORDERS = {"sale.order": "sale", "purchase.order": "purchase"}


class Source(NamedTuple):
    """Where contacts of an address are stored: SQL of tables with their joins, of the
    date, of the address and of the company, and what must hold."""

    kind: str
    tables: SQL
    date: SQL
    email: SQL
    owner: SQL
    condition: SQL = SQL("TRUE")


BY_CHOICE = {"email": SQL("c.email"), "owner": SQL("c.company_id")}
BY_RECIPIENT = SQL("c.source = 'recipient'")
# Whoever leaves everything may leave topics at the same time.
STAYS = SQL(
    """
    NOT EXISTS (SELECT FROM mailjet_consent o
                 WHERE o.email = c.email AND o.date = c.date
                   AND o.topic_id IS NULL AND o.cause <> 'paused')
    """
)
SOURCES = [
    Source(
        "click",
        SQL("(mailjet_recipient r JOIN mailjet_mailing m ON m.id = r.mailing_id)"),
        SQL("r.last_clicked_date"),
        SQL("r.email_normalized"),
        SQL("m.company_id"),
    ),
    Source(
        "signup",
        SQL("(mailjet_signup s JOIN mailjet_account a ON a.id = s.account_id)"),
        SQL("s.confirmed_date"),
        SQL("s.email"),
        SQL("a.company_id"),
    ),
    Source(
        "preferences",
        SQL("mailjet_consent c"),
        SQL("c.date"),
        **BY_CHOICE,
        condition=SQL("%s AND %s", BY_RECIPIENT, STAYS),
    ),
    Source(
        "preferences",
        SQL("mailjet_consent c"),
        SQL("c.ended_date"),
        **BY_CHOICE,
        condition=SQL("c.ended_source = 'recipient'"),
    ),
    Source(
        "preferences",
        SQL("mailjet_measuring c"),
        SQL("c.date"),
        **BY_CHOICE,
        condition=BY_RECIPIENT,
    ),
    Source(
        "kept",
        SQL("mailjet_retention c"),
        SQL("c.kept_date"),
        **BY_CHOICE,
    ),
]


class MailjetRetention(models.Model):
    """Finds the prospects among addresses, and when each was last in touch.

    A prospect is an address that belongs to no customer or supplier, to no user and to
    no company of our own. A contact is what comes from the person, or is made for them;
    not what we did to them, nor an opening, which programs make. To unsubscribe from
    everything is none either: it would prolong what it asks to end.

    Contacts with another company count for an address that has a record of all
    companies, since it is that record that would be archived.
    """

    _inherit = "mailjet.retention"

    @api.model
    def _find_prospects(self, company, emails):
        """Return the query of the prospects among addresses: ``email``,
        ``record_count``, and the ``date`` and ``kind`` of the last contact.

        :param emails: normalized addresses
        """
        return SQL(
            """
            SELECT DISTINCT ON (email) email, record_count, date, kind FROM (
              WITH record AS MATERIALIZED (%(records)s),
              person AS MATERIALIZED (
                SELECT email, count(*) FILTER (WHERE active) AS record_count,
                       bool_or(company_id IS NULL) AS is_shared
                  FROM record GROUP BY email
                HAVING bool_or(active) AND NOT bool_or(is_bound)
              )
              SELECT person.email, record_count, c.date, c.kind
                FROM person JOIN (%(contacts)s) c USING (email)
               WHERE c.date IS NOT NULL
            ) f ORDER BY email, date DESC, kind
            """,
            records=self._select_records(company, emails),
            contacts=SQL(" UNION ALL ").join(self._select_contacts(company)),
        )

    # === RECORDS === #

    @api.model
    def _select_records(self, company, emails):
        """Return the query of the records that a company sees of the addresses."""
        return SQL(
            """
            SELECT s.email_normalized AS email, s.active, s.company_id, s.create_date,
                   s.id AS partner_id, NULL::int AS lead_id, s.commercial_partner_id,
                   (%(partner)s) AS is_bound
              FROM res_partner s
             WHERE s.email_normalized = ANY(%(emails)s)
               AND (s.company_id IS NULL OR s.company_id = %(company)s)
         UNION ALL
            SELECT l.email_normalized, l.active, l.company_id, l.create_date, NULL,
                   l.id, s.commercial_partner_id,
                   l.won_status = 'won' OR COALESCE((%(partner)s), FALSE)
              FROM crm_lead l LEFT JOIN res_partner s ON s.id = l.partner_id
             WHERE l.email_normalized = ANY(%(emails)s)
               AND (l.company_id IS NULL OR l.company_id = %(company)s)
            """,
            partner=SQL(" OR ").join(self._get_bonds()),
            emails=emails,
            company=company.id,
        )

    @api.model
    def _get_bonds(self):
        """Return the conditions for a contact ``s`` who is more than a prospect: a user
        of Odoo, one of our own companies, or someone of a customer or supplier."""
        bonds = [
            SQL(
                "EXISTS (SELECT FROM res_users u"
                " WHERE u.partner_id = s.id AND u.active)"
            ),
            self._has_relative(SQL("b.id IN (SELECT partner_id FROM res_company)")),
            self._has_relative(
                SQL(
                    "EXISTS (SELECT FROM crm_lead w"
                    " WHERE w.partner_id = b.id AND w.won_status = 'won')"
                )
            ),
        ]
        # The app Invoicing, if it is installed, counts invoices and bills in them.
        for name in ("customer_rank", "supplier_rank"):
            if name in self.env["res.partner"]._fields:
                rank = SQL.identifier("b", name)
                bonds.append(self._has_relative(SQL("%s > 0", rank)))
        for table, state in self._get_orders():
            bonds.append(
                self._has_relative(
                    SQL(
                        "EXISTS (SELECT FROM %s o"
                        " WHERE o.partner_id = b.id AND o.state = %s)",
                        table,
                        state,
                    )
                )
            )
        return bonds

    @api.model
    def _get_orders(self):
        """Return the tables of the orders that there are, with the state of those that
        are no quotations any more."""
        return [
            (SQL.identifier(self.env[model]._table), state)
            for model, state in ORDERS.items()
            if model in self.env
        ]

    @api.model
    def _has_relative(self, condition):
        """Return the condition for a contact ``s`` of whose account someone ``b``
        matches: what a company buys makes customers of its people."""
        return SQL(
            """
            EXISTS (SELECT FROM res_partner b
                     WHERE b.commercial_partner_id = s.commercial_partner_id AND %s)
            """,
            condition,
        )

    # === CONTACTS === #

    @api.model
    def _select_contacts(self, company):
        """Return the queries of the contacts of every ``person``: ``email``, ``date``
        and ``kind``. They read the ``record`` of a person, or what is known of the
        address."""
        return [
            SQL(
                """
                SELECT email, create_date AS date,
                       CASE WHEN lead_id IS NULL THEN 'record' ELSE 'lead' END AS kind
                  FROM record
                """
            ),
            *self._select_messages(),
            *self._select_quotations(),
            *(self._select_of_address(company, source) for source in SOURCES),
        ]

    @api.model
    def _select_messages(self):
        """Return the queries of the leads made for people, and of what they wrote: as
        the contact that Odoo knows, or by email to a lead."""
        return [
            SQL(
                """
                SELECT r.email, l.create_date, 'lead' FROM record r
                  JOIN crm_lead l ON l.partner_id = r.partner_id
                """
            ),
            SQL(
                """
                SELECT r.email, m.date, 'message' FROM record r
                  JOIN mail_message m ON m.author_id = r.partner_id
                 WHERE m.message_type IN %s
                """,
                WRITTEN,
            ),
            SQL(
                """
                SELECT r.email, m.date, 'message' FROM record r
                  JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = r.lead_id
                 WHERE m.message_type = 'email'
                   AND strpos(lower(m.email_from), r.email) > 0
                """
            ),
        ]

    @api.model
    def _select_quotations(self):
        """Return the queries of the quotations made for people, or for someone of the
        same account."""
        return [
            SQL(
                """
                SELECT r.email, o.create_date, 'quotation' FROM record r
                  JOIN res_partner b
                    ON b.commercial_partner_id = r.commercial_partner_id
                  JOIN %s o ON o.partner_id = b.id
                 WHERE o.state <> 'cancel'
                """,
                table,
            )
            for table, _state in self._get_orders()
        ]

    @api.model
    def _select_of_address(self, company, source):
        """Return the query of what is known of addresses themselves."""
        return SQL(
            """
            SELECT p.email, %(date)s, %(kind)s FROM person p
              JOIN %(tables)s ON %(email)s = p.email
             WHERE (p.is_shared OR %(owner)s IS NULL OR %(owner)s = %(company)s)
               AND %(condition)s
            """,
            **source._asdict(),
            company=company.id,
        )
