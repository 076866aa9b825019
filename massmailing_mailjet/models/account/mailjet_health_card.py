from odoo import api, models
from odoo.tools import format_datetime


class MailjetHealthCard(models.AbstractModel):
    """What the health checks are shown as, a card each.

    A check has a state (``ok``, ``attention``, ``broken`` or ``unknown``), one sentence
    and at most one button: a method of the account, or an action.
    """

    _name = "mailjet.health.card"
    _description = "Health check of mass mailing"

    @api.model
    def _card(self, title, state, sentence, button=None, waiting=False):
        return {
            "title": title,
            "state": state,
            "sentence": sentence,
            "button": button or False,
            "waiting": waiting,
        }

    @api.model
    def _after_keys(self, title, account, button=None):
        """Return the check of what is known only once the keys work."""
        ready = account.connection_date and not account.connection_error
        return self._card(
            title,
            "unknown",
            self.env._("Available once the keys are entered."),
            ready and button,
        )

    @api.model
    def _date(self, date):
        return format_datetime(self.env, date, dt_format="short")

    @api.model
    def _button(self, label, method):
        """Return a button that calls a method of the account."""
        return {"label": label, "method": method}

    @api.model
    def _open(self, record, label=None):
        """Return a button that opens a record."""
        return {
            "label": label or self.env._("Open"),
            "action": record.get_formview_action(),
        }

    @api.model
    def _open_account(self, account, label=None):
        return self._open(account, label or self.env._("Open the account"))

    @api.model
    def _open_keys(self, account):
        """Return the button that opens the dialog in which the keys are entered."""
        view = self.env.ref("massmailing_mailjet.mailjet_account_view_form_connect")
        return {
            "label": self.env._("Enter the keys"),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("Connect to Mailjet"),
                "res_model": "mailjet.account",
                "res_id": account.id,
                "views": [[view.id, "form"]],
                "target": "new",
            },
        }
