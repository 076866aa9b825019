from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...const import FOLLOW_UPS, KINDS, RECIPIENT_STATUSES, VERDICTS
from .const import EXCLUSION_REASONS, RECORD_ISSUES
from .selected_domain import get_selected_domain
from .unchecked_many2one import UncheckedMany2one


class MailjetRecipient(models.Model):
    """A row of a mailing: a contact, an account or a lead, whether it is mailed or why
    not, and the result.

    Rows are handled as sets: ``mailjet.recipient.load`` loads them, and
    ``mailjet.verdict`` decides on them and counts them, never one by one.
    """

    _name = "mailjet.recipient"
    _description = "Mass mailing recipient"
    _order = "id"
    _rec_names_search = ["name", "email"]
    # The load records who and when; four more columns would be costly for a million
    # rows.
    _log_access = False

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True
    )
    # Only of a mailing that is divided into several campaigns.
    campaign_id = UncheckedMany2one(
        "mailjet.campaign", string="Mailjet campaign", readonly=True
    )
    sent_date = fields.Datetime(related="mailing_id.sent_date")
    load_id = fields.Many2one(
        "mailjet.recipient.load",
        string="Loaded by",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact or account",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    lead_id = fields.Many2one(
        "crm.lead", ondelete="set null", index="btree_not_null", readonly=True
    )
    name = fields.Char(readonly=True)
    email = fields.Char(string="Address", readonly=True)
    email_normalized = fields.Char(string="Normalized address", readonly=True)
    record_issue = fields.Selection(RECORD_ISSUES, string="Record issue", readonly=True)
    selected = fields.Boolean(
        default=True, help="The mailing is sent only to selected recipients."
    )
    verdict = fields.Selection(
        VERDICTS,
        default="send",
        required=True,
        readonly=True,
        help="Whether the mailing is sent to this recipient.",
    )
    exclusion_reason = fields.Selection(
        EXCLUSION_REASONS,
        string="Reason",
        readonly=True,
        help="The first reason that applies to this recipient.",
    )
    status = fields.Selection(
        RECIPIENT_STATUSES,
        default="pending",
        required=True,
        readonly=True,
        help="Latest delivery status reported by Mailjet.",
    )
    failure_reason = fields.Char(
        string="Failure",
        readonly=True,
        help="Why Mailjet refused this recipient.",
    )
    # No foreign key: it would be checked for each of a million copied rows.
    source_id = fields.Integer(string="Recipient of the first mailing", readonly=True)
    source_kind = fields.Selection(FOLLOW_UPS, string="Follow-up", readonly=True)
    mailing_state = fields.Selection(related="mailing_id.state")
    mailjet_message_id = fields.Char(string="Mailjet message ID", readonly=True)
    is_erased = fields.Boolean(
        string="Being erased",
        readonly=True,
        help="Excluded because the person's data is being erased. The address is "
        "removed as soon as Mailjet has taken it out of the list.",
    )
    # For searches only, with a mailing's id and a variable: "7 $contacts-firstname$".
    empty_variable = fields.Char(
        string="Without a value for", store=False, search="_search_empty_variable"
    )

    # A record is in a mailing only once: loads skip what conflicts with these indexes.
    _mailing_partner_uniq = models.UniqueIndex(
        "(mailing_id, partner_id) WHERE partner_id IS NOT NULL"
    )
    _mailing_lead_uniq = models.UniqueIndex(
        "(mailing_id, lead_id) WHERE lead_id IS NOT NULL"
    )
    # A row gets only one follow-up of each kind.
    _source_uniq = models.UniqueIndex(
        "(source_id, source_kind) WHERE source_id IS NOT NULL"
    )
    _mailing_idx = models.Index("(mailing_id, id)")
    _mailing_reason_idx = models.Index(
        "(mailing_id, exclusion_reason, id) WHERE exclusion_reason IS NOT NULL"
    )
    _mailing_deleted_idx = models.Index(
        "(mailing_id) WHERE partner_id IS NULL AND lead_id IS NULL"
        " AND record_issue IS DISTINCT FROM 'deleted'"
    )
    _mailing_message_idx = models.Index(
        "(mailing_id, mailjet_message_id) WHERE mailjet_message_id IS NOT NULL"
    )
    _erased_idx = models.Index("(mailing_id) WHERE is_erased IS TRUE")
    _email_idx = models.Index(
        "(email_normalized, mailing_id) WHERE email_normalized IS NOT NULL"
    )

    def init(self):
        """Leave half of each page free: the new status of every row of a mailing is
        then written on the same page, and no index has to be updated."""
        self.env.cr.execute("ALTER TABLE mailjet_recipient SET (fillfactor = 50)")

    # === COMPUTE METHODS === #

    @api.depends("name", "email")
    def _compute_display_name(self):
        for row in self:
            parts = filter(None, (row.name, row.email and f"<{row.email}>"))
            row.display_name = " ".join(parts)

    @api.model
    def _search_empty_variable(self, operator, values):
        """Find the rows to send of a mailing for which a variable is empty. A value is
        the id of the mailing, the variable, and the id of the version, 0 for the
        mailing's own email, with spaces between."""
        if operator != "in":
            return NotImplemented
        found = []
        for value in values:
            mailing_id, token, version_id, *_rest = [*str(value).split(" "), "", ""]
            if mailing_id.isdigit() and token:
                mailing = self.env["mailjet.mailing"].browse(int(mailing_id)).exists()
                if mailing:
                    number = int(version_id) if version_id.isdigit() else 0
                    rows = mailing._find_empty_rows(token, mailing._get_version(number))
                    found.append(Domain("id", "in", rows))
        return Domain.OR(found)

    # === CRUD METHODS === #

    def write(self, vals):
        """Let users change only whether a row is ticked."""
        if self.env.su:
            return super().write(vals)
        if set(vals) - {"selected"}:
            raise AccessError(
                self.env._("Only the checkbox of a recipient can be changed manually.")
            )
        if vals:
            self._tick(Domain("id", "in", self.ids), vals["selected"])
        return True

    # === ACTION METHODS === #

    def action_tick(self):
        """Tick the rows; without any, all that the search finds."""
        return self._tick(self._get_chosen_domain(), True)

    def action_untick(self):
        """Untick the rows; without any, all that the search finds."""
        return self._tick(self._get_chosen_domain(), False)

    def _get_chosen_domain(self):
        """Return the domain of the rows, or without any of what the search finds,
        which the web client names in the context."""
        found = self.env.context.get("active_domain")
        if self or found is None:
            return get_selected_domain(self.env, self.ids)
        return Domain(found)

    def _tick(self, domain, selected):
        """Tick or untick the rows of a domain, whatever their number, and recompute
        their verdicts.

        :raise UserError: if their mailing is being sent or was sent
        """
        self.check_access("write")
        mailings = self.env["mailjet.mailing"].concat(
            *(mailing for (mailing,) in self._read_group(domain, ["mailing_id"]))
        )
        for mailing in mailings:
            mailing._check_loadable()
            query = self._search(domain & Domain("mailing_id", "=", mailing.id))
            self.env["mailjet.verdict"].sudo()._tick(mailing, query, selected)
        return True

    def action_open_record(self):
        """Open the contact, account or lead behind the row."""
        self.ensure_one()
        record = self.lead_id or self.partner_id
        if not record:
            raise UserError(
                self.env._("The record of this recipient has been deleted.")
            )
        return record.get_formview_action()

    @api.model
    def _get_people_action(self, name, domain, **context):
        """Return the action that shows the results of the rows of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "massmailing_mailjet.mailjet_recipient_action_people"
        )
        # The web client shows the display name, which is otherwise the stored action's.
        own = {"name": name, "display_name": name, "domain": domain}
        return {**action, **own, "context": context}
