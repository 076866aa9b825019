from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

HEALTH = "massmailing_mailjet.mailjet_health_action"
# Administrators that are named to a user who may not set mass mailing up.
NAMES = 3


class MailjetMailing(models.Model):
    """What users find before any Mailjet account is connected: those who may are led to
    the page that sets one up, the others read whom to ask."""

    _inherit = "mailjet.mailing"

    @api.model
    def get_empty_list_help(self, help_message):
        """Explain how to begin, where there is no account yet."""
        if self._has_account() or not self.env["mailjet.account"].has_access("read"):
            return super().get_empty_list_help(help_message)
        title = self.env._("Mass Mailing is not set up yet")
        head = Markup('<p class="o_view_nocontent_smiling_face">%s</p>') % title
        if not self._may_set_up():
            return head + Markup("<p>%s</p>") % self._explain_whom_to_ask()
        url = f"/odoo/action-{HEALTH}"
        return head + Markup(
            "<p>%s</p><p><a href='%s' class='btn btn-primary'>%s</a></p>"
        ) % (
            self.env._(
                "Mass mailings are sent through Mailjet. Connect an account first."
            ),
            url,
            self.env._("Set up"),
        )

    @api.model
    def default_get(self, fields_list):
        """Do not begin a mailing that could not be saved.

        :raise UserError: when there is no account, saying what to do
        """
        values = super().default_get(fields_list)
        if "account_id" in fields_list and not values.get("account_id"):
            self._complain_about_missing_account()
        return values

    @api.model
    def _has_account(self):
        return bool(self.env["mailjet.account"]._get_default(self.env.company))

    @api.model
    def _may_set_up(self):
        # The web client reads the help of an empty list with elevated rights.
        return self.env.user.has_group("massmailing_mailjet.mailjet_group_manager")

    @api.model
    def _complain_about_missing_account(self):
        if not self._may_set_up():
            raise UserError(self._explain_whom_to_ask())
        raise RedirectWarning(
            self.env._(
                "No Mailjet account is connected for %s yet.", self.env.company.name
            ),
            self.env.ref(HEALTH).id,
            self.env._("Set up"),
        )

    @api.model
    def _explain_whom_to_ask(self):
        """Return the sentence that names administrators of the company."""
        administrators = self.env.ref("base.group_system").sudo().all_user_ids
        people = administrators.filtered(
            lambda user: user.active and self.env.company in user.company_ids
        )
        return self.env._(
            "No Mailjet account is connected for %(company)s yet. Administrators who "
            "can do so: %(names)s",
            company=self.env.company.name,
            names=", ".join(people.sorted("id").mapped("name")[:NAMES]),
        )
