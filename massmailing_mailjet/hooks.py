"""What Odoo calls when the add-on comes and goes."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def post_init_hook(env):
    """Let whoever is on Odoo's blacklist already refuse mass mailings."""
    env["mail.blacklist"]._enter_existing()


def uninstall_hook(env):
    """Remove what Odoo would leave behind: favourites on screens that are going, and
    the external ids that other add-ons have given to parts of our models.

    Hosted images stay, since e-mails that were sent go on showing them. Mailings go
    first: they hold senders and accounts, of which Odoo removes the demo's one by one.
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
