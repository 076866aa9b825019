from odoo import api, models
from odoo.tools import SQL

from ..recipients.counts import RESULT_COUNTS
from ..recipients.mailjet_recipient_status import find_remaining_status
from .mailjet_recipient_tracking import COLUMNS

# What a kind of measuring leaves on a recipient ``r``. An opening that only a click
# proves is erased with the click.
OPENED = {
    "opened_date": SQL("NULL::timestamp"),
    "last_opened_date": SQL("NULL::timestamp"),
    "open_count": SQL("0"),
    "machine_open_count": SQL("0"),
    "is_unmeasured": SQL("TRUE"),
}
CLICKED = {
    "clicked_date": SQL("NULL::timestamp"),
    "last_clicked_date": SQL("NULL::timestamp"),
    "click_count": SQL("0"),
    **{
        name: SQL("CASE WHEN r.open_count > 0 THEN %s END", SQL.identifier("r", name))
        for name in ("opened_date", "last_opened_date")
    },
}
ERASED = {"open": OPENED, "click": CLICKED}
# The anonymous sums of what was erased, by the counts that lose it.
SUMS = {
    "opened_count": "unmeasured_opened_count",
    "clicked_count": "unmeasured_clicked_count",
}


class MailjetRecipientTracking(models.AbstractModel):
    """Erases the openings or clicks of addresses that a company has measured; of each
    mailing, only the number of recipients of whom something was erased is kept."""

    _inherit = "mailjet.recipient.tracking"

    @api.model
    def _erase_measured(self, company_id, emails, kind):
        """Erase the openings or the clicks of addresses from everything that is stored
        of a company.

        :param str kind: "open" or "click"
        :raise psycopg2.OperationalError: to be retried in a new transaction
        """
        self.env.flush_all()
        self._erase_events(company_id, emails, kind)
        if kind == "click":
            self._erase_clicks(company_id, emails)
        self._erase_results(company_id, emails, ERASED[kind])
        for model in ("mailjet.event", "mailjet.click"):
            self.env[model].invalidate_model()
        self._invalidate_counts()
        self.env["mailjet.mailing"].invalidate_model([*SUMS.values()])

    @api.model
    def _erase_events(self, company_id, emails, kind):
        """Delete the events of the company, and those that belong to none."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_event e USING mailjet_account a
                 WHERE a.id = e.account_id AND e.email = ANY(%(emails)s)
                   AND e.type = %(kind)s
                   AND COALESCE(
                       (SELECT m.company_id FROM mailjet_campaign c
                          JOIN mailjet_mailing m ON m.id = c.mailing_id
                         WHERE c.account_id = e.account_id
                           AND c.mailjet_draft_id = e.mailjet_draft_id LIMIT 1),
                       a.company_id, %(company)s) = %(company)s
                """,
                emails=emails,
                kind=kind,
                company=company_id,
            )
        )

    @api.model
    def _erase_clicks(self, company_id, emails):
        """Delete who has clicked which link; how often each was clicked stays."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_click k USING mailjet_recipient r, mailjet_mailing m
                 WHERE r.id = k.recipient_id AND r.email_normalized = ANY(%s)
                   AND m.id = r.mailing_id AND m.company_id = %s
                """,
                emails,
                company_id,
            )
        )

    @api.model
    def _erase_results(self, company_id, emails, erased):
        """Erase columns of the recipients, and change the counts of the mailings by the
        difference.

        :param dict erased: the SQL of the new values of recipients ``r``, by column
        """
        self.env.cr.execute(
            SQL(
                """
                WITH erased AS (
                    SELECT r.id, r.mailing_id, r.campaign_id, r.status AS old_status,
                           %(old_counts)s, %(columns)s
                      FROM mailjet_recipient r
                      JOIN mailjet_mailing m ON m.id = r.mailing_id
                     WHERE r.email_normalized = ANY(%(emails)s)
                       AND r.status <> 'pending' AND m.company_id = %(company)s
                ), rated AS (SELECT n.*, %(status)s AS status FROM erased n),
                written AS (
                    UPDATE mailjet_recipient r SET %(assignments)s
                      FROM rated n WHERE n.id = r.id
                ), parts AS (%(parts)s
                ), counted AS (%(counted)s
                ), totals AS (%(totals)s)
                UPDATE mailjet_mailing m SET %(additions)s
                  FROM totals t WHERE t.mailing_id = m.id
                """,
                old_counts=self._list_conditions("r", "%s::int AS %s", "old_"),
                columns=SQL(", ").join(
                    SQL(
                        "%s AS %s",
                        erased.get(name, SQL.identifier("r", name)),
                        SQL.identifier(name),
                    )
                    for name in (*COLUMNS, "is_unmeasured")
                ),
                emails=emails,
                company=company_id,
                status=find_remaining_status(),
                assignments=SQL(", ").join(
                    SQL("%s = n.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in (*erased, "status")
                ),
                **self._get_differences(),
                additions=self._add_differences(),
            )
        )

    @api.model
    def _list_conditions(self, alias, form, prefix):
        return SQL(", ").join(
            SQL(form, condition, SQL.identifier(f"{prefix}{name}"))
            for name, condition in self._get_conditions(alias)
        )

    @api.model
    def _add_differences(self):
        """Return the SQL that adds the differences ``t`` to the mailings ``m``."""
        counts = [(name, name, 1) for name in RESULT_COUNTS]
        sums = [(kept, name, -1) for name, kept in SUMS.items()]
        return SQL(", ").join(
            SQL(
                "%s = COALESCE(m.%s, 0) + %s * t.%s",
                SQL.identifier(written),
                SQL.identifier(written),
                sign,
                SQL.identifier(name),
            )
            for written, name, sign in (*counts, *sums)
        )
