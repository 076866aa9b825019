from odoo import api, fields, models

from ...const import COMPOSITIONS, KIND_MODEL
from ...tools.variable_repair import repair_tokens
from ...tools.variables import Variable

# What one would call recipients by.
EXAMPLES = {
    "contact": Variable("contacts", "firstname"),
    "account": Variable("accounts", "name"),
    "lead": Variable("leads", "contact"),
}


class MailjetMailing(models.Model):
    """The content of a mailing, as its author wrote it."""

    _inherit = "mailjet.mailing"

    subject = fields.Char(
        tracking=True,
        translate=False,
        help="Variables such as $contacts-firstname$ are replaced for each recipient.",
    )
    preview = fields.Char(
        string="Preview text",
        help="Shown next to the subject by most mailboxes.",
    )
    online_version_text = fields.Char(
        string="Text of the online version",
        default=lambda self: self.env._("View this email online"),
        help="Text of the link to the online version, on top of the email.",
    )
    unsubscribe_text = fields.Char(
        string="Text of the unsubscribe link",
        default=lambda self: self.env._("Unsubscribe"),
        help="Text of the link at the bottom of the email.",
    )
    # A template is copied into one of the editors; "template" is the visual one.
    composition = fields.Selection(COMPOSITIONS, required=True, default="blank")
    # Written by the form, if another way to compose is chosen.
    template_name = fields.Char(string="Based on")
    body_arch = fields.Html(
        string="Body", sanitize="email_outgoing", translate=False, copy=True
    )
    body_html = fields.Html(string="Body to send", sanitize="email_outgoing")
    body_code = fields.Text(string="HTML source")
    body_text = fields.Text(
        string="Plain text",
        help="Shown by mailboxes without HTML. If empty, it is generated from the "
        "email.",
    )
    # How a variable is written: one that suits the recipients.
    variable_hint = fields.Char(compute="_compute_examples")
    subject_example = fields.Char(compute="_compute_examples")
    subject_display = fields.Char(
        string="Subject with the names of variables",
        compute="_compute_subject_display",
    )
    # The visual editor belongs to mass_mailing and reads these two.
    mailing_model_id = fields.Many2one(
        "ir.model", compute="_compute_mailing_model", compute_sudo=True
    )
    mailing_model_real = fields.Char(
        compute="_compute_mailing_model", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("recipient_type")
    def _compute_mailing_model(self):
        for mailing in self:
            model = KIND_MODEL.get(mailing.recipient_type, "res.partner")
            mailing.mailing_model_id = self.env["ir.model"]._get(model)
            mailing.mailing_model_real = model

    @api.depends("recipient_type")
    def _compute_examples(self):
        for mailing in self:
            token = EXAMPLES.get(mailing.recipient_type, EXAMPLES["contact"]).token
            mailing.variable_hint = self.env._(
                "Variables such as %s are replaced for each recipient.", token
            )
            mailing.subject_example = self.env._("e.g. %s, our autumn news", token)

    @api.depends("subject")
    @api.depends_context("lang")
    def _compute_subject_display(self):
        subjects = self.env["mailjet.variable"]._write_for_people(
            [mailing.subject for mailing in self]
        )
        for mailing, subject in zip(self, subjects, strict=True):
            mailing.subject_display = subject

    # === CRUD METHODS === #

    def _choose_name(self, vals):
        name = super()._choose_name(vals)
        return self.env["mailjet.variable"]._write_for_people([name])[0]

    # === ACTION METHODS === #

    def action_edit_text(self):
        """Make the plain text editable, starting from the text of the email."""
        self.ensure_one()
        self.check_access("write")
        self.body_text = self._derive_text()
        return True

    def action_derive_text(self):
        """Generate the plain text automatically again."""
        self.body_text = False
        return True

    # === BUSINESS METHODS === #

    def _get_language(self):
        """Return the code of the language in which the recipients are addressed."""
        self.ensure_one()
        return self.user_id.lang or self.company_id.partner_id.lang or "en_US"

    def _get_texts(self):
        """Return every text that may contain a variable."""
        self.ensure_one()
        body = self.body_code if self.composition == "html" else self.body_html
        return [
            self.subject,
            self.preview,
            repair_tokens(str(body or "")),
            self.body_text,
            self.online_version_text,
            self.unsubscribe_text,
        ]

    def _get_variables_by_name(self):
        """Return the variables by name, in the language of the recipients."""
        language = self._get_language()
        return self.env["mailjet.variable"].with_context(lang=language)._get_by_name()
