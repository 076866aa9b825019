from odoo import api, fields, models

from ..models.notification import notification


class MailjetRecipientLoadRefresh(models.TransientModel):
    """Shows what doing a load again would change, and does it."""

    _name = "mailjet.recipient.load.refresh"
    _description = "Refresh a Mass Mailing Load"
    _inherit = ["mailjet.wizard.mixin"]

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade"
    )
    mode = fields.Selection(related="load_id.mode", related_sudo=False)
    add_count = fields.Integer(string="To Add", compute="_compute_changes")
    add_names = fields.Char(compute="_compute_changes")
    remove_count = fields.Integer(string="To Take Away", compute="_compute_changes")
    remove_names = fields.Char(compute="_compute_changes")

    @api.depends("load_id")
    def _compute_changes(self):
        for wizard in self:
            added, removed = wizard.load_id._compare()
            wizard.add_count, names = added
            wizard.add_names = wizard._format_names(*added)
            wizard.remove_count, names = removed
            wizard.remove_names = wizard._format_names(*removed)

    def _format_names(self, count, names):
        """Return some names, and how many there are beside them."""
        text = ", ".join(names)
        if not text or count <= len(names):
            return text
        return self.env._(
            "%(names)s and %(more)s more", names=text, more=count - len(names)
        )

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refresh “%s”", self.load_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refresh(self):
        """Do the load again."""
        self.ensure_one()
        self.load_id.mailing_id._check_loadable()
        self.load_id._refresh()
        return notification(
            self.env._("“%s” is up to date.", self.load_id.name), "success"
        )
