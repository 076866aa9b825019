from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mailjet_dates import parse_date
from .mailjet_suppression_job import JOB_TIME

# How often Mailjet is asked how many contacts it excludes; and how often whom, where
# their number is the same.
COUNT_INTERVAL = timedelta(hours=1)
READ_INTERVAL = timedelta(days=1)


class MailjetSuppression(models.Model):
    """Takes over the addresses that Mailjet excludes, page by page."""

    _inherit = "mailjet.suppression"

    @api.model
    def _is_due(self, account, client):
        """Return whether all exclusions are to be read, or are being read: not while
        Mailjet still works on what it was told, and not where their number says that
        nothing has changed since they were last read.

        :raise MailjetError: when Mailjet cannot be asked
        """
        if not self._check_jobs(account, client):
            return False
        if account._is_reading_suppressions():
            return True
        now, last = fields.Datetime.now(), account.suppressions_date
        if last and now < last + COUNT_INTERVAL:
            return False
        begun = account.suppressions_start
        if last and begun and now < begun + READ_INTERVAL:
            if client.count_excluded_contacts() == account.suppressions_count:
                account.suppressions_date = now
                return False
        account.write(
            {
                "suppressions_start": now,
                "suppressions_offset": 0,
                "suppressions_count": client.count_excluded_contacts(),
            }
        )
        return True

    @api.model
    def _fetch_page(self, account, client):
        """Take over the next page of Mailjet's exclusions, and return whether there are
        more. A run that is stopped goes on from there.

        :raise MailjetError: when Mailjet cannot be asked
        """
        offset = account.suppressions_offset
        contacts, count, has_more = client.get_excluded_contacts(offset)
        rows = [(email, parse_date(date)) for email, date in contacts]
        self._opt_out(self._take_over(account, rows, account.suppressions_start))
        offset += count
        account.suppressions_offset = offset
        if not has_more:
            self._finish(account, offset, client.count_excluded_contacts())
        return has_more

    @api.model
    def _opt_out(self, rows):
        """Let the addresses that Mailjet has come to exclude refuse mass mailings."""
        now = fields.Datetime.now()
        self.env["mailjet.consent"]._opt_out(
            [
                {"email": email, "cause": "unsubscribed", "date": date or now}
                for email, date in rows
            ],
            "suppression",
        )

    @api.model
    def _take_over(self, account, rows, start):
        """Add the exclusions of one page that we do not have, and return these.

        :param rows: Mailjet's, as pairs of address and date (or None)
        :param datetime start: when the reading of all pages has begun
        """
        emails, dates = (
            (list(part) for part in zip(*rows, strict=True)) if rows else ([], [])
        )
        self.env.flush_all()
        new = self.env.execute_query(
            SQL(
                """
                WITH found AS (
                    SELECT * FROM unnest(%(emails)s::text[], %(dates)s::timestamp[])
                               AS f (email, date)
                ), seen AS (
                    UPDATE mailjet_suppression s SET seen_date = %(start)s
                      FROM found f
                     WHERE s.account_id = %(account)s AND s.email = f.email
                )
                INSERT INTO mailjet_suppression
                       (account_id, email, excluded_date, origin, seen_date)
                SELECT %(account)s, email, date, 'mailjet', %(start)s FROM found
                    ON CONFLICT (account_id, email) DO NOTHING
             RETURNING email, excluded_date
                """,
                account=account.id,
                emails=emails,
                dates=dates,
                start=start,
            )
        )
        self.invalidate_model()
        return new

    @api.model
    def _finish(self, account, count, total):
        """Note that all pages were read, and forget what none of them held. Where
        Mailjet had as many before and after as were read, none was missed between two.

        :param int count: how many were read
        :param int total: how many there are
        """
        is_whole = count == total == account.suppressions_count
        account.write(
            {
                "suppressions_date": fields.Datetime.now(),
                "suppressions_offset": 0,
                "suppressions_end": fields.Datetime.now(),
                "suppressions_count": total if is_whole else -1,
            }
        )
        if is_whole:
            self._forget(account)
        self.env["mailjet.erasure"]._drop_suppressions(account)

    @api.model
    def _forget(self, account):
        """Delete what Mailjet excludes no more."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_suppression
                 WHERE account_id = %s AND (seen_date IS NULL OR seen_date < %s)
                   AND (origin = 'mailjet' OR excluded_date < %s)
                """,
                account.id,
                account.suppressions_start,
                # What was pushed a moment ago may not be done at Mailjet yet.
                account.suppressions_start - JOB_TIME,
            )
        )
        self.invalidate_model()
