from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import KIND_DOMAIN, KIND_MODEL
from ..models.recipients.const import KIND_COUNTS
from ..models.recipients.selected_domain import get_selected_domain


class MailjetMailingAdd(models.TransientModel):
    """Adds the records selected in a list, or all that its search finds, to a mass
    mailing."""

    _name = "mailjet.mailing.add"
    _description = "Add to a mass mailing"
    _inherit = ["mailjet.wizard.mixin"]

    res_model = fields.Char(required=True, readonly=True)
    domain = fields.Char(required=True, readonly=True)
    contact_count = fields.Integer(string="Contacts", compute="_compute_counts")
    account_count = fields.Integer(string="Accounts", compute="_compute_counts")
    lead_count = fields.Integer(string="Leads", compute="_compute_counts")
    mailing_type = fields.Selection(
        [("existing", "An existing draft"), ("new", "A new mailing")],
        string="Add to",
        required=True,
        default="existing",
    )
    mailing_id = fields.Many2one("mailjet.mailing", ondelete="cascade")
    recipient_type = fields.Selection(
        related="mailing_id.recipient_type", related_sudo=False
    )
    name = fields.Char(string="Name of the mailing")

    @api.model
    def default_get(self, fields_list):
        """Default to what is selected in the list."""
        values = super().default_get(fields_list)
        context = self.env.context
        values["res_model"] = context.get("active_model")
        values["domain"] = str(
            list(get_selected_domain(self.env, context.get("active_ids") or []))
        )
        return values

    @api.depends("domain")
    def _compute_counts(self):
        for wizard in self:
            for kind, field in KIND_COUNTS.items():
                wizard[field] = (
                    self.env[wizard.res_model].search_count(
                        wizard._get_domain() & Domain(KIND_DOMAIN[kind])
                    )
                    if wizard.res_model == KIND_MODEL[kind]
                    else 0
                )

    def _get_domain(self):
        """Return the domain of the selected records.

        :raise UserError: if it cannot be used
        """
        try:
            return self.env["mailjet.condition"]._evaluate(self.res_model, self.domain)
        except ValueError:
            raise UserError(
                self.env._(
                    "These records cannot be added by their search. Select them "
                    "individually in the list, then try again."
                )
            ) from None

    def _get_kinds(self):
        """Return the kinds of the selected records."""
        return [kind for kind, field in KIND_COUNTS.items() if self[field]]

    def action_add(self):
        """Load the records and open the mailing.

        :raise UserError: if there is no mailing, or no record that it accepts
        """
        self.ensure_one()
        if self.mailing_type == "new":
            mailing = self._create_mailing()
        else:
            mailing = self.mailing_id
        if not mailing:
            raise UserError(self.env._("Choose a mailing or create a new one."))
        kinds = [kind for kind in mailing._get_kinds() if kind in self._get_kinds()]
        if not kinds:
            raise UserError(self.env._("The mailing accepts none of these records."))
        for kind in kinds:
            mailing.action_load_domain(
                self.domain, kind, self.env._("Selected in a list")
            )
        return mailing.get_formview_action()

    def _create_mailing(self):
        """Return a new mailing that accepts all the selected records."""
        kinds = self._get_kinds()
        if not kinds:
            raise UserError(self.env._("Nothing is selected."))
        if not (self.name or "").strip():
            raise UserError(self.env._("Enter a name for the new mailing."))
        return self.env["mailjet.mailing"].create(
            {
                "name": self.name,
                "recipient_type": kinds[0] if len(kinds) == 1 else "target",
            }
        )
