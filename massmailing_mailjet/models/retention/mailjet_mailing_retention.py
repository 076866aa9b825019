from odoo import api, fields, models
from odoo.tools import SQL

from .const import ANSWER_DAYS

STAYING = "retention"
# The part of the preference page that asks.
QUESTION = "#staying"


class MailjetMailing(models.Model):
    """The mailing that asks prospects without contact whether they want to stay in
    touch: its button leads to the preference page, where they say so."""

    _inherit = "mailjet.mailing"

    purpose = fields.Selection(selection_add=[(STAYING, "Stay in touch")])

    def _has_moved(self, since):
        """Look at the prospects again, who may have been in touch since."""
        return self.purpose == STAYING or super()._has_moved(since)

    def _get_omissions(self):
        yield from super()._get_omissions()
        if self.purpose == STAYING:
            yield "not_asked", self._find_not_asked()

    def _find_not_asked(self):
        """Return the query of the addresses that the mailing must not ask: those in
        contact, and those whom another mailing asks or has asked."""
        return SQL(
            """
            SELECT r.mailing_id, r.email_normalized FROM mailjet_recipient r
             WHERE r.mailing_id = %(mailing)s AND r.email_normalized IS NOT NULL
               AND NOT EXISTS (SELECT FROM mailjet_retention t
                                WHERE t.company_id = %(company)s
                                  AND t.email = r.email_normalized
                                  AND t.mailing_id = %(mailing)s
                                  AND t.state IN ('found', 'asked'))
            """,
            mailing=self.id,
            company=self.company_id.id,
        )

    @api.model
    def _get_ready_values(self, purpose):
        if purpose != STAYING:
            return super()._get_ready_values(purpose)
        company = self.env.company
        paragraphs = [
            self.env._("Hello,"),
            self.env._("It has been a long time since we were last in touch."),
            self.env._(
                "Would you like to stay in our contacts? If so, please say so on your "
                "preference page."
            ),
            self.env._(
                "If you do nothing, we do not write to you again: your data are "
                "archived and our mailing service deletes your address, %s days from "
                "now at the earliest.",
                ANSWER_DAYS,
            ),
        ]
        return {
            "name": self.env._("Stay in touch"),
            "subject": self.env._("Shall we stay in touch?"),
            "preview": self.env._("%s asks you only once.", company.name),
            **self._render_ready_email(
                paragraphs, self.env._("Stay in touch"), QUESTION
            ),
        }
