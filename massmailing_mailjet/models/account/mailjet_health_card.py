from odoo import api, fields, models
from odoo.tools import babel_locale_parse, format_datetime, get_lang


class MailjetHealthCard(models.AbstractModel):
    """What the health checks are shown as, a card each.

    A check has a state, one sentence and at most one button: a method of the account,
    or an action. The states are ``ok``, ``attention``, ``broken``, ``waiting`` (for
    Mailjet) and ``unknown``, which is also that of everything not tried yet.
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
        """Return a moment in the form in which the web client's fields show it: without
        seconds, and without the year while it is the current one."""
        locale = babel_locale_parse(get_lang(self.env).code)
        local, now = (
            fields.Datetime.context_timestamp(self, moment)
            for moment in (date, fields.Datetime.now())
        )
        day = locale.datetime_skeletons["MMMd" if local.year == now.year else "yMMMd"]
        time = locale.time_formats["short"]
        return format_datetime(
            self.env, date, dt_format=f"{day.pattern}, {time.pattern}"
        )

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
        return {
            "label": self.env._("Enter the keys"),
            "action": account._get_connect_action(),
        }
