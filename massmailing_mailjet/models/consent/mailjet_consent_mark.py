from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .mailjet_consent import COLUMNS, MARKING


class MailjetConsent(models.Model):
    """The opt-outs of records without an address, which get one later."""

    _inherit = "mailjet.consent"

    @api.model
    def _carry_marks(self, model, emails):
        """Turn the opt-outs of records without an address into opt-outs of the
        addresses that the records have now.

        It happens while values are being written: its effects wait for the commit.

        :param dict emails: the addresses by the ids of the records
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                UPDATE mailjet_consent c
                   SET email = f.email, res_model = NULL, res_id = NULL,
                       ended_date = CASE WHEN EXISTS (
                           SELECT FROM mailjet_consent o
                            WHERE o.email = f.email AND o.cause = c.cause
                              AND o.topic_id IS NULL AND o.ended_date IS NULL)
                           THEN %(now)s::timestamp END,
                       write_date = %(now)s
                  FROM unnest(%(ids)s::int[], %(emails)s::text[]) AS f (id, email)
                 WHERE %(marking)s AND c.res_model = %(model)s AND c.res_id = f.id
             RETURNING c.id, %(columns)s, c.ended_date
                """,
                now=fields.Datetime.now(),
                ids=list(emails),
                emails=list(emails.values()),
                marking=MARKING,
                model=model,
                columns=SQL(", ").join(SQL.identifier("c", name) for name in COLUMNS),
            )
        )
        self.env.cr.precommit.add(
            partial(
                self.sudo()._follow, [r for r in rows if not r["ended_date"]], "user"
            )
        )
