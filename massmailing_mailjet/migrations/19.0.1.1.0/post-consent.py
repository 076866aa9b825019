"""Refusals of mass mailings move from the records to the store by address."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists

MODELS = {"res.partner": "res_partner", "crm.lead": "crm_lead"}
OLD_COLUMNS = (
    "massmailing_unsubscribed",
    "massmailing_unsubscribed_date",
    "massmailing_unsubscribed_cause",
    "massmailing_unsubscribed_reason",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    moved = [
        model
        for model, table in MODELS.items()
        if column_exists(cr, table, OLD_COLUMNS[0])
    ]
    if not moved:
        return
    for model in moved:
        _move_flags(cr, model, MODELS[model])
    env["mail.blacklist"]._enter_existing()
    _enter_forgotten(cr)
    _blacklist_ticked(cr)
    env.invalidate_all(flush=False)


def _move_flags(cr, model, table):
    """Move what records say to the store: under the address or, where there is none,
    under the record, which stays marked."""
    cr.execute(
        SQL(
            """
            INSERT INTO mailjet_consent (
                   email, res_model, res_id, cause, date, reason, source,
                   create_uid, create_date, write_uid, write_date)
            SELECT s.email_normalized,
                   CASE WHEN s.email_normalized IS NULL THEN %(model)s END,
                   CASE WHEN s.email_normalized IS NULL THEN s.id END,
                   COALESCE(s.massmailing_unsubscribed_cause, 'unsubscribed'),
                   COALESCE(s.massmailing_unsubscribed_date, s.write_date, %(now)s),
                   s.massmailing_unsubscribed_reason, 'migration',
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM %(table)s s WHERE s.massmailing_unsubscribed
          ORDER BY s.massmailing_unsubscribed_date, s.id
                ON CONFLICT DO NOTHING;
            UPDATE %(table)s SET massmailing_marked = TRUE
             WHERE massmailing_unsubscribed AND email_normalized IS NULL
            """,
            model=model,
            table=SQL.identifier(table),
            now=cr.now(),
            user=SUPERUSER_ID,
        )
    )
    cr.execute(
        SQL(
            "ALTER TABLE %s %s",
            SQL.identifier(table),
            SQL(", ").join(
                SQL("DROP COLUMN IF EXISTS %s", SQL.identifier(column))
                for column in OLD_COLUMNS
            ),
        )
    )


def _enter_forgotten(cr):
    """Enter what only Odoo's blacklist or Mailjet still knows: the records that refused
    were deleted, merged, or have another address."""
    cr.execute(
        SQL(
            """
            INSERT INTO mailjet_consent (
                   email, cause, date, source,
                   create_uid, create_date, write_uid, write_date)
            SELECT f.email, 'unsubscribed', COALESCE(min(f.date), %(now)s), 'migration',
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM (SELECT email, write_date AS date FROM mail_blacklist
                     WHERE active AND massmailing_added
                 UNION ALL
                    SELECT email, excluded_date FROM mailjet_suppression
                     WHERE origin = 'odoo') f
             WHERE NOT EXISTS (SELECT FROM mailjet_consent c
                                WHERE c.email = f.email AND c.ended_date IS NULL)
          GROUP BY f.email
            """,
            now=cr.now(),
            user=SUPERUSER_ID,
        )
    )


def _blacklist_ticked(cr):
    """Put on Odoo's blacklist who was ticked by hand, unless somebody has taken the
    address off it."""
    cr.execute(
        SQL(
            """
            INSERT INTO mail_blacklist (
                   email, active, massmailing_added,
                   create_uid, create_date, write_uid, write_date)
            SELECT DISTINCT email, TRUE, TRUE, %(user)s, %(now)s::timestamp,
                   %(user)s, %(now)s::timestamp
              FROM mailjet_consent WHERE ended_date IS NULL AND email LIKE '%%@%%'
                ON CONFLICT (email) DO NOTHING
            """,
            now=cr.now(),
            user=SUPERUSER_ID,
        )
    )
