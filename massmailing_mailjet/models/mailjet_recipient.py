from odoo import fields, models
from odoo.exceptions import UserError

from ..const import (
    EDITABLE_STATES,
    EXCLUSION_REASONS,
    KINDS,
    RECIPIENT_STATUSES,
    VERDICTS,
)

# From so many ticks on, the whole mailing is judged.
WHOLE_MAILING = 1000


class MailjetRecipient(models.Model):
    """One row of a mailing: a contact, an account or a lead, whether it is mailed and
    if not why, and what became of it.

    Rows are sets: ``mailjet.recipient.load`` loads them and ``mailjet.ledger`` judges
    and counts them, never one by one.
    """

    _name = "mailjet.recipient"
    _description = "Mass Mailing Recipient"
    _order = "id"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True
    )
    load_id = fields.Many2one(
        "mailjet.recipient.load",
        string="Loaded by",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    upload_id = fields.Many2one(
        "mailjet.upload", ondelete="set null", index="btree_not_null", readonly=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact or Account",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    lead_id = fields.Many2one(
        "crm.lead", ondelete="set null", index="btree_not_null", readonly=True
    )
    name = fields.Char(readonly=True)
    email = fields.Char(string="Address", readonly=True)
    email_normalized = fields.Char(string="Normalised Address", readonly=True)
    selected = fields.Boolean(
        string="Send", default=True, help="The mailing goes only to ticked rows."
    )
    verdict = fields.Selection(VERDICTS, default="send", required=True, readonly=True)
    exclusion_reason = fields.Selection(
        EXCLUSION_REASONS, string="Reason", readonly=True
    )
    status = fields.Selection(
        RECIPIENT_STATUSES, default="pending", required=True, readonly=True
    )
    failure_reason = fields.Char(string="Failure", readonly=True)
    mailing_state = fields.Selection(related="mailing_id.state")

    # A record is in a mailing once: the arbiters of "load without doubling".
    _mailing_partner_uniq = models.UniqueIndex(
        "(mailing_id, partner_id) WHERE partner_id IS NOT NULL"
    )
    _mailing_lead_uniq = models.UniqueIndex(
        "(mailing_id, lead_id) WHERE lead_id IS NOT NULL"
    )
    _mailing_idx = models.Index("(mailing_id, id)")
    _mailing_email_idx = models.Index("(mailing_id, email_normalized, id)")
    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    # === CRUD METHODS === #

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if set(vals) - {"selected"}:
            raise UserError(
                self.env._("Of a recipient, only the tick box can be changed by hand.")
            )
        if any(mailing.state not in EDITABLE_STATES for mailing in self.mailing_id):
            raise UserError(
                self.env._(
                    "The recipients of a mailing that is being sent or was sent "
                    "cannot be changed."
                )
            )
        self.mailing_id.check_access("write")
        result = super().write(vals)
        self.sudo()._update_after_tick()
        return result

    # === ACTION METHODS === #

    def action_tick(self):
        """Tick the rows, or all that the search finds when all were selected."""
        self._get_selection().write({"selected": True})

    def action_untick(self):
        """Untick the rows, or all that the search finds when all were selected."""
        self._get_selection().write({"selected": False})

    def _get_selection(self):
        """Return the rows that the user has selected in the list.

        The web client hands over a limited number of ids; a selection as large as
        that is the whole result of the search, which comes along as a domain.
        """
        get_param = self.env["ir.config_parameter"].sudo().get_param
        limit = int(get_param("web.active_ids_limit", 20000))
        domain = self.env.context.get("active_domain")
        if domain is None or len(self) < limit:
            return self
        return self.search(domain)

    def action_open_record(self):
        """Open the contact, account or lead behind the row."""
        self.ensure_one()
        record = self.lead_id or self.partner_id
        if not record:
            raise UserError(self.env._("The record of this row has been deleted."))
        return record.get_formview_action()

    # === BUSINESS METHODS === #

    def _update_after_tick(self):
        """Judge the rows again, and those that share an address with them."""
        for mailing, rows in self.grouped("mailing_id").items():
            whole = len(rows) > WHOLE_MAILING
            self.env["mailjet.ledger"]._judge(mailing, None if whole else rows.ids)
