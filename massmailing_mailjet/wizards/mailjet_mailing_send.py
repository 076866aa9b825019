from odoo import api, fields, models

from ..models.counting import say_count


class MailjetMailingSend(models.TransientModel):
    """Asks for a confirmation before a mailing is sent now: to how many people, from
    whom, with which subject, and for how long that can be undone."""

    _name = "mailjet.mailing.send"
    _description = "Send a mass mailing now"
    _inherit = ["mailjet.issues.mixin"]

    planned_count = fields.Integer(
        related="mailing_id.planned_count", related_sudo=False
    )
    sender = fields.Char(string="From", compute="_compute_texts", compute_sudo=False)
    subject = fields.Char(
        string="Subject", related="mailing_id.subject_display", related_sudo=False
    )
    dates = fields.Char(compute="_compute_texts", compute_sudo=False)
    undo = fields.Char(compute="_compute_texts", compute_sudo=False)

    @api.depends("mailing_id")
    def _compute_texts(self):
        for wizard in self:
            mailing = wizard.mailing_id
            senders = mailing._count_senders()
            wizard.sender = (
                mailing._summarize_senders(senders)
                if senders
                else mailing._format_sender()
            )
            wizard.dates = mailing._say_dates()
            wizard.undo = self._say_undo(mailing.company_id.mailjet_undo_minutes)

    @api.model
    def _say_undo(self, minutes):
        """Return for how long sending can be undone, in a sentence."""
        if not minutes:
            return self.env._("It is sent at once and cannot be undone.")
        return say_count(
            self.env,
            minutes,
            self.env._("You can undo this for %(count)s minute."),
            self.env._("You can undo this for %(count)s minutes."),
        )

    def action_send(self):
        """Accept what is open, and send the mailing.

        :raise UserError: if it has changed and anything else is open
        """
        self.ensure_one()
        self._accept_issues()
        self.mailing_id.action_send_checked()
        return {"type": "ir.actions.act_window_close"}
