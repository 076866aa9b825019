from odoo import fields, models

from ..const import BOUNCE_TYPES, EVENT_STATES, EVENT_TYPES


class MailjetEvent(models.Model):
    """The inbox of what Mailjet's webhooks bring: one row per object, kept as it came.

    Rows are only ever added, by :meth:`_store`, and applied by ``mailjet.feedback``.
    What an object says is read once, when it is stored: the columns beside the payload.
    """

    _name = "mailjet.event"
    _description = "Mailjet Event"
    _order = "id desc"
    _rec_name = "type"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True, index=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", readonly=True, index="btree_not_null"
    )
    payload = fields.Json(string="What Mailjet Sent", readonly=True)
    dedupe_hash = fields.Char(required=True, readonly=True)
    received_date = fields.Datetime(
        string="Received on", required=True, readonly=True, index=True
    )
    state = fields.Selection(EVENT_STATES, required=True, readonly=True)
    reason = fields.Char(string="Why It Is Set Aside", readonly=True)
    type = fields.Selection(EVENT_TYPES, readonly=True)
    event_date = fields.Datetime(string="Happened on", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    mailjet_draft_id = fields.Char(string="Mailjet Draft ID", readonly=True)
    url = fields.Char(string="Link", readonly=True)
    bounce_type = fields.Selection(BOUNCE_TYPES, string="Bounce", readonly=True)
    error = fields.Char(string="Mailjet's Error", readonly=True)
    ip = fields.Char(string="IP Address", readonly=True)
    agent = fields.Char(string="Browser or Program", readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    is_machine = fields.Boolean(string="By a Machine", readonly=True)

    _dedupe_hash_uniq = models.UniqueIndex("(dedupe_hash)")
    # The rows still to apply are few among those kept.
    _pending_idx = models.Index("(id) WHERE state = 'pending'")
