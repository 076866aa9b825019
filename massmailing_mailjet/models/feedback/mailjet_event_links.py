from odoo import api, models
from odoo.tools import SQL

from ...tools.preference_links import PATH
from .mailjet_event_apply import CLICK

# A link up to the end of its website's name, unless a user name precedes it.
WEBSITE = r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@]*(?=[/?#]|$)"


class MailjetFeedback(models.AbstractModel):
    """Applies what events report of links: the rows of the table ``batch``, see
    :meth:`MailjetFeedback._dequeue`."""

    _inherit = "mailjet.feedback"

    @api.model
    def _name_links(self):
        """Replace the links that hold values of recipients by their form in the
        mailing. Of a link that is not found there, only the website is kept: anything
        after it may be a recipient's value.

        The link to the preference page is none of the content: a click on it is only
        one of the recipient."""
        self.env.cr.execute(
            SQL("UPDATE batch SET url = NULL WHERE url LIKE %s", f"%{PATH}/%")
        )
        links = self._get_written_links()
        if not links:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE batch e SET url = COALESCE(
                       (SELECT l.url FROM unnest(%(ids)s::int[], %(urls)s::text[],
                                                 %(patterns)s::text[])
                               WITH ORDINALITY AS l (mailing_id, url, pattern, rank)
                         WHERE l.mailing_id = e.mailing_id AND e.url LIKE l.pattern
                      ORDER BY l.rank LIMIT 1),
                       substring(e.url FROM %(website)s), '…')
                 WHERE e.url IS NOT NULL AND e.mailing_id = ANY(%(ids)s)
                """,
                website=WEBSITE,
                ids=[mailing_id for mailing_id, _link in links],
                urls=[link["url"] for _mailing_id, link in links],
                patterns=[link["pattern"] for _mailing_id, link in links],
            )
        )

    @api.model
    def _get_written_links(self):
        """Return pairs of a mailing's id and one of its links, for the mailings whose
        links hold values of their recipients."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT mailing_id FROM batch e WHERE mailing_id IS NOT NULL "
                "AND url IS NOT NULL AND %s",
                CLICK,
            )
        )
        mailings = self.env["mailjet.mailing"].sudo().browse(row[0] for row in rows)
        return [
            (mailing.id, link)
            for mailing in mailings
            for link in mailing._get_written_links()
        ]

    @api.model
    def _create_links(self):
        """Add the links that were not clicked before."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_link (mailing_id, url)
                SELECT DISTINCT e.mailing_id, e.url FROM batch e
                 WHERE e.recipient_id IS NOT NULL AND e.url IS NOT NULL AND %s
                    ON CONFLICT (mailing_id, md5(url)) DO NOTHING
                """,
                CLICK,
            )
        )

    @api.model
    def _count_clicks(self):
        """Count the clicks of each recipient on each link, and the clicks on each
        link."""
        self.env.cr.execute(
            SQL(
                """
                WITH clicked AS (
                    SELECT e.recipient_id, e.mailing_id, md5(e.url) AS hash,
                           min(e.event_date) AS clicked_date, count(*) AS click_count
                      FROM batch e
                     WHERE e.recipient_id IS NOT NULL AND e.url IS NOT NULL
                       AND %(click)s
                  GROUP BY e.recipient_id, e.mailing_id, md5(e.url)
                ), found AS (
                    SELECT c.*, l.id AS link_id FROM clicked c JOIN mailjet_link l
                        ON l.mailing_id = c.mailing_id AND md5(l.url) = c.hash
                ), written AS (
                    INSERT INTO mailjet_click AS k (
                           recipient_id, link_id, mailing_id, clicked_date, click_count)
                    SELECT recipient_id, link_id, mailing_id, clicked_date, click_count
                      FROM found
                        ON CONFLICT (recipient_id, link_id) DO UPDATE
                       SET clicked_date = LEAST(k.clicked_date, EXCLUDED.clicked_date),
                           click_count = k.click_count + EXCLUDED.click_count
                 RETURNING link_id, (xmax = 0)::int AS is_first
                ), totals AS (
                    SELECT link_id, sum(click_count) AS click_count FROM found
                  GROUP BY link_id
                ), firsts AS (
                    SELECT link_id, sum(is_first) AS recipient_count FROM written
                  GROUP BY link_id
                )
                UPDATE mailjet_link l
                   SET click_count = COALESCE(l.click_count, 0) + t.click_count,
                       recipient_count = COALESCE(l.recipient_count, 0)
                                         + n.recipient_count
                  FROM totals t JOIN firsts n USING (link_id) WHERE l.id = t.link_id
                """,
                click=CLICK,
            )
        )
        self.env["mailjet.link"].invalidate_model()
        self.env["mailjet.click"].invalidate_model()
