from odoo import api, fields, models


class MailjetMailing(models.Model):
    """The content of a mailing, as its author wrote it."""

    _name = "mailjet.mailing"
    _inherit = ["mailjet.mailing", "mailjet.content.mixin"]

    subject = fields.Char(tracking=True)
    lang = fields.Selection(
        compute="_compute_lang", store=True, readonly=False, precompute=True
    )
    # Written by the form, if another way to compose is chosen.
    template_name = fields.Char(string="Based on")

    # === COMPUTE METHODS === #

    @api.depends("user_id", "company_id")
    def _compute_lang(self):
        """Take the language of the responsible, unless there is one already."""
        for mailing in self:
            mailing.lang = mailing.lang or mailing._get_staff_language()

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
        return self.lang or self._get_staff_language()

    def _get_staff_language(self):
        """Return the code of the language of the responsible."""
        self.ensure_one()
        return self.user_id.lang or self.company_id.partner_id.lang or "en_US"

    def _get_variables_by_name(self):
        """Return the variables by name, in the language of the recipients."""
        language = self._get_language()
        return self.env["mailjet.variable"].with_context(lang=language)._get_by_name()
