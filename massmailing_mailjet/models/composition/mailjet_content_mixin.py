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


class MailjetContentMixin(models.AbstractModel):
    """An email as its author writes it: the one of a mailing, or a version of it.

    The model has a ``recipient_type``.
    """

    _name = "mailjet.content.mixin"
    _description = "Content of a mass mailing"

    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="The language in which the email is written. The unsubscribe page and the "
        "formats of dates and numbers follow it.",
    )
    has_languages = fields.Boolean(
        string="Several languages are installed", compute="_compute_has_languages"
    )
    subject = fields.Char(
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
    preferences_text = fields.Char(
        string="Text of the preferences link",
        default=lambda self: self._get_preferences_text(),
        help="Text of the link to the page on which recipients choose what they "
        "receive, next to the unsubscribe link. To place it elsewhere, give a link in "
        "the email the address [[PREFERENCES_LINK]].",
    )
    # A template is copied into one of the editors; "template" is the visual one.
    composition = fields.Selection(COMPOSITIONS, required=True, default="blank")
    # HTML, not XHTML, as which Odoo stores outgoing emails otherwise: in mailboxes and
    # in the editor, a `<b/>` makes all that follows bold, and a `<style/>` hides it.
    body_arch = fields.Html(
        string="Body",
        sanitize="email_outgoing",
        sanitize_output_method="html",
        translate=False,
        copy=True,
    )
    body_html = fields.Html(
        string="Body to send",
        sanitize="email_outgoing",
        sanitize_output_method="html",
    )
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

    def _compute_has_languages(self):
        """Return whether several languages are installed."""
        self.has_languages = len(self.env["res.lang"].get_installed()) > 1

    @api.depends("recipient_type")
    def _compute_mailing_model(self):
        for content in self:
            model = KIND_MODEL.get(content.recipient_type, "res.partner")
            content.mailing_model_id = self.env["ir.model"]._get(model)
            content.mailing_model_real = model

    @api.depends("recipient_type")
    def _compute_examples(self):
        for content in self:
            token = EXAMPLES.get(content.recipient_type, EXAMPLES["contact"]).token
            content.variable_hint = self.env._(
                "Variables such as %s are replaced for each recipient.", token
            )
            content.subject_example = self.env._("e.g. %s, our autumn news", token)

    @api.depends("subject")
    @api.depends_context("lang")
    def _compute_subject_display(self):
        subjects = self.env["mailjet.variable"]._write_for_people(
            [content.subject for content in self]
        )
        for content, subject in zip(self, subjects, strict=True):
            content.subject_display = subject

    # === BUSINESS METHODS === #

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
            self.preferences_text,
        ]

    @api.model
    def _get_preferences_text(self):
        return self.env._("Manage my preferences")
