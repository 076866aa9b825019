from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ...const import ACTIVE_STATES

# A month's emails are nearly used up when this share of them is.
QUOTA_WARNING = 0.9
# How late a scheduled action may be before the server is suspected not to run any.
CRON_DELAY = timedelta(hours=1)


class MailjetHealthOperation(models.AbstractModel):
    """The checks of an account that is in use."""

    _name = "mailjet.health.operation"
    _description = "Operation of mass mailing"
    _inherit = "mailjet.health.card"

    @api.model
    def _check_quota(self, account):
        title = self.env._("Emails this month")
        edit = self._open_account(account, self.env._("Change the limit"))
        sent, limit = account.sent_this_month, account.monthly_limit
        figures = {"sent": sent, "limit": limit, "left": account.remaining_this_month}
        values = {
            name: formatLang(self.env, figure, digits=0)
            for name, figure in figures.items()
        }
        if not limit:
            sentence = self.env._(
                "Sent: %(sent)s. No monthly email limit is set, so nothing is "
                "compared with your Mailjet plan.",
                **values,
            )
            return self._card(title, "ok", sentence, edit)
        sentence = self.env._(
            "Sent: %(sent)s of %(limit)s. Remaining: %(left)s.", **values
        )
        if not account.remaining_this_month:
            state = "broken"
        else:
            state = "attention" if sent >= limit * QUOTA_WARNING else "ok"
        return self._card(title, state, sentence, edit)

    @api.model
    def _check_crons(self, account):
        title = self.env._("Scheduled actions")
        crons = account._get_crons()
        stopped = crons.filtered(lambda cron: not cron.active)
        if stopped:
            sentence = self.env._("Disabled: %s", ", ".join(stopped.mapped("name")))
            is_administrator = self.env.user.has_group("base.group_system")
            button = is_administrator and self._button(
                self.env._("Enable them"), "action_switch_crons_on"
            )
            return self._card(title, "broken", sentence, button)
        now = fields.Datetime.now()
        late = crons.filtered(lambda cron: cron.nextcall < now - CRON_DELAY)
        if late:
            sentence = self.env._(
                "“%(name)s” should have run on %(date)s. Does the server run "
                "scheduled actions? Ask its administrator.",
                name=late[0].name,
                date=self._date(late[0].nextcall),
            )
            return self._card(title, "broken", sentence)
        failing = crons.filtered("failure_count")
        if failing:
            sentence = self.env._("Failing: %s", ", ".join(failing.mapped("name")))
            return self._card(title, "attention", sentence)
        return self._card(title, "ok", self._describe_runs(crons))

    @api.model
    def _describe_runs(self, crons):
        last = max((cron.lastcall for cron in crons if cron.lastcall), default=False)
        soonest = min(crons.mapped("nextcall"))
        if not last:
            return self.env._("First run: %s", self._date(soonest))
        return self.env._(
            "Last run: %(last)s. Next run: %(next)s.",
            last=self._date(last),
            next=self._date(soonest),
        )

    @api.model
    def _check_mailings(self, account):
        title = self.env._("Mailings")
        Mailing = self.env["mailjet.mailing"]
        of_account = [("account_id", "=", account.id)]
        failed = Mailing.search(
            [*of_account, ("state", "=", "failed")], order="write_date desc", limit=1
        )
        if failed:
            sentence = self.env._(
                "“%(name)s” has stopped: %(message)s",
                name=failed.name,
                message=failed.delivery_message or "",
            )
            return self._card(title, "broken", sentence, self._open(failed))
        retried = (
            self.env["mailjet.campaign"]
            .search(
                [*of_account, ("retry_count", ">", 0), ("state", "in", ACTIVE_STATES)],
                order="write_date desc",
                limit=1,
            )
            .mailing_id
        )
        if retried:
            sentence = self.env._(
                "“%(name)s” will be retried automatically: %(message)s",
                name=retried.name,
                message=retried.delivery_message or "",
            )
            return self._card(title, "attention", sentence, self._open(retried))
        return self._card(title, "ok", self.env._("No mailing has stopped."))

    @api.model
    def _check_database(self, account):
        title = self.env._("This database")
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            sentence = self.env._("This is a copy for tests: it sends nothing.")
            return self._card(title, "attention", sentence)
        if account.is_foreign:
            sentence = self.env._(
                "This database is a copy, and the account belongs to the original: "
                "nothing is sent from here."
            )
            return self._card(title, "broken", sentence, self._open_account(account))
        sentence = self.env._("This database sends with this account.")
        return self._card(title, "ok", sentence)
