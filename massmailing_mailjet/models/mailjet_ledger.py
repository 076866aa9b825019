from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ..const import DEPARTED_STATUSES, EDITABLE_STATES, EMAIL_PATTERN

# Of rows that are in the list at Mailjet, those that must leave it.
STRICTER = SQL(
    """
    r.verdict = 'send' AND j.reason IS DISTINCT FROM 'duplicate' AND (
        j.reason IN ('unsubscribed', 'blacklisted')
        OR NOT EXISTS (SELECT FROM reasoned o
                        WHERE o.email_normalized = r.email_normalized
                          AND o.id <> r.id AND o.reason IS NULL))
    """
)


class MailjetLedger(models.AbstractModel):
    """Judges, marks and counts the recipients of a mailing, by SQL over whole sets.

    Every row has one verdict and at most one reason, so that the figures of a mailing
    always add up to the rows loaded.
    """

    _name = "mailjet.ledger"
    _description = "Mass Mailing Ledger"

    @api.model
    def _update_after_unsubscribe(self, emails):
        """Judge the rows of these addresses again, in mailings still in preparation."""
        rows = self.env["mailjet.recipient"].search(
            [
                ("mailing_id.state", "in", EDITABLE_STATES),
                ("email_normalized", "in", emails),
            ]
        )
        for mailing, of_mailing in rows.grouped("mailing_id").items():
            self._judge(mailing, of_mailing.ids)

    @api.model
    def _refresh(self, mailing):
        """Read the addresses of a mailing's rows again from their records and judge
        every row."""
        self._refresh_addresses(mailing)
        self._judge(mailing)

    @api.model
    def _refresh_addresses(self, mailing):
        """Bring the rows' names and addresses up to date with their records; those
        of a deleted record keep what they had."""
        self.env.flush_all()
        for link, table, name, email in (
            ("partner_id", "res_partner", "name", "email"),
            ("lead_id", "crm_lead", "name", "email_from"),
        ):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mailjet_recipient r
                       SET name = s.name, email = s.email,
                           email_normalized = s.email_normalized
                      FROM (SELECT id, %(name)s AS name, %(email)s AS email,
                                   email_normalized
                              FROM %(table)s) s
                     WHERE r.%(link)s = s.id
                       AND r.mailing_id = %(mailing)s
                       AND (r.name, r.email, r.email_normalized)
                           IS DISTINCT FROM (s.name, s.email, s.email_normalized)
                    """,
                    name=SQL.identifier(name),
                    email=SQL.identifier(email),
                    table=SQL.identifier(table),
                    link=SQL.identifier(link),
                    mailing=mailing.id,
                )
            )
        self.env["mailjet.recipient"].invalidate_model(
            ["name", "email", "email_normalized"]
        )

    @api.model
    def _judge(self, mailing, row_ids=None, only_stricter=False):
        """Give every row its verdict and its one reason, in one statement.

        The branches of ``CASE`` stand in the order of precedence of
        ``const.EXCLUSION_REASONS``. Odoo makes an address of part of a text such as
        "two words@example.com"; such a text is invalid here. Of the rows that could
        be mailed at one address the first keeps it and the others are its duplicates.

        :param row_ids: only these rows and the others of their addresses; by default
            the whole mailing. An address is always judged as a whole.
        :param only_stricter: the list at Mailjet is made: take out who may not be
            mailed any more, unless another row of the address may, and let none in
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH unsubscribed AS (
                    SELECT email_normalized FROM res_partner
                     WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
                    UNION
                    SELECT email_normalized FROM crm_lead
                     WHERE massmailing_unsubscribed AND email_normalized IS NOT NULL
                ), reasoned AS (
                    SELECT r.id, r.email_normalized, CASE
                           WHEN r.selected IS NOT TRUE THEN 'unticked'
                           WHEN u.email_normalized IS NOT NULL
                             OR p.massmailing_unsubscribed
                             OR l.massmailing_unsubscribed THEN 'unsubscribed'
                           WHEN b.id IS NOT NULL THEN 'blacklisted'
                           WHEN p.id IS NULL AND l.id IS NULL THEN 'deleted'
                           WHEN NOT COALESCE(p.active, l.active) THEN 'archived'
                           WHEN COALESCE(r.email, '') !~ '\\S' THEN 'no_email'
                           WHEN r.email_normalized IS NULL
                             OR r.email_normalized !~ %(pattern)s
                             OR r.email_normalized ~ %(dots)s
                             OR (r.email !~ '[<,;]'
                                 AND lower(btrim(r.email, %(space)s))
                                     <> lower(r.email_normalized))
                           THEN 'invalid_email'
                           END AS reason
                      FROM mailjet_recipient r
                 LEFT JOIN res_partner p ON p.id = r.partner_id
                 LEFT JOIN crm_lead l ON l.id = r.lead_id
                 LEFT JOIN unsubscribed u ON u.email_normalized = r.email_normalized
                 LEFT JOIN mail_blacklist b
                        ON b.email = r.email_normalized AND b.active
                     WHERE r.mailing_id = %(mailing)s AND %(scope)s
                ), judged AS (
                    SELECT id, COALESCE(reason, CASE WHEN row_number() OVER (
                               PARTITION BY email_normalized, reason IS NULL
                               ORDER BY id) > 1 THEN 'duplicate' END) AS reason
                      FROM reasoned
                )
                UPDATE mailjet_recipient r
                   SET verdict = CASE WHEN j.reason IS NULL
                                      THEN 'send' ELSE 'excluded' END,
                       exclusion_reason = j.reason
                  FROM judged j
                 WHERE j.id = r.id
                   AND %(change)s
                   AND (r.exclusion_reason IS DISTINCT FROM j.reason
                        OR (r.verdict = 'send') <> (j.reason IS NULL))
                """,
                pattern=EMAIL_PATTERN,
                dots=r"^\.|\.\.|\.@",
                space=" \t\r\n",
                mailing=mailing.id,
                scope=self._scope(row_ids),
                change=STRICTER if only_stricter else SQL("TRUE"),
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["verdict", "exclusion_reason"])
        self._update_counts(mailing)

    @api.model
    def _mark_sent(self, mailing):
        """Mark the rows that were in the list when the campaign departed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient SET status = 'sent'
                 WHERE mailing_id = %s AND status = 'outgoing'
                """,
                mailing.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["status"])
        self._update_counts(mailing)

    @api.model
    def _release(self, mailing):
        """Let the rows of a sending that was given up wait for another one."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET status = 'pending', failure_reason = NULL, upload_id = NULL
                 WHERE mailing_id = %s AND status <> 'pending'
                """,
                mailing.id,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(
            ["status", "failure_reason", "upload_id"]
        )
        self._update_counts(mailing)

    @api.model
    def _scope(self, row_ids):
        """Return the condition for some rows and every row of their addresses."""
        if row_ids is None:
            return SQL("TRUE")
        emails = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT email_normalized FROM mailjet_recipient
                 WHERE id = ANY(%s) AND email_normalized IS NOT NULL
                """,
                list(row_ids),
            )
        )
        return SQL(
            "(r.id = ANY(%s) OR r.email_normalized = ANY(%s))",
            list(row_ids),
            [email for (email,) in emails],
        )

    @api.model
    def _update_counts(self, mailing):
        """Store the mailing's figures, all from one grouped query."""
        groups = (
            self.env["mailjet.recipient"]
            .sudo()
            ._read_group(
                [("mailing_id", "=", mailing.id)],
                ["exclusion_reason", "status"],
                ["__count"],
            )
        )
        reasons, statuses = Counter(), Counter()
        for reason, status, count in groups:
            reasons[reason] += count
            statuses[status] += count
        planned = reasons.pop(False, 0)
        excluded = reasons.total()
        mailing.sudo().write(
            {
                "recipient_count": planned + excluded,
                "planned_count": planned,
                "excluded_count": excluded,
                "unticked_count": reasons["unticked"],
                "invalid_count": reasons["no_email"] + reasons["invalid_email"],
                "duplicate_count": reasons["duplicate"],
                "unsubscribed_count": reasons["unsubscribed"],
                "sent_count": sum(statuses[status] for status in DEPARTED_STATUSES),
                "failed_count": statuses["failed"],
            }
        )
