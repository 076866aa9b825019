"""Hooks that Odoo calls when the add-on is installed and uninstalled."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def post_init_hook(env):
    """Opt out of mass mailings the addresses that are on Odoo's blacklist already."""
    env["mail.blacklist"]._enter_existing()


def uninstall_hook(env):
    """Remove what Odoo would leave behind: favorites on screens that are removed, and
    the external ids that other add-ons gave to parts of our models.

    Hosted images stay, since sent emails still display them. Mailings are deleted
    first: they reference senders and accounts, of which Odoo removes the demo's one by
    one.
    """
    env["mailjet.mailing"].with_context(
        **{"active_test": False, MODULE_UNINSTALL_FLAG: True}
    ).search([]).unlink()
    env["ir.filters"].with_context(active_test=False).search(
        [("model_id", "=like", "mailjet.%")]
    ).unlink()
    env["ir.model.data"].search(
        [
            ("module", "!=", "massmailing_mailjet"),
            ("model", "in", ("ir.model.inherit", "ir.model.fields.selection")),
            ("name", "=like", "%\\_\\_mailjet\\_%"),
        ]
    ).unlink()
