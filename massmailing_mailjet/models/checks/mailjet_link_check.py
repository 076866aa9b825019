from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.link_checker import check_links
from ...tools.link_outcomes import WELL
from ...tools.web_addresses import is_followable

# How long the result of a link is valid.
LIFETIME = timedelta(days=1)

# Links opened at once, and how long a user waits for them; the next click on the button
# continues with the rest.
MAX_LINKS = 40
SECONDS = 20


class MailjetLinkCheck(models.Model):
    """The result of opening a link of an email, kept for a while: many mailings have
    the same links. The result is not confidential, but which URLs were opened is: users
    see results in their own mailings only."""

    _name = "mailjet.link.check"
    _description = "Mass mailing link check"
    _rec_name = "url"
    _order = "id"

    url = fields.Char(required=True, readonly=True)
    outcome = fields.Char(required=True, readonly=True)
    checked_date = fields.Datetime(required=True, readonly=True)

    _url_uniq = models.UniqueIndex("(md5(url))")

    @api.model
    def _get_outcomes(self, urls):
        """Return the results that are still valid, by URL."""
        since = fields.Datetime.now() - LIFETIME
        links = self.sudo().search([("url", "in", urls), ("checked_date", ">=", since)])
        return {link.url: link.outcome for link in links}

    @api.model
    def _get_unchecked(self, urls, again=False):
        """Return the links that can be opened and have no valid result.

        :param bool again: treat broken links as not opened
        """
        known = {
            url
            for url, outcome in self._get_outcomes(urls).items()
            if outcome == WELL or not again
        }
        return [url for url in urls if url not in known and is_followable(url)]

    @api.model
    def _check(self, urls):
        """Open links and store the results. Links that take too long are left for the
        next time."""
        outcomes = check_links(urls[:MAX_LINKS], SECONDS)
        if outcomes:
            now = fields.Datetime.now()
            rows = [SQL("(%s, %s, %s)", *item, now) for item in outcomes.items()]
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO mailjet_link_check (url, outcome, checked_date)
                    VALUES %s
                    ON CONFLICT (md5(url)) DO UPDATE
                       SET outcome = excluded.outcome,
                           checked_date = excluded.checked_date
                    """,
                    SQL(", ").join(rows),
                )
            )
            self.invalidate_model()

    @api.autovacuum
    def _gc_links(self):
        self.search([("checked_date", "<", fields.Datetime.now() - LIFETIME)]).unlink()
