from odoo import api, fields, models

from ..models.counting import say_count
from ..models.notification import notification


class MailjetRecipientLoad(models.Model):
    """Opens the wizard below."""

    _inherit = "mailjet.recipient.load"

    def action_open_refresh(self):
        """Open the wizard that shows what repeating the load would change; a
        notification says so if that is nothing."""
        self.ensure_one()
        self.check_access("read")
        self._check_source()
        wizard = self.env["mailjet.recipient.load.refresh"].create({"load_id": self.id})
        if not (wizard.add_count or wizard.remove_count):
            return notification(
                self.env._("Nothing has changed since “%s” was loaded.", self.name)
            )
        return wizard._get_action()


class MailjetRecipientLoadRefresh(models.TransientModel):
    """Shows what repeating a load would change, and repeats it."""

    _name = "mailjet.recipient.load.refresh"
    _description = "Refresh a mass mailing load"
    _inherit = ["mailjet.wizard.mixin"]

    load_id = fields.Many2one(
        "mailjet.recipient.load", required=True, ondelete="cascade"
    )
    mode = fields.Selection(related="load_id.mode", related_sudo=False)
    add_count = fields.Integer(string="To add", compute="_compute_changes")
    add_text = fields.Char(compute="_compute_changes")
    add_names = fields.Char(compute="_compute_changes")
    remove_count = fields.Integer(string="To remove", compute="_compute_changes")
    remove_text = fields.Char(compute="_compute_changes")
    remove_names = fields.Char(compute="_compute_changes")

    @api.depends("load_id")
    def _compute_changes(self):
        for wizard in self:
            added, removed = wizard.load_id._compare()
            wizard.add_count, wizard.remove_count = added[0], removed[0]
            wizard.add_text = wizard._describe_added(added[0])
            wizard.add_names = wizard._format_names(*added)
            wizard.remove_text = wizard._describe_removed(removed[0])
            wizard.remove_names = wizard._format_names(*removed)

    def _describe_added(self, count):
        if self.mode == "exclude":
            return say_count(
                self.env,
                count,
                self.env._("%(count)s more address to exclude:"),
                self.env._("%(count)s more addresses to exclude:"),
            )
        return say_count(
            self.env,
            count,
            self.env._("%(count)s recipient to add:"),
            self.env._("%(count)s recipients to add:"),
        )

    def _describe_removed(self, count):
        if self.mode == "exclude":
            return say_count(
                self.env,
                count,
                self.env._("%(count)s address no longer excluded:"),
                self.env._("%(count)s addresses no longer excluded:"),
            )
        return say_count(
            self.env,
            count,
            self.env._("%(count)s recipient no longer found, to remove:"),
            self.env._("%(count)s recipients no longer found, to remove:"),
        )

    def _format_names(self, count, names):
        """Return some names, and how many more there are."""
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
        """Repeat the load."""
        self.ensure_one()
        self.load_id.mailing_id._check_loadable()
        self.load_id._refresh()
        return notification(
            self.env._("“%s” is up to date.", self.load_id.name), "success"
        )
