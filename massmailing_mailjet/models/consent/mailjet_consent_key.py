from odoo import api, fields, models, tools
from odoo.tools import SQL

from .mailjet_consent import EVERYTHING
from .mailjet_key_mixin import DIGEST


class MailjetConsentKey(models.Model):
    """The secret key of this database that lets opt-outs outlive the erasure of their
    addresses: a digest can be compared with an address, but does not reveal it.

    There is a key once anything was erased; without one, nothing is looked up.
    """

    _name = "mailjet.consent.key"
    _description = "Key of erased opt-outs"
    _inherit = ["mailjet.key.mixin"]
    _log_access = False

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Return whether anything was ever erased: if not, nothing is looked up."""
        return self._exists()

    @api.model
    def _forget(self, emails):
        """Replace addresses by their digests, and delete the proof."""
        emails = [email for email in emails if email]
        if not emails:
            return
        self.env.flush_all()
        self._ensure()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_consent c
                   SET digest = %s, email = NULL, mailing_id = NULL, reason = NULL,
                       ip = NULL, agent = NULL, comment = NULL,
                       ended_ip = NULL, ended_agent = NULL
                  FROM mailjet_consent_key k WHERE c.email = ANY(%s)
                """,
                SQL(DIGEST, SQL("c.email")),
                emails,
            )
        )
        self.env["mailjet.consent"].invalidate_model()

    @api.model
    def _recall(self, emails):
        """Replace the digests of addresses that have come back by the addresses."""
        emails = [email for email in emails if email]
        if emails and self._is_used():
            self._recall_query(SQL("SELECT unnest(%s::text[]) AS email", emails))

    @api.model
    def _recall_recipients(self, mailing, row_ids=None):
        """Do the same for the recipients of a mailing, by default for all."""
        if self._is_used():
            self._recall_query(
                SQL(
                    """
                    SELECT DISTINCT email_normalized AS email FROM mailjet_recipient
                     WHERE mailing_id = %s AND email_normalized IS NOT NULL AND %s
                    """,
                    mailing.id,
                    SQL("TRUE") if row_ids is None else SQL("id = ANY(%s)", row_ids),
                )
            )

    @api.model
    def _recall_query(self, query):
        """Recall the addresses of a query. If an address has opted out again for the
        same cause and of the same topic meanwhile, the recalled opt-out is ended.
        Odoo's blacklist is updated."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE mailjet_consent c
                   SET email = f.email, digest = NULL, write_date = %(now)s,
                       ended_date = CASE WHEN c.ended_date IS NULL AND EXISTS (
                           SELECT FROM mailjet_consent o
                            WHERE o.email = f.email AND o.cause = c.cause
                              AND (o.topic_id, o.until_date)
                                  IS NOT DISTINCT FROM (c.topic_id, c.until_date)
                              AND o.ended_date IS NULL)
                           THEN %(now)s::timestamp ELSE c.ended_date END
                  FROM (%(query)s) f, mailjet_consent_key k
                 WHERE c.digest = %(digest)s
             RETURNING c.email, c.ended_date IS NULL AND %(everything)s
                """,
                now=fields.Datetime.now(),
                query=query,
                digest=SQL(DIGEST, SQL("f.email")),
                everything=EVERYTHING,
            )
        )
        self.env["mailjet.consent"].invalidate_model()
        opted_out = {email for email, is_opted_out in rows if is_opted_out}
        if opted_out:
            self.env["mail.blacklist"]._follow_recalled(opted_out)

    @api.model
    def _find_of_address(self, model, email):
        """Return the records of a model about an address that the user may see, those
        whose address was erased included.

        :param str model: one with an ``email``, and a ``digest`` once that was erased
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id FROM %(table)s r WHERE r.email = %(email)s
             UNION ALL
                SELECT r.id FROM mailjet_consent_key k
                  JOIN %(table)s r ON r.digest = %(digest)s
                """,
                table=SQL.identifier(self.env[model]._table),
                email=email,
                digest=SQL(DIGEST, SQL("%s", email)),
            )
        )
        return self.env[model].search([("id", "in", [key for (key,) in rows])])

    @api.model
    def _union_forgotten(self, emails, condition):
        """Return the SQL that makes a query of opt-outs ``key, c.*`` also find those of
        erased addresses; empty if there are none.

        :param SQL condition: restricts the opt-outs ``c``
        """
        if not self._is_used():
            return SQL("")
        return SQL(
            """
            UNION ALL
            SELECT f.email, c.* FROM unnest(%s::text[]) AS f (email)
        CROSS JOIN mailjet_consent_key k
              JOIN mailjet_consent c ON c.digest = %s AND c.ended_date IS NULL
               AND (%s)
            """,
            list(emails),
            SQL(DIGEST, SQL("f.email")),
            condition,
        )

    @api.model
    def _union_records(self, model):
        """Return the SQL that makes a query of the ids of opted-out records also find
        those of erased addresses."""
        if not self._is_used():
            return SQL("")
        return SQL(
            """
            UNION
            SELECT s.id FROM %s s CROSS JOIN mailjet_consent_key k
              JOIN mailjet_consent c ON c.digest = %s AND c.ended_date IS NULL
               AND %s
             WHERE s.email_normalized IS NOT NULL
            """,
            SQL.identifier(model._table),
            SQL(DIGEST, SQL("s.email_normalized")),
            EVERYTHING,
        )
