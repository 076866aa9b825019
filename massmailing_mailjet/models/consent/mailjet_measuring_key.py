from odoo import api, fields, models
from odoo.tools import SQL

from .mailjet_key_mixin import DIGEST


class MailjetConsentKey(models.Model):
    """Lets refusals to be measured outlive the erasure of their addresses, too."""

    _inherit = "mailjet.consent.key"

    @api.model
    def _forget(self, emails):
        """Delete what addresses have chosen towards the companies of the user, and keep
        all refusals in force without the addresses: they count as before."""
        result = super()._forget(emails)
        emails = [email for email in emails if email]
        if emails:
            self._forget_choices(emails)
        return result

    @api.model
    def _forget_choices(self, emails):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_measuring
                 WHERE email = ANY(%s)
                   AND (choice <> 'refused' OR ended_date IS NOT NULL)
                   AND (company_id IS NULL OR company_id = ANY(%s))
                """,
                emails,
                self.env.companies.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_measuring m
                   SET digest = %s, email = NULL, source_text = NULL, text_id = NULL,
                       lang = NULL, ip = NULL, agent = NULL
                  FROM mailjet_consent_key k
                 WHERE m.email = ANY(%s)
                   AND m.choice = 'refused' AND m.ended_date IS NULL
                """,
                SQL(DIGEST, SQL("m.email")),
                emails,
            )
        )
        self.env["mailjet.measuring"].invalidate_model()

    @api.model
    def _recall_query(self, query):
        result = super()._recall_query(query)
        self._recall_choices(query)
        return result

    @api.model
    def _recall_choices(self, query):
        """Replace the digests of the addresses of a query by the addresses. If an
        address has chosen again towards the company meanwhile, the recalled refusal is
        ended."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_measuring m
                   SET email = f.email, digest = NULL, write_date = %(now)s,
                       ended_date = CASE WHEN EXISTS (
                           SELECT FROM mailjet_measuring o
                            WHERE o.email = f.email AND o.kind = m.kind
                              AND o.company_id = m.company_id
                              AND o.ended_date IS NULL) THEN %(now)s::timestamp END
                  FROM (%(query)s) f, mailjet_consent_key k WHERE m.digest = %(digest)s
                """,
                now=fields.Datetime.now(),
                query=query,
                digest=SQL(DIGEST, SQL("f.email")),
            )
        )
        self.env["mailjet.measuring"].invalidate_model()

    @api.model
    def _union_forgotten_choices(self, emails):
        """Return the SQL that makes a query of choices ``company_id, email, kind,
        choice, ended_date`` also find the refusals of erased addresses; empty if there
        are none."""
        if not self._is_used():
            return SQL("")
        return SQL(
            """
            UNION ALL
            SELECT m.company_id, f.email, m.kind, m.choice, m.ended_date
              FROM unnest(%s::text[]) AS f (email) CROSS JOIN mailjet_consent_key k
              JOIN mailjet_measuring m ON m.digest = %s AND m.ended_date IS NULL
            """,
            list(emails),
            SQL(DIGEST, SQL("f.email")),
        )
