from odoo import api, fields, models
from odoo.tools import SQL


class MailjetEventQueue(models.Model):
    """The events that wait to be applied: narrow, short-lived rows with the ids of
    their events."""

    _name = "mailjet.event.queue"
    _description = "Mailjet event to apply"
    _order = "id"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )

    @api.model
    def _add(self, events):
        """Queue events to be applied, again or for the first time."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_event_queue (id, account_id)
                SELECT id, account_id FROM mailjet_event WHERE id = ANY(%s)
                    ON CONFLICT DO NOTHING
                """,
                events.ids,
            )
        )
        events.invalidate_recordset(["state"])
