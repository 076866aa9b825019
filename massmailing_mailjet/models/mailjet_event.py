import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import (
    BOUNCE_TYPES,
    DELIVERY_ERRORS,
    EVENT_STATES,
    EVENT_TYPES,
    PARK_REASONS,
)
from ..tools.webhook_events import WebhookEvent, read_body, set_aside

# Bytes of one call. Mailjet groups the events of a second; ten thousand are about five
# megabytes.
MAX_BODY = 20_000_000

# How raw events are kept, where nobody has said how long; and for how long at least, as
# Mailjet repeats a call for a day.
RETENTION_DAYS = 90
SHORTEST_RETENTION = 7
VACUUM_ROWS = 50_000


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
    MAX_BODY = MAX_BODY

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", readonly=True, index="btree_not_null"
    )
    payload = fields.Json(string="What Mailjet Sent", readonly=True)
    payload_text = fields.Text(compute="_compute_payload_text")
    dedupe_hash = fields.Char(required=True, readonly=True)
    received_date = fields.Datetime(string="Received on", required=True, readonly=True)
    state = fields.Selection(EVENT_STATES, required=True, readonly=True)
    reason = fields.Selection(PARK_REASONS, string="Why It Is Set Aside", readonly=True)
    type = fields.Selection(EVENT_TYPES, readonly=True)
    event_date = fields.Datetime(string="Happened on", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    mailjet_draft_id = fields.Char(string="Mailjet Draft ID", readonly=True)
    url = fields.Char(string="Link", readonly=True)
    bounce_type = fields.Selection(BOUNCE_TYPES, string="Bounce", readonly=True)
    error = fields.Selection(DELIVERY_ERRORS, readonly=True)
    comment = fields.Char(string="In Mailjet's Words", readonly=True)
    ip = fields.Char(string="IP Address", readonly=True)
    agent = fields.Char(string="Browser or Program", readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    is_machine = fields.Boolean(
        string="By a Machine",
        readonly=True,
        help="By a mailbox provider or a security scanner, which says nothing "
        "about the person.",
    )

    # Every index is written twice for each event: no more of them than are needed.
    _dedupe_hash_uniq = models.UniqueIndex("(dedupe_hash)")
    # The rows still to apply are few among those kept.
    _pending_idx = models.Index("(id) WHERE state = 'pending'")

    @api.depends("type", "email")
    def _compute_display_name(self):
        labels = dict(self._fields["type"]._description_selection(self.env))
        for event in self:
            parts = filter(None, (labels.get(event.type), event.email))
            event.display_name = " · ".join(parts) or self.env._("Report of Mailjet")

    @api.depends("payload")
    def _compute_payload_text(self):
        for event in self:
            event.payload_text = json.dumps(event.payload, indent=2, ensure_ascii=False)

    # === WHAT COMES IN === #

    @api.model
    def _receive(self, account, body):
        """Keep what Mailjet has posted and have it applied soon.

        :param body: bytes, or None when there were more than :data:`MAX_BODY`
        """
        now = fields.Datetime.now()
        if body is None:
            # Mailjet sends the same again until it is answered: keep that once a day.
            body = f"More than {MAX_BODY} bytes on {now.date()}".encode()
            events = [set_aside(body, "too_large", account.id)]
        else:
            events = read_body(body, now, account.id)
        if events:
            self._store(account, events, now)
            self._trigger_cron()

    @api.model
    def _store(self, account, events, received):
        """Add those events that are not there yet."""
        columns = [SQL.identifier(name) for name in WebhookEvent._fields]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_event (account_id, received_date, %(columns)s)
                SELECT %(account)s, %(received)s, %(columns)s
                  FROM unnest(%(values)s) AS e (%(columns)s)
                    ON CONFLICT (dedupe_hash) DO NOTHING
                """,
                columns=SQL(", ").join(columns),
                account=account.id,
                received=received,
                values=SQL(", ").join(self._as_arrays(events)),
            )
        )

    @api.model
    def _as_arrays(self, events):
        """Return the events column by column, as SQL arrays of the column's type."""
        for name, values in zip(
            WebhookEvent._fields, zip(*events, strict=True), strict=True
        ):
            column_type = self._fields[name].column_type[1]
            yield SQL("%s::%s[]", list(values), SQL(column_type))

    @api.model
    def _trigger_cron(self):
        self.env.ref("massmailing_mailjet.ir_cron_feedback")._trigger()

    # === WHAT HAPPENS TO THE ROWS === #

    def action_apply_again(self):
        """Try events again that were set aside, once their mailing is known."""
        self.check_access("read")
        parked = self.filtered(
            lambda event: event.state == "parked" and event.type and event.email
        )
        parked.sudo().write({"state": "pending", "reason": False})
        self._trigger_cron()
        return True

    @api.model
    def _get_retention(self):
        """Return for how long raw events are kept."""
        days = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("massmailing_mailjet.event_days")
        )
        days = int(days) if (days or "").isdigit() else RETENTION_DAYS
        return timedelta(days=max(days, SHORTEST_RETENTION))

    @api.autovacuum
    def _gc_events(self):
        """Delete raw events after their time; what they said stays on the recipients.

        :return: how many were deleted, and whether there are more
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_event WHERE id IN (
                    SELECT id FROM mailjet_event
                     WHERE received_date < %s AND state <> 'pending'
                  ORDER BY id LIMIT %s)
                """,
                fields.Datetime.now() - self._get_retention(),
                VACUUM_ROWS,
            )
        )
        deleted = self.env.cr.rowcount
        return deleted, deleted == VACUUM_ROWS
