from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, email_normalize

from ...const import CONSENT_CAUSES, CONSENT_SOURCES, LIFT_SOURCES, RECORD_SOURCES

# The columns of a new opt-out, and their types in PostgreSQL.
COLUMNS = {
    "email": "text",
    "res_model": "text",
    "res_id": "int",
    "cause": "text",
    "topic_id": "int",
    "date": "timestamp",
    "until_date": "timestamp",
    "mailing_id": "int",
    "reason": "text",
    "ip": "text",
    "agent": "text",
    "comment": "text",
}
# Sources that belong to the user's company.
OF_COMPANY = ("user", "recipient", "program", "import", "report", "merge")
# An active opt-out of a record without an address.
MARKING = SQL("c.ended_date IS NULL AND c.res_model IS NOT NULL")
# An opt-out of all mailings until someone lifts it: neither of one topic, nor a pause.
EVERYTHING = SQL("c.topic_id IS NULL AND c.cause <> 'paused'")


class MailjetConsent(models.Model):
    """The only store of opt-outs of mass mailings: an address, the cause, and its
    proof. Everything that shows or applies an opt-out reads it here.

    An opt-out is of everything, or of one topic only. A pause is of everything until
    its date, and then no longer in force. Only an opt-out of everything is an opt-out
    to the flag on records, to Odoo's blacklist and to Mailjet.

    Opt-outs are only added by :meth:`_opt_out`, only ended by :meth:`_opt_in`, and
    never deleted. The opt-out of a record without an address belongs to the record
    until it gets one. An opt-out whose address was erased keeps a digest of it, see
    ``mailjet.consent.key``.
    """

    _name = "mailjet.consent"
    _description = "Opt-out from mass mailing"
    _order = "date desc, id desc"
    _rec_name = "email"

    email = fields.Char(string="Address", index="trigram")
    digest = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record without an address", model_field="res_model", readonly=True
    )
    cause = fields.Selection(CONSENT_CAUSES, required=True, readonly=True)
    topic_id = fields.Many2one(
        "mailjet.topic",
        ondelete="restrict",
        index="btree_not_null",
        help="If empty, all mailings.",
    )
    date = fields.Datetime(string="Since", required=True, readonly=True)
    until_date = fields.Datetime(string="Paused until")
    source = fields.Selection(CONSENT_SOURCES, required=True, readonly=True)
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", index="btree_not_null", readonly=True
    )
    company_id = fields.Many2one("res.company", ondelete="set null", readonly=True)
    user_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    reason = fields.Char(help="The reason given, for your colleagues.")
    ip = fields.Char(string="IP address", readonly=True)
    agent = fields.Char(string="Browser or program", readonly=True)
    comment = fields.Char(readonly=True)
    ended_date = fields.Datetime(string="Lifted on", readonly=True)
    ended_source = fields.Selection(
        LIFT_SOURCES, string="Lifted through", readonly=True
    )
    ended_user_id = fields.Many2one("res.users", string="Lifted by", readonly=True)
    ended_ip = fields.Char(string="IP address of the lifting", readonly=True)
    ended_agent = fields.Char(string="Browser of the lifting", readonly=True)

    # Each is active only once per address: `_insert` skips duplicates.
    _email_cause_uniq = models.UniqueIndex(
        "(email, cause) WHERE ended_date IS NULL AND email IS NOT NULL"
        " AND topic_id IS NULL AND cause <> 'paused'"
    )
    _email_topic_uniq = models.UniqueIndex(
        "(email, topic_id) WHERE ended_date IS NULL AND email IS NOT NULL"
        " AND topic_id IS NOT NULL"
    )
    # Several may be active: the longest counts.
    _email_pause_uniq = models.UniqueIndex(
        "(email, until_date) WHERE ended_date IS NULL AND email IS NOT NULL"
        " AND cause = 'paused'"
    )
    _record_cause_uniq = models.UniqueIndex(
        "(res_model, res_id, cause) WHERE ended_date IS NULL AND res_model IS NOT NULL"
    )
    _pause_check = models.Constraint(
        "CHECK ((cause = 'paused') = (until_date IS NOT NULL))",
        "A pause has an end, and nothing else has.",
    )
    _topic_check = models.Constraint(
        "CHECK (topic_id IS NULL OR cause = 'unsubscribed')",
        "A topic can only be unsubscribed from.",
    )
    _record_check = models.Constraint(
        "CHECK (res_model IS NULL OR topic_id IS NULL AND cause <> 'paused')",
        "Only an address can leave a topic or pause.",
    )
    _email_idx = models.Index("(email) WHERE email IS NOT NULL")
    _digest_idx = models.Index("(digest) WHERE digest IS NOT NULL")
    _write_date_idx = models.Index("(write_date)")

    @api.depends("email")
    def _compute_display_name(self):
        for opt_out in self:
            is_erased = bool(opt_out._origin) and not opt_out.email
            opt_out.display_name = (
                self.env._("(no address)") if is_erased else opt_out.email
            )

    def _of_everything(self):
        """Return those that are of all mailings until someone lifts them."""
        return self.filtered(lambda r: not r.topic_id and r.cause != "paused")

    # === ACTION METHODS === #

    def action_lift(self):
        """Lift opt-outs of a topic, and pauses; opt-outs of everything are lifted on
        their contacts, accounts and leads, or in Odoo's blacklist.

        :raise AccessError: if the user is no manager, or not in the company
        """
        if not self.env.user.has_group("massmailing_mailjet.mailjet_group_manager"):
            raise AccessError(self.env._("Only Mass Mailing managers can do this."))
        self.check_access("read")
        self.env["mailjet.consent.lift"]._lift_partial(self.sudo())
        return True

    # === OPTING OUT === #

    @api.model
    def _opt_out(self, opt_outs, source):
        """Opt addresses out of mass mailings, until a user or the recipient opts them
        in again.

        :param opt_outs: dicts of ``email``, or of ``res_model`` and ``res_id`` for a
            record without one; ``cause``, ``date``; ``topic_id`` if it is only of that
            topic, ``until_date`` if it is a pause, both only of an address; and, if
            known, ``mailing_id``, ``reason``, ``ip``, ``agent``, ``comment``
        :param source: one of ``const.CONSENT_SOURCES``
        """
        opt_outs = [self._normalize(opt_out) for opt_out in opt_outs]
        if not opt_outs:
            return
        store = self.sudo()
        store.env.flush_all()
        store.env["mailjet.consent.key"]._recall({r["email"] for r in opt_outs})
        new = store._insert(opt_outs, source)
        if new:
            store._follow(new, source)

    @api.model
    def _normalize(self, opt_out):
        email = opt_out.get("email")
        return {
            **dict.fromkeys(COLUMNS),
            **opt_out,
            "email": email and normalize(email),
        }

    @api.model
    def _insert(self, opt_outs, source):
        """Add the opt-outs that are not active yet, and return them."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                INSERT INTO mailjet_consent (
                       company_id, %(columns)s, source, user_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT COALESCE(t.company_id, m.company_id, %(company)s), f.*,
                       %(source)s,
                       %(user)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(values)s) AS f (%(columns)s)
             LEFT JOIN mailjet_mailing m ON m.id = f.mailing_id
             LEFT JOIN mailjet_topic t ON t.id = f.topic_id
                    ON CONFLICT DO NOTHING
             RETURNING id, %(columns)s
                """,
                columns=_join_columns(),
                company=self.env.company.id if source in OF_COMPANY else None,
                source=source,
                user=self.env.uid,
                now=fields.Datetime.now(),
                values=SQL(", ").join(
                    SQL(
                        f"%s::{kind}[]", [opt_out[name] or None for opt_out in opt_outs]
                    )
                    for name, kind in COLUMNS.items()
                ),
            )
        )
        self.invalidate_model()
        return rows

    @api.model
    def _follow(self, opt_outs, source):
        """Apply new opt-outs everywhere else."""
        of_everything = [
            r for r in opt_outs if not r["topic_id"] and r["cause"] != "paused"
        ]
        if of_everything:
            emails = _collect_emails(of_everything)
            self.env["mail.blacklist"]._follow_opt_out(emails)
            self._after_opt_out(of_everything, source)
        self.env["mailjet.consent.note"]._log_opt_outs(opt_outs, source)
        self._apply(_collect_emails(opt_outs))

    @api.model
    def _after_opt_out(self, opt_outs, source):
        """Hook for rooms that react to new opt-outs of everything.

        :param opt_outs: dicts as :meth:`_opt_out` takes them, with the ``id``
        """

    @api.model
    def _after_opt_in(self, emails):
        """Hook for rooms that react to addresses that no longer opt out of
        everything."""

    @api.model
    def _apply(self, emails):
        """Update what the records show; the rooms extend it for what they show.

        :param emails: addresses whose opt-outs have changed; none if only details have
        """
        for model in RECORD_SOURCES:
            self.env[model]._invalidate_opt_outs()

    # === OPTING IN === #

    @api.model
    def _opt_in(self, emails=(), records=None, causes=None):
        """Lift opt-outs for the user, see :meth:`MailjetConsentLift._lift`."""
        self.env["mailjet.consent.lift"]._lift(emails, records, causes)

    @api.model
    def _enter_reason(self, ids, reason):
        """Store the reason of active opt-outs."""
        changed = self.sudo().browse(ids).filtered(lambda r: r.reason != reason)
        if changed:
            changed.write({"reason": reason})
            self.env["mailjet.consent.note"].sudo()._log_reason(changed)
            self._apply([])

    # === ERASING === #

    @api.model
    def _forget(self, emails):
        """Keep the opt-outs of addresses, but nothing that reveals the addresses."""
        self.env["mailjet.consent.key"]._forget(emails)

    @api.model
    def _recall(self, emails):
        """Reactivate the opt-outs of addresses that were erased and came back."""
        self.env["mailjet.consent.key"]._recall(emails)


def normalize(email):
    """Return an address as the store has it."""
    return email_normalize(email) or email.strip().lower()


def read_address(env, text):
    """Return the address that a user has typed, normalized.

    :raise ValidationError: if it is none
    """
    if email := email_normalize(text):
        return email
    raise ValidationError(env._("“%s” is not an email address. Correct it.", text))


def _collect_emails(opt_outs):
    return sorted({r["email"] for r in opt_outs if r["email"]})


def _join_columns():
    return SQL(", ").join(map(SQL.identifier, COLUMNS))
