from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...const import CONSENT_SOURCES, RECORD_SOURCES, UNSUBSCRIBE_CAUSES

# The columns of a new opt-out, and their types in PostgreSQL.
COLUMNS = {
    "email": "text",
    "res_model": "text",
    "res_id": "int",
    "cause": "text",
    "date": "timestamp",
    "mailing_id": "int",
    "reason": "text",
    "ip": "text",
    "agent": "text",
    "comment": "text",
}
# Sources that belong to the user's company.
OF_COMPANY = ("user", "program", "import", "report", "merge")
# An active opt-out of a record without an address.
MARKING = SQL("c.ended_date IS NULL AND c.res_model IS NOT NULL")


class MailjetConsent(models.Model):
    """The only store of opt-outs of mass mailings: an address, the cause, and its
    proof. Everything that shows or applies an opt-out reads it here.

    Opt-outs are only added by :meth:`_opt_out`, only ended by :meth:`_opt_in`, and
    never deleted. The opt-out of a record without an address belongs to the record
    until it gets one. An opt-out whose address was erased keeps a digest of it, see
    ``mailjet.consent.key``.
    """

    _name = "mailjet.consent"
    _description = "Opt-out from mass mailing"
    _order = "date desc, id desc"
    _rec_name = "email"

    email = fields.Char(string="Address", readonly=True, index="trigram")
    digest = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record without an address", model_field="res_model", readonly=True
    )
    cause = fields.Selection(UNSUBSCRIBE_CAUSES, required=True, readonly=True)
    date = fields.Datetime(string="Since", required=True, readonly=True)
    source = fields.Selection(CONSENT_SOURCES, required=True, readonly=True)
    mailing_id = fields.Many2one(
        "mailjet.mailing", ondelete="set null", index="btree_not_null", readonly=True
    )
    company_id = fields.Many2one("res.company", ondelete="set null", readonly=True)
    user_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    reason = fields.Char(readonly=True, help="The reason given, for your colleagues.")
    ip = fields.Char(string="IP address", readonly=True)
    agent = fields.Char(string="Browser or program", readonly=True)
    comment = fields.Char(readonly=True)
    ended_date = fields.Datetime(string="Lifted on", readonly=True)
    ended_user_id = fields.Many2one("res.users", string="Lifted by", readonly=True)

    # A cause is active only once per address: `_insert` skips duplicates.
    _email_cause_uniq = models.UniqueIndex(
        "(email, cause) WHERE ended_date IS NULL AND email IS NOT NULL"
    )
    _record_cause_uniq = models.UniqueIndex(
        "(res_model, res_id, cause) WHERE ended_date IS NULL AND res_model IS NOT NULL"
    )
    _digest_idx = models.Index("(digest) WHERE digest IS NOT NULL")
    _write_date_idx = models.Index("(write_date)")

    @api.depends("email")
    def _compute_display_name(self):
        for opt_out in self:
            opt_out.display_name = opt_out.email or self.env._("(no address)")

    # === OPTING OUT === #

    @api.model
    def _opt_out(self, opt_outs, source):
        """Opt addresses out of mass mailings, until a user opts them in again.

        :param opt_outs: dicts of ``email``, or of ``res_model`` and ``res_id`` for a
            record without one; ``cause``, ``date``; and, if known, ``mailing_id``,
            ``reason``, ``ip``, ``agent``, ``comment``
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
            "email": email and (email_normalize(email) or email.strip().lower()),
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
                SELECT COALESCE(m.company_id, %(company)s), f.*, %(source)s,
                       %(user)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(values)s) AS f (%(columns)s)
             LEFT JOIN mailjet_mailing m ON m.id = f.mailing_id
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
        emails = sorted({r["email"] for r in opt_outs if r["email"]})
        self.env["mail.blacklist"]._follow_opt_out(emails)
        self._after_opt_out(opt_outs, source)
        self.env["mailjet.consent.note"]._log_opt_outs(opt_outs, source)
        self._apply(emails)

    @api.model
    def _after_opt_out(self, opt_outs, source):
        """Hook for rooms that react to new opt-outs.

        :param opt_outs: dicts as :meth:`_opt_out` takes them, with the ``id``
        """

    @api.model
    def _after_opt_in(self, emails):
        """Hook for rooms that react to addresses that have opted in again."""

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

    # === RECORDS WITHOUT AN ADDRESS === #

    @api.model
    def _carry_marks(self, model, emails):
        """Turn the opt-outs of records without an address into opt-outs of the
        addresses that the records have now.

        It happens while values are being written: its effects wait for the commit.

        :param dict emails: the addresses by the ids of the records
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                UPDATE mailjet_consent c
                   SET email = f.email, res_model = NULL, res_id = NULL,
                       ended_date = CASE WHEN EXISTS (
                           SELECT FROM mailjet_consent o
                            WHERE o.email = f.email AND o.cause = c.cause
                              AND o.ended_date IS NULL) THEN %(now)s::timestamp END,
                       write_date = %(now)s
                  FROM unnest(%(ids)s::int[], %(emails)s::text[]) AS f (id, email)
                 WHERE %(marking)s AND c.res_model = %(model)s AND c.res_id = f.id
             RETURNING c.id, %(columns)s, c.ended_date
                """,
                now=fields.Datetime.now(),
                ids=list(emails),
                emails=list(emails.values()),
                marking=MARKING,
                model=model,
                columns=SQL(", ").join(SQL.identifier("c", name) for name in COLUMNS),
            )
        )
        self.env.cr.precommit.add(
            partial(
                self.sudo()._follow, [r for r in rows if not r["ended_date"]], "user"
            )
        )

    # === ERASING === #

    @api.model
    def _forget(self, emails):
        """Keep the opt-outs of addresses, but nothing that reveals the addresses."""
        self.env["mailjet.consent.key"]._forget(emails)

    @api.model
    def _recall(self, emails):
        """Reactivate the opt-outs of addresses that were erased and came back."""
        self.env["mailjet.consent.key"]._recall(emails)


def _join_columns():
    return SQL(", ").join(map(SQL.identifier, COLUMNS))
