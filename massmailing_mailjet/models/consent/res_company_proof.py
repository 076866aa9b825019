from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .referred import find_referred


class ResCompany(models.Model):
    """Keeps what is proof when a company is to be deleted."""

    _inherit = "res.company"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        kept = self._find_with_proof()
        if kept:
            raise UserError(
                self.env._(
                    "Mass mailings, Mailjet accounts or topics that recipients have "
                    "left belong to these companies, and are kept as proof: %s. "
                    "Archive the companies instead.",
                    ", ".join(kept.mapped("name")),
                )
            )

    def _find_with_proof(self):
        """Return the companies that have a mailing, an account, or a topic in use."""
        topics = self.env["mailjet.topic"].sudo().with_context(active_test=False)
        used = topics.search([("company_id", "in", self.ids)])._find_used()
        models = ("mailjet.mailing", "mailjet.account")
        owners = find_referred(self, dict.fromkeys(models, ["company_id"]))
        return self & (owners | used.company_id)

    def unlink(self):
        """Keep the questions about measuring that were answered: no other company asks
        them."""
        self.check_access("unlink")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_measuring_text t SET company_id = NULL, active = FALSE
                 WHERE t.company_id = ANY(%s) AND EXISTS (
                       SELECT FROM mailjet_measuring m WHERE m.text_id = t.id)
                """,
                self.ids,
            )
        )
        self.env["mailjet.measuring.text"].invalidate_model()
        return super().unlink()
