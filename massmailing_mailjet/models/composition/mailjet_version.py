from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..sentence import say

_lt = LazyTranslate(__name__)

# What a version begins with as a copy.
VERSION_FIELDS = (
    *("subject", "preview"),
    *("online_version_text", "unsubscribe_text", "preferences_text"),
    *("composition", "body_arch", "body_html", "body_code", "body_text"),
)
# Those of an A/B test; A is the mailing's own email.
LETTERS = [(letter, letter.upper()) for letter in "bcde"]


class MailjetVersion(models.Model):
    """The email of a mailing in another language, or another email of an A/B test. It
    goes to the recipients of that language or to some that are drawn by lot, as a
    campaign of its own; all others get the mailing's own email.

    It can be changed as long as its mailing can.
    """

    _name = "mailjet.version"
    _description = "Version of a mass mailing"
    _inherit = ["mailjet.guard.mixin", "mailjet.content.mixin"]
    _order = "mailing_id, letter, id"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True
    )
    # A version has one of these two.
    lang = fields.Selection(string="Language of the version")
    letter = fields.Selection(LETTERS, string="Version")
    sender_name = fields.Char(
        string="Sender name", help="If empty, it is that of the mailing."
    )
    recipient_type = fields.Selection(related="mailing_id.recipient_type")
    company_id = fields.Many2one(related="mailing_id.company_id")
    state = fields.Selection(related="mailing_id.state")
    original_html = fields.Text(string="Original", compute="_compute_original")
    original_subject = fields.Char(
        string="Original subject", compute="_compute_original"
    )
    original_preview = fields.Char(
        string="Original preview text", compute="_compute_original"
    )

    _mailing_lang_uniq = models.UniqueIndex(
        "(mailing_id, lang)", "This mailing has a version in this language already."
    )
    _mailing_letter_uniq = models.UniqueIndex(
        "(mailing_id, letter)", "This mailing has this version already."
    )
    _lang_or_letter = models.Constraint(
        "CHECK((lang IS NULL) <> (letter IS NULL))",
        "A version is in another language, or it is for an A/B test.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lang", "letter")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self.env["res.lang"].get_installed())
        for version in self:
            if version.letter:
                version.display_name = self._name_letter(version.letter)
            else:
                version.display_name = names.get(version.lang, version.lang)

    @api.depends("mailing_id")
    def _compute_original(self):
        for version in self:
            subject, html, _text, preview = version.mailing_id._render_message()
            version.original_html = html
            version.original_subject = subject
            version.original_preview = preview

    # === CONSTRAINT METHODS === #

    @api.constrains("lang", "mailing_id")
    def _check_lang(self):
        self.mailing_id._check_versions()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._check_changeable()
        return versions

    def write(self, vals):
        self._check_changeable()
        result = super().write(vals)
        self._check_changeable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_changeable()

    def _check_changeable(self):
        """Raise if the user may not change the mailing, or if nobody can any more.

        :raise AccessError: if the user has no access
        :raise UserError: if it is being sent or was sent
        """
        if not self.env.su:
            for mailing in self.mailing_id:
                mailing._check_loadable()

    # === ACTION METHODS === #

    def action_open(self):
        """Open the version beside the original."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_preview(self):
        """Open the preview of the version."""
        self.ensure_one()
        action = self.mailing_id.action_preview()
        return {**action, "params": {**action["params"], "version_id": self.id}}

    def action_derive_text(self):
        """Generate the plain text automatically again."""
        self.body_text = False
        return True

    def action_remove(self):
        """Delete the version: its recipients get the mailing's own email."""
        self.ensure_one()
        action = self.mailing_id.get_formview_action()
        self.unlink()
        return {**action, "target": "main"}

    # === BUSINESS METHODS === #

    def _get_values(self):
        """Return what the version has of its own, as values of its mailing; an empty
        dict for no version."""
        if not self:
            return {}
        self.ensure_one()
        values = {name: self[name] for name in VERSION_FIELDS}
        own = {name: self[name] for name in ("lang", "sender_name") if self[name]}
        return {**values, **own}

    @api.model
    def _name_letter(self, letter):
        """Return what people call an email of an A/B test, as plain text."""
        return str(self._say_letter(letter))

    @api.model
    def _say_letter(self, letter):
        """Return what people call an email of an A/B test, as a :class:`Sentence`."""
        return say(self.env, _lt("Version %s", letter.upper()))
