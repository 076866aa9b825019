from odoo import models
from odoo.tools import SQL


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        """Forbid changing or deleting the notes of who opted out of mass mailings and
        who lifted an opt-out."""
        forbidden = super()._get_forbidden_access(operation)
        if operation not in ("write", "unlink"):
            return forbidden
        return forbidden | self._filter_consent_notes()

    def _filter_consent_notes(self):
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "massmailing_mailjet.mail_message_subtype_consent"
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM mail_message WHERE id = ANY(%s) AND subtype_id = %s",
                self.ids,
                subtype_id,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
