import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import EVENT_STATES, RETENTION_DAYS, UNMATCHED_REASONS
from ...tools.mailjet_vocabulary import DELIVERY_ERRORS, EVENT_BOUNCES, EVENT_TYPES
from ...tools.webhook_body import show
from ...tools.webhook_events import WebhookEvent, read_body, set_aside

# Maximum size of a webhook call, in bytes. Mailjet groups the events of a second; ten
# thousand are about five megabytes.
MAX_BODY = 20_000_000

# Minimum number of days to keep raw events, as Mailjet repeats a call for a day.
SHORTEST_RETENTION = 7
VACUUM_ROWS = 50_000


class MailjetEvent(models.Model):
    """The inbox of Mailjet's webhooks: one row per object, stored as received.

    Rows are only ever added, by :meth:`_store`, and applied by ``mailjet.feedback``. An
    object is parsed once, when it is stored: into the columns beside the payload.
    Events to apply are in ``mailjet.event.queue``, so that applying an event does not
    rewrite its row with the whole payload.
    """

    _name = "mailjet.event"
    _description = "Mailjet event"
    _order = "id desc"
    _log_access = False
    MAX_BODY = MAX_BODY

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", readonly=True, index="btree_not_null"
    )
    payload = fields.Json(string="Data from Mailjet", readonly=True)
    payload_text = fields.Text(compute="_compute_payload_text")
    dedupe_hash = fields.Char(required=True, readonly=True)
    received_date = fields.Datetime(string="Received on", required=True, readonly=True)
    state = fields.Selection(
        EVENT_STATES, compute="_compute_state", search="_search_state"
    )
    reason = fields.Selection(
        UNMATCHED_REASONS, string="Reason not applied", readonly=True
    )
    type = fields.Selection(EVENT_TYPES, readonly=True)
    event_date = fields.Datetime(string="Occurred on", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    mailjet_draft_id = fields.Char(string="Mailjet draft ID", readonly=True)
    url = fields.Char(string="Link", readonly=True)
    bounce_type = fields.Selection(EVENT_BOUNCES, string="Bounce", readonly=True)
    error = fields.Selection(DELIVERY_ERRORS, readonly=True)
    comment = fields.Char(string="Mailjet's comment", readonly=True)
    ip = fields.Char(string="IP address", readonly=True)
    agent = fields.Char(string="Browser or program", readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    is_machine = fields.Boolean(
        string="By a machine",
        readonly=True,
        help="By a mailbox provider or a security scanner; says nothing about the "
        "person.",
    )
    is_fetched = fields.Boolean(
        string="Fetched from Mailjet",
        readonly=True,
        help="Fetched from Mailjet because no webhook reported it.",
    )

    # Every index is written twice for each event: keep only the necessary ones.
    _dedupe_hash_uniq = models.UniqueIndex("(dedupe_hash)")
    # For the health page, which polls, and for data protection requests.
    _email_idx = models.Index("(email) WHERE email IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("type", "reason", "email")
    @api.depends_context("lang")
    def _compute_display_name(self):
        types = dict(self._fields["type"]._description_selection(self.env))
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for event in self:
            what = types.get(event.type) or reasons.get(event.reason)
            event.display_name = " · ".join(filter(None, (what, event.email)))

    @api.depends("payload")
    def _compute_payload_text(self):
        for event in self:
            event.payload_text = show(event.payload) or json.dumps(
                event.payload, indent=2, ensure_ascii=False
            )

    @api.depends("reason")
    def _compute_state(self):
        waiting = set(self._get_queue().browse(self.ids).exists().ids)
        for event in self:
            if event.id in waiting:
                event.state = "pending"
            else:
                event.state = "unmatched" if event.reason else "done"

    @api.model
    def _search_state(self, operator, values):
        if operator != "in":
            return NotImplemented
        waiting = Domain("id", "in", self._get_queue()._search([]))
        states = {
            "pending": waiting,
            "unmatched": ~waiting & Domain("reason", "!=", False),
            "done": ~waiting & Domain("reason", "=", False),
        }
        return Domain.OR(states[value] for value in values if value in states)

    @api.model
    def _get_queue(self):
        return self.env["mailjet.event.queue"].sudo()

    # === RECEIVING === #

    @api.model
    def _receive(self, account, body):
        """Store what Mailjet has posted, and trigger the cron that applies it.

        :param body: bytes, or None if there were more than :data:`MAX_BODY`
        """
        now = fields.Datetime.now()
        if body is None:
            # Mailjet repeats the call until it is answered: store this once a day.
            note = f"More than {MAX_BODY} bytes on {now.date()}"
            events = [set_aside(note, "too_large", account.id)]
        else:
            events = read_body(body, now, account.id)
        if events:
            self._store(account, events, now)
            self._trigger_cron()

    @api.model
    def _store(self, account, events, received, fetched=False):
        """Add the events that are not stored yet, except for openings and clicks that
        may not be measured.

        :param bool fetched: whether Odoo fetched them from Mailjet
        """
        columns = [SQL.identifier(name) for name in WebhookEvent._fields]
        self.env.cr.execute(
            SQL(
                """
                WITH added AS (
                    INSERT INTO mailjet_event
                           (account_id, received_date, is_fetched, mailing_id,
                            %(columns)s)
                    SELECT %(account)s, %(received)s, %(fetched)s,
                           (SELECT min(c.mailing_id) FROM mailjet_campaign c
                             WHERE c.mailjet_draft_id = e.mailjet_draft_id
                               AND c.account_id = %(account)s),
                           %(own_columns)s
                      FROM unnest(%(values)s) AS e (%(columns)s) %(recipients)s
                     WHERE %(admitted)s
                        ON CONFLICT (dedupe_hash) DO NOTHING
                 RETURNING id, reason
                )
                INSERT INTO mailjet_event_queue (id, account_id)
                SELECT id, %(account)s FROM added WHERE reason IS NULL
                """,
                columns=SQL(", ").join(columns),
                account=account.id,
                received=received,
                fetched=fetched,
                own_columns=SQL(", ").join(
                    SQL.identifier("e", name) for name in WebhookEvent._fields
                ),
                values=SQL(", ").join(self._as_arrays(events)),
                recipients=self._join_recipients(account),
                admitted=self._get_admitted(account),
            )
        )

    @api.model
    def _as_arrays(self, events):
        """Return the events by column, as SQL arrays of the column's type."""
        for name, values in zip(
            WebhookEvent._fields, zip(*events, strict=True), strict=True
        ):
            column_type = self._fields[name].column_type[1]
            yield SQL("%s::%s[]", list(values), SQL(column_type))

    @api.model
    def _trigger_cron(self):
        self.env.ref("massmailing_mailjet.ir_cron_feedback")._trigger()

    # === REAPPLYING AND DELETING === #

    def action_apply_again(self):
        """Apply events again that were not applied, once their mailing is known."""
        self.check_access("read")
        unmatched = self.filtered(
            lambda event: event.state == "unmatched" and event.type and event.email
        )
        unmatched.sudo().reason = False
        self._get_queue()._add(unmatched)
        self._trigger_cron()
        return True

    @api.model
    def _get_retention(self):
        """Return how long raw events are kept."""
        days = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("massmailing_mailjet.event_days")
        )
        days = int(days) if (days or "").isdigit() else RETENTION_DAYS
        return timedelta(days=max(days, SHORTEST_RETENTION))

    @api.autovacuum
    def _gc_events(self):
        """Delete raw events after their retention; their results stay on the
        recipients.

        :return: how many were deleted, and whether there are more
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_event WHERE id IN (
                    SELECT id FROM mailjet_event
                     WHERE received_date < %s
                       AND id NOT IN (SELECT id FROM mailjet_event_queue)
                  ORDER BY id LIMIT %s)
                """,
                fields.Datetime.now() - self._get_retention(),
                VACUUM_ROWS,
            )
        )
        deleted = self.env.cr.rowcount
        return deleted, deleted == VACUUM_ROWS
