from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CAUSE_RANKS, PERSONAL_CAUSES, UNSUBSCRIBE_CAUSES
from ..empty_column import add_empty_column

# The fields that show the opt-out of a record's address; users may enter some of them.
SHOWN = (
    "massmailing_unsubscribed",
    "massmailing_unsubscribed_date",
    "massmailing_unsubscribed_cause",
    "massmailing_unsubscribed_reason",
)
FLAG, DATE, CAUSE, REASON = SHOWN
# Never written directly: see _compute_massmailing_marked.
MARK = "massmailing_marked"


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Shows on a model's records whether their addresses opted out of mass mailings.

    The model has an ``email_normalized``. The opt-outs themselves are stored by
    address, in ``mailjet.consent``: they outlive the record.
    """

    _name = "mailjet.unsubscribe.mixin"
    _description = "Unsubscribed from mass mailing"

    massmailing_unsubscribed = fields.Boolean(
        string="Unsubscribed from mass mailing",
        compute="_compute_massmailing_opt_out",
        search="_search_massmailing_unsubscribed",
        readonly=False,
        help="This address receives no mass mailings, whichever record it is loaded "
        "from.",
    )
    massmailing_unsubscribed_date = fields.Datetime(
        string="Unsubscribed on",
        compute="_compute_massmailing_opt_out",
        search="_search_massmailing_date",
    )
    massmailing_unsubscribed_cause = fields.Selection(
        UNSUBSCRIBE_CAUSES,
        string="Cause",
        compute="_compute_massmailing_opt_out",
        search="_search_massmailing_cause",
        readonly=False,
        help="Why the address receives no mass mailings.",
    )
    massmailing_unsubscribed_reason = fields.Char(
        string="Reason for unsubscribing",
        compute="_compute_massmailing_opt_out",
        search="_search_massmailing_reason",
        readonly=False,
        help="The reason given, for your colleagues.",
    )
    massmailing_marked = fields.Boolean(
        string="Unsubscribed without an address",
        compute="_compute_massmailing_marked",
        store=True,
        copy=False,
        export_string_translation=False,
    )

    # Mailjet reports by address.
    _massmailing_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _massmailing_marked_idx = models.Index("(id) WHERE massmailing_marked")

    def _auto_init(self):
        """Add the column empty: no existing record is marked."""
        add_empty_column(self, MARK, "boolean")
        return super()._auto_init()

    # === SHOWING === #

    @api.depends("email_normalized", MARK)
    def _compute_massmailing_opt_out(self):
        opt_outs = self._get_opt_outs()
        mailings = self.env["mailjet.mailing"].sudo()
        for record in self:
            opt_out = opt_outs.get(record)
            record[FLAG] = bool(opt_out)
            record[DATE] = opt_out and opt_out["date"]
            record[CAUSE] = opt_out and opt_out["cause"]
            record[REASON] = opt_out and self._get_reason(
                opt_out, mailings.browse(opt_out["mailing_id"])
            )

    def _get_reason(self, opt_out, mailing):
        """Return the opt-out's reason, or else the mailing that it responded to."""
        return (
            opt_out["reason"]
            or (mailing and self.env._("Mailing “%s”", mailing.name))
            or opt_out["comment"]
        )

    def _get_opt_outs(self):
        """Return the active opt-outs of records, as ``{record: dict}``."""
        Consent = self.env["mailjet.consent"]
        emails = {record.email_normalized for record in self} - {False}
        found = Consent._get_opt_outs(emails) if emails else {}
        marked = self.filtered(MARK)
        marks = Consent._get_marks(marked._origin) if marked else {}
        return {
            record: opt_out
            for record in self
            if (
                opt_out := found.get(record.email_normalized)
                or marks.get(record._origin.id)
            )
        }

    def _invalidate_opt_outs(self):
        """Invalidate what is shown."""
        self.env[self._name].invalidate_model(SHOWN, flush=False)

    def onchange(self, values, field_names, fields_spec):
        """Keep what the user has ticked while they type an address; whether the address
        has opted out is shown once the record is saved."""
        result = super().onchange(values, field_names, fields_spec)
        if field_names:
            for name in SHOWN:
                result.get("value", {}).pop(name, None)
        return result

    # === ENTERING === #

    @api.model_create_multi
    def create(self, vals_list):
        """Opt out a new record's address if the user entered that; never lift an
        opt-out."""
        default = self.env.context.get(f"default_{FLAG}")
        entered = [
            {FLAG: default, **{name: vals[name] for name in SHOWN if name in vals}}
            for vals in vals_list
        ]
        records = super().create([_without_shown(vals) for vals in vals_list])
        for record, values in zip(records, entered, strict=True):
            if values[FLAG] or values.get(CAUSE):
                record._enter_opt_out({**values, FLAG: True})
        return records

    def write(self, vals):
        entered = {name: vals[name] for name in SHOWN if name in vals}
        if not entered and MARK not in vals:
            return super().write(vals)
        result = super().write(_without_shown(vals))
        self._enter_opt_out(entered)
        return result

    def _enter_opt_out(self, values):
        """Opt out or in, as entered on these records."""
        if values.get(FLAG, values.get(CAUSE)):
            self._opt_out(values.get(CAUSE), values.get(REASON))
        elif FLAG in values:
            self._opt_in()
        if values.get(REASON):
            self._enter_reason(values[REASON])

    def _opt_out(self, cause=None, reason=None, source=None):
        """Opt these records out of mass mailings, by their addresses if they have one;
        active opt-outs are left unchanged.

        :param cause: without one, records that have already opted out are skipped
        """
        now = fields.Datetime.now()
        known = {} if cause else self._get_opt_outs()
        new = self.filtered(lambda record: record not in known)
        new.filtered(lambda record: not record.email_normalized)._mark_opt_outs()
        self.env["mailjet.consent"]._opt_out(
            [
                {
                    "cause": cause or "unsubscribed",
                    "date": now,
                    "reason": reason,
                    **record._get_opt_out_key(),
                }
                for record in new
            ],
            source or self._get_consent_source(),
        )

    def _get_opt_out_key(self):
        """Return the key of this record's opt-out: its address or, while it has none,
        the record itself."""
        if self.email_normalized:
            return {"email": self.email_normalized}
        return {"res_model": self._name, "res_id": self.id}

    def _get_consent_source(self):
        context = self.env.context
        if context.get("import_file") or "_import_current_module" in context:
            return "import"
        return "user" if self.env["mailjet.consent.lift"]._is_by_person() else "program"

    def _opt_in(self):
        self.env["mailjet.consent"]._opt_in(
            {record.email_normalized for record in self}, self
        )

    def _enter_reason(self, reason):
        """Store the reason of the active opt-outs."""
        opt_outs = [opt_out["id"] for opt_out in self._get_opt_outs().values()]
        self.env["mailjet.consent"]._enter_reason(opt_outs, reason)

    # === RECORDS WITHOUT AN ADDRESS === #

    @api.depends("email_normalized")
    def _compute_massmailing_marked(self):
        """Keep the mark of records that opted out without an address; once one has an
        address, turn the mark into an opt-out of the address. An erased address is
        recognized when it comes back."""
        addressed = self.filtered("email_normalized")
        marked = addressed.filtered(MARK)
        for record in self:
            record[MARK] = record[MARK] and record not in marked
        real = marked.filtered("id")
        if real:
            emails = {record.id: record.email_normalized for record in real}
            self.env["mailjet.consent"]._carry_marks(self._name, emails)
        if self.env["mailjet.consent.key"]._is_used():
            self.env["mailjet.consent"]._recall(addressed.mapped("email_normalized"))

    def _mark_opt_outs(self):
        self._set_mark(True)

    def _unmark_opt_outs(self):
        self._set_mark(False)

    def _set_mark(self, value):
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s SET %(mark)s = %(value)s, write_date = %(now)s,
                       massmailing_change_date = %(now)s
                 WHERE id = ANY(%(ids)s)
                """,
                table=SQL.identifier(self._table),
                mark=SQL.identifier(MARK),
                value=value,
                now=fields.Datetime.now(),
                ids=self.ids,
            )
        )
        self.env[self._name].browse(self.ids).invalidate_recordset(flush=False)

    # === MERGED RECORDS === #

    def _adopt_opt_outs(self, others):
        """Adopt the opt-outs that people have decided whose records are merged into
        this one: they still apply although the record has another address.

        :param others: opt-outs of the others, see :meth:`_get_opt_outs`
        """
        decided = [r for r in others if r["cause"] in PERSONAL_CAUSES]
        if decided:
            strongest = max(decided, key=lambda r: CAUSE_RANKS[r["cause"]])
            self._opt_out(strongest["cause"], strongest["reason"], "merge")


def _without_shown(vals):
    return {name: vals[name] for name in vals if name not in (*SHOWN, MARK)}
