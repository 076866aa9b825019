from odoo import models

from ...tools.email_reader import read_email
from ...tools.utm import remove_utm
from ...tools.written_links import find_written


class MailjetMailing(models.Model):
    """The email of a sent mailing, and which of its links is which that was clicked."""

    _inherit = "mailjet.mailing"

    def _get_click_map(self):
        """Return the ``html`` of the email as one recipient sees it, and as ``hrefs``
        the id of the ``mailjet.link`` for each of its addresses that was clicked. Both
        are empty if nobody has clicked.

        The UTM parameters of the email are those of today: the mailing or its campaign
        may have been renamed since."""
        links = self.env["mailjet.link"].search_read(
            [("mailing_id", "=", self.id)], ["url"]
        )
        if not links:
            return {"html": "", "hrefs": {}}
        html = self.get_preview()["html"]
        ids = {link["url"]: link["id"] for link in links}
        plain_ids = {remove_utm(url): link for url, link in ids.items()}
        written = self._get_written_links()
        found = {
            href: ids.get(href)
            or ids.get(find_written(href, written))
            or plain_ids.get(remove_utm(href))
            for href in {link.url.strip() for link in read_email(html).links}
        }
        return {
            "html": html,
            "hrefs": {href: link for href, link in found.items() if link},
        }
