from odoo import models

from ...tools.email_html import replace_links


class MailjetMailing(models.Model):
    """Shows a mailing's email as its recipients see it."""

    _inherit = "mailjet.mailing"

    def action_preview(self):
        """Open the preview."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "mailjet_preview",
            "name": self.env._("Preview of “%s”", self.name or self.subject),
            "target": "new",
            "params": {"mailing_id": self.id},
            "context": {"dialog_size": "extra-large", "footer": False},
        }

    def get_preview(self, row_id=False, direction="next"):
        """Return the email as one recipient sees it, except for Mailjet's own links.

        :param int row_id: the ``mailjet.recipient`` that was shown before, if any
        :param str direction: ``next`` or ``previous`` row to send, counted from that
            one; after the last one comes the first
        :return: dict of ``row`` (``id``, ``name``, ``email``; False if there is no row
            to send: variables then stay as typed), ``count`` of such rows, ``sender``,
            ``subject``, ``preview``, ``html`` and ``text``
        """
        self.ensure_one()
        self.check_access("read")
        row = self._get_planned(row_id, direction)
        subject, html, text, preview = (
            replace_links(part, "#", "#") for part in self._render_message(row)
        )
        return {
            "row": row.read(["name", "email"])[0] if row else False,
            "count": self.planned_count,
            "sender": f"{self.sender_name or ''} <{self.sender_email or ''}>",
            "subject": subject,
            "preview": preview,
            "html": html,
            "text": text,
        }
