from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailjetMeasuringText(models.Model):
    """A version of the text by which recipients are asked whether their openings and
    clicks may be measured. The newest one of a company is shown.

    A text that somebody has answered is proof: it is never changed again, a new one is
    made instead.
    """

    _name = "mailjet.measuring.text"
    _description = "Question about measuring"
    _inherit = ["mailjet.guard.mixin"]
    _order = "id desc"
    _rec_name = "body"

    body = fields.Text(string="Text", required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="If empty, it is shown by every company that has no text of its own.",
    )
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="If not, its company was deleted: it is not shown, and kept as proof.",
    )
    is_answered = fields.Boolean(
        string="Answered",
        compute="_compute_is_answered",
        help="A recipient has answered this text: it can no longer be changed.",
    )

    def _compute_is_answered(self):
        answers = self.env["mailjet.measuring"].sudo()
        groups = answers._read_group([("text_id", "in", self.ids)], ["text_id"])
        answered = {text.id for (text,) in groups}
        for text in self:
            text.is_answered = text.id in answered

    @api.model
    def _get_text(self, company):
        """Return the text that a company shows now."""
        return self.sudo().search_fetch(
            [("company_id", "in", [company.id, False])],
            ["body"],
            # Those of no company come last.
            order="company_id.id, id desc",
            limit=1,
        )

    def _get_version(self):
        """Return what names the text as the user reads it now. It changes with the
        words: whoever answers has read exactly these."""
        digest = sha256((self.body or "").encode()).hexdigest()
        return f"{self.id}-{digest}"

    def _get_body(self, lang):
        """Return the text as it is shown in a language, which may be deactivated.

        :param lang: a code, or empty for the user's language
        """
        bodies = self._fields["body"]._get_stored_translations(self) or {}
        return (lang and (bodies.get(lang) or bodies.get("en_US"))) or self.body

    def write(self, vals):
        self._check_unanswered()
        return super().write(vals)

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self._check_unanswered()
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    def _check_unanswered(self):
        """Check that nobody has answered these texts.

        :raise UserError: if somebody has
        """
        if any(self.mapped("is_answered")):
            raise UserError(
                self.env._(
                    "Recipients have answered this text: it is the proof of what they "
                    "agreed to. Create a new text instead; it is shown from then on."
                )
            )
