from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..notification import notification
from ..recipients.selected_domain import get_selected_domain
from .const import CONTACT_KINDS, RETENTION_STATES


class MailjetRetention(models.Model):
    """A prospect of a company who has not been in touch for a long time: an address,
    with all its records together.

    Such prospects are asked once, by a mailing. Whoever does not answer is archived in
    Odoo and erased at Mailjet, once a manager has confirmed it; of that, the row stays
    without the address. Rows are only written by the add-on's own code, by SQL over
    whole sets; a row of someone who was never asked is deleted with the next contact.
    """

    _name = "mailjet.retention"
    _description = "Prospect without contact"
    _order = "last_contact_date, id"
    _rec_name = "email"
    _log_access = False

    email = fields.Char(string="Address", readonly=True, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(
        RETENTION_STATES, required=True, default="found", readonly=True
    )
    progress = fields.Char(string="Status", compute="_compute_progress")
    last_contact_date = fields.Datetime(
        string="Last contact", required=True, readonly=True
    )
    contact_kind = fields.Selection(
        CONTACT_KINDS, string="Last contact by", required=True, readonly=True
    )
    record_count = fields.Integer(
        string="Records",
        readonly=True,
        help="Contacts, accounts and leads with this address.",
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing",
        string="Asked by",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The mailing that asks this prospect. No other one does.",
    )
    asked_date = fields.Datetime(string="Asked on", readonly=True)
    kept_date = fields.Datetime(string="Asked to be kept on", readonly=True)
    kept_ip = fields.Char(string="IP address", readonly=True)
    kept_agent = fields.Char(string="Browser or program", readonly=True)
    confirmed_date = fields.Datetime(string="Confirmed on", readonly=True)
    confirmed_user_id = fields.Many2one(
        "res.users", string="Confirmed by", ondelete="restrict", readonly=True
    )
    archived_date = fields.Datetime(string="Archived on", readonly=True)
    issue = fields.Char(
        string="Not archived because",
        readonly=True,
        help="Why the records of this address were left as they are.",
    )

    _company_email_uniq = models.UniqueIndex(
        "(company_id, email) WHERE email IS NOT NULL"
    )
    _company_state_idx = models.Index("(company_id, state, last_contact_date)")

    @api.depends("email")
    def _compute_display_name(self):
        for prospect in self:
            prospect.display_name = prospect.email or self.env._("(address erased)")

    @api.depends("state", "mailing_id")
    @api.depends_context("lang")
    def _compute_progress(self):
        """Say the state, and of those to ask who is in a mailing that is not sent."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for prospect in self:
            is_claimed = prospect.state == "found" and prospect.mailing_id
            prospect.progress = (
                self.env._("Being asked") if is_claimed else labels[prospect.state]
            )

    # === ACTION METHODS === #

    def action_open_contacts(self):
        """Open the contacts and accounts with the address."""
        return self._open_records("res.partner")

    def action_open_leads(self):
        """Open the leads with the address."""
        return self._open_records("crm.lead")

    def _open_records(self, model):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._find_records(model).ids)],
            "context": {"active_test": False},
        }

    def action_refresh(self):
        """Search for prospects without contact soon."""
        self._check_manager()
        self._refresh_soon(self.env.company)
        return notification(
            self.env._(
                "Prospects are being searched in the background. Reload the list in a "
                "moment."
            )
        )

    @api.model
    def _count_silent(self, company):
        """Return how many prospects of a company are without contact."""
        over = ("kept", "archived")
        return self.sudo().search_count(
            [("company_id", "=", company.id), ("state", "not in", over)]
        )

    # === RIGHTS AND SELECTIONS === #

    @api.model
    def _check_manager(self):
        """Raise if the user is no manager.

        :raise AccessError: saying so
        """
        if not self.env.user.has_group("massmailing_mailjet.mailjet_group_manager"):
            raise AccessError(self.env._("Only Mass Mailing managers can do this."))

    def _find_records(self, model):
        """Return the contacts and accounts, or the leads, with the addresses, archived
        ones included, that the user may see in the company of the rows."""
        everything = self.env[model].with_context(active_test=False)
        return everything.search(self._get_records_domain())

    def _get_records_domain(self):
        rows = self._search([("id", "in", self.ids)])
        companies = Domain("company_id", "in", rows.subselect("company_id"))
        return Domain("email_normalized", "in", rows.subselect("email")) & (
            companies | Domain("company_id", "=", False)
        )

    def _get_chosen(self, *domain):
        """Return the query of the chosen rows, that the user may see; without any, of
        all.

        :param domain: conditions that the rows must match besides
        """
        self.check_access("read")
        chosen = get_selected_domain(self.env, self.ids) if self else []
        return self._search([*chosen, *domain])
