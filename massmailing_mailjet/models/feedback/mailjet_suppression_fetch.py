from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mailjet_dates import parse_date
from .mailjet_suppression_job import JOB_TIME

# How often to ask Mailjet for the number of excluded contacts; and how often for the
# contacts, if the number has not changed.
COUNT_INTERVAL = timedelta(hours=1)
READ_INTERVAL = timedelta(days=1)


class MailjetSuppression(models.Model):
    """Fetches the addresses that Mailjet excludes, page by page."""

    _inherit = "mailjet.suppression"

    @api.model
    def _is_due(self, account, client):
        """Return whether to start or continue reading all exclusions: not while Mailjet
        still processes our requests, and not if their number shows that nothing has
        changed since the last time.

        :raise MailjetError: if Mailjet cannot be called
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
        """Store the next page of Mailjet's exclusions, and return whether there are
        more. An interrupted run continues from there.

        :raise MailjetError: if Mailjet cannot be called
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
        """Opt out of mass mailings the addresses that Mailjet newly excludes."""
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
        """Add the exclusions of one page that are new to us, and return them.

        :param rows: Mailjet's, as pairs of address and date (or None)
        :param datetime start: when reading all the pages began
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
        """Record that all pages were read, and delete the exclusions that none of them
        held: only if Mailjet had as many before and after as were read, so that none
        can have been missed between two pages.

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
        """Delete the exclusions that Mailjet no longer has."""
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
                # What was pushed recently may not be processed at Mailjet yet.
                account.suppressions_start - JOB_TIME,
            )
        )
        self.invalidate_model()
