from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CAUSE_RANKS
from .mailjet_consent import EVERYTHING, MARKING

# An active opt-out of an address, of everything.
IN_FORCE = SQL("c.ended_date IS NULL AND c.email IS NOT NULL AND %s", EVERYTHING)

# The pauses that nobody has lifted.
PAUSES = SQL(
    """
    SELECT c.email FROM mailjet_consent c
     WHERE c.ended_date IS NULL AND c.email IS NOT NULL AND c.cause = 'paused'
    """
)


class MailjetConsent(models.Model):
    """Reads the active opt-outs of addresses and of records without one. What one
    address has left is in ``mailjet_consent_subscription.py``."""

    _inherit = "mailjet.consent"

    @api.model
    def _rank(self):
        """Return the SQL of the weight of an opt-out ``c``."""
        return SQL(
            "array_position(%s::text[], c.cause::text)",
            sorted(CAUSE_RANKS, key=CAUSE_RANKS.get),
        )

    @api.model
    def _strongest(self, emails=None):
        """Return the query of the addresses that opted out, each with its heaviest
        ``cause``.

        :param SQL emails: a query of addresses to restrict it to
        """
        return SQL(
            """
            SELECT DISTINCT ON (c.email) c.email, c.cause FROM mailjet_consent c
             WHERE %s AND %s
          ORDER BY c.email, %s DESC
            """,
            IN_FORCE,
            SQL("c.email IN (%s)", emails) if emails else SQL("TRUE"),
            self._rank(),
        )

    @api.model
    def _marked(self):
        """Return the query of opted-out records without an address, each with its
        heaviest ``cause``: ``res_id``, ``is_lead``, ``cause``."""
        return SQL(
            """
            SELECT DISTINCT ON (c.res_model, c.res_id) c.res_id, c.cause,
                   c.res_model = 'crm.lead' AS is_lead
              FROM mailjet_consent c WHERE %s
          ORDER BY c.res_model, c.res_id, %s DESC
            """,
            MARKING,
            self._rank(),
        )

    @api.model
    def _opted_out(self):
        """Return the query of the addresses that opted out of mass mailings."""
        return SQL("SELECT c.email FROM mailjet_consent c WHERE %s", IN_FORCE)

    @api.model
    def _left_topics(self):
        """Return the query of the addresses that left a topic: ``email`` and
        ``topic_id``."""
        return SQL(
            """
            SELECT c.email, c.topic_id FROM mailjet_consent c
             WHERE c.ended_date IS NULL AND c.email IS NOT NULL
               AND c.topic_id IS NOT NULL
            """
        )

    @api.model
    def _paused(self):
        """Return the query of the addresses that pause now."""
        return SQL("%s AND c.until_date > %s", PAUSES, fields.Datetime.now())

    @api.model
    def _resumed(self, since):
        """Return the query of the addresses of which a pause has ended since then."""
        now = fields.Datetime.now()
        return SQL("%s AND c.until_date BETWEEN %s AND %s", PAUSES, since, now)

    @api.model
    def _get_opt_outs(self, emails):
        """Return the active opt-outs of addresses, as ``{address: dict}``: of several
        causes the heaviest, with the date of the first."""
        return self._read_strongest(self._find_active(emails, EVERYTHING))

    @api.model
    def _find_active(self, emails, condition):
        """Return the query of the active opt-outs of addresses, erased ones included,
        as ``key, c.*``: the key is the address.

        :param SQL condition: restricts the opt-outs ``c``
        """
        return SQL(
            """
            SELECT c.email AS key, c.* FROM mailjet_consent c
             WHERE c.ended_date IS NULL AND c.email = ANY(%s) AND (%s) %s
            """,
            list(emails),
            condition,
            self.env["mailjet.consent.key"]._union_forgotten(emails, condition),
        )

    @api.model
    def _get_marks(self, records):
        """Return the active opt-outs of records without an address, by their ids."""
        return self._read_strongest(
            SQL(
                """
                SELECT c.res_id AS key, c.* FROM mailjet_consent c
                 WHERE %s AND c.res_model = %s AND c.res_id = ANY(%s)
                """,
                MARKING,
                records._name,
                records.ids,
            )
        )

    @api.model
    def _read_strongest(self, query):
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (key) key, id, cause, date, mailing_id, reason,
                       comment FROM (%s) c ORDER BY key, %s DESC, date
                """,
                query,
                self._rank(),
            )
        )
        return {row["key"]: row for row in rows}
