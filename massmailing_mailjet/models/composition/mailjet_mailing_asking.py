from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

ASKING = "measuring"
# The part of the preference page with the question.
QUESTION = "#measuring"


class MailjetMailing(models.Model):
    """The mailing that asks whether openings and clicks may be measured: it shows the
    company's text, leads to the preference page, and is not measured itself."""

    _inherit = "mailjet.mailing"

    purpose = fields.Selection(selection_add=[(ASKING, "Permission to measure")])

    @api.model
    def _get_ready_values(self, purpose):
        if purpose != ASKING:
            return super()._get_ready_values(purpose)
        text = self.env["mailjet.measuring"]._get_text(self.env.company).body or ""
        question = [line.strip() for line in text.splitlines() if line.strip()]
        paragraphs = [
            self.env._("Hello,"),
            *question,
            self.env._(
                "Please choose on your preference page. We do not ask again within six "
                "months, and this email itself is not measured."
            ),
        ]
        return {
            "name": self.env._("Permission to measure"),
            "subject": self.env._("May we measure how our emails are read?"),
            "preview": self.env._("You decide, and can change it at any time."),
            **self._render_ready_email(paragraphs, self.env._("Choose"), QUESTION),
        }

    def action_add_letter(self):
        """Refuse an A/B test: its figures are openings and clicks.

        :raise UserError: saying so
        """
        if self.purpose == ASKING:
            raise UserError(
                self.env._(
                    "This mailing is not measured: an A/B test could not tell which "
                    "version is better."
                )
            )
        return super().action_add_letter()

    def _list_missing_letters(self):
        return [] if self.purpose == ASKING else super()._list_missing_letters()

    def _may_measure(self):
        """Measure nobody: those who are asked have not answered yet."""
        return SQL("FALSE") if self.purpose == ASKING else super()._may_measure()
