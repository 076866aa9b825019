from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CAUSE_RANKS, PERSONAL_CAUSES, UNSUBSCRIBE_CAUSES
from ..empty_column import add_empty_column

# What shows the refusal of a record's address, and what of it may be entered.
SHOWN = (
    "massmailing_unsubscribed",
    "massmailing_unsubscribed_date",
    "massmailing_unsubscribed_cause",
    "massmailing_unsubscribed_reason",
)
FLAG, DATE, CAUSE, REASON = SHOWN
# Never written by anybody: see _compute_massmailing_marked.
MARK = "massmailing_marked"


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Shows on a model's records that their addresses refuse mass mailings.

    The model has an ``email_normalized``. The refusals themselves are kept by address,
    in ``mailjet.consent``: they outlive the record, whatever becomes of it.
    """

    _name = "mailjet.unsubscribe.mixin"
    _description = "Unsubscribed from mass mailing"

    massmailing_unsubscribed = fields.Boolean(
        string="Unsubscribed from mass mailing",
        compute="_compute_massmailing_refusal",
        search="_search_massmailing_unsubscribed",
        readonly=False,
        help="This address receives no mass mailings, whichever record it is loaded "
        "from.",
    )
    massmailing_unsubscribed_date = fields.Datetime(
        string="Unsubscribed on",
        compute="_compute_massmailing_refusal",
        search="_search_massmailing_date",
    )
    massmailing_unsubscribed_cause = fields.Selection(
        UNSUBSCRIBE_CAUSES,
        string="Cause",
        compute="_compute_massmailing_refusal",
        search="_search_massmailing_cause",
        readonly=False,
        help="Why the address receives no mass mailings.",
    )
    massmailing_unsubscribed_reason = fields.Char(
        string="Reason for unsubscribing",
        compute="_compute_massmailing_refusal",
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

    # What Mailjet reports, it reports of addresses.
    _massmailing_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _massmailing_marked_idx = models.Index("(id) WHERE massmailing_marked")

    def _auto_init(self):
        """No record that is there is marked."""
        add_empty_column(self, MARK, "boolean")
        return super()._auto_init()

    # === WHAT IS SHOWN === #

    @api.depends("email_normalized", MARK)
    def _compute_massmailing_refusal(self):
        refusals = self._get_refusals()
        mailings = self.env["mailjet.mailing"].sudo()
        for record in self:
            refusal = refusals.get(record)
            record[FLAG] = bool(refusal)
            record[DATE] = refusal and refusal["date"]
            record[CAUSE] = refusal and refusal["cause"]
            record[REASON] = refusal and self._get_reason(
                refusal, mailings.browse(refusal["mailing_id"])
            )

    def _get_reason(self, refusal, mailing):
        """Return what was said, or else what the refusal was an answer to."""
        return (
            refusal["reason"]
            or (mailing and self.env._("Mailing “%s”", mailing.name))
            or refusal["comment"]
        )

    def _get_refusals(self):
        """Return what is in force for records that refuse, as ``{record: dict}``."""
        Consent = self.env["mailjet.consent"]
        emails = {record.email_normalized for record in self} - {False}
        found = Consent._get_refusals(emails) if emails else {}
        marked = self.filtered(MARK)
        marks = Consent._get_marks(marked._origin) if marked else {}
        return {
            record: refusal
            for record in self
            if (
                refusal := found.get(record.email_normalized)
                or marks.get(record._origin.id)
            )
        }

    def _invalidate_refusals(self):
        """Let what is shown be read again."""
        self.env[self._name].invalidate_model(SHOWN, flush=False)

    def onchange(self, values, field_names, fields_spec):
        """An address that is being typed ticks and unticks nothing: what the user has
        ticked is kept, and what the address refuses is shown once it is saved."""
        result = super().onchange(values, field_names, fields_spec)
        if field_names:
            for name in SHOWN:
                result.get("value", {}).pop(name, None)
        return result

    # === WHAT IS ENTERED === #

    @api.model_create_multi
    def create(self, vals_list):
        """A new record refuses for its address, and lifts nothing."""
        default = self.env.context.get(f"default_{FLAG}")
        entered = [
            {FLAG: default, **{name: vals[name] for name in SHOWN if name in vals}}
            for vals in vals_list
        ]
        records = super().create([_without_shown(vals) for vals in vals_list])
        for record, values in zip(records, entered, strict=True):
            if values[FLAG] or values.get(CAUSE):
                record._enter_refusal({**values, FLAG: True})
        return records

    def write(self, vals):
        entered = {name: vals[name] for name in SHOWN if name in vals}
        if not entered and MARK not in vals:
            return super().write(vals)
        result = super().write(_without_shown(vals))
        self._enter_refusal(entered)
        return result

    def _enter_refusal(self, values):
        """Refuse, or lift refusals, as somebody has entered it on these records."""
        if values.get(FLAG, values.get(CAUSE)):
            self._refuse(values.get(CAUSE), values.get(REASON))
        elif FLAG in values:
            self._lift_refusal()
        if values.get(REASON):
            self._enter_reason(values[REASON])

    def _refuse(self, cause=None, reason=None, source=None):
        """Refuse mass mailings for the addresses of these records, of those that have
        one; what is in force already is not added to.

        :param cause: by default none but that of whoever refuses already
        """
        now = fields.Datetime.now()
        known = {} if cause else self._get_refusals()
        new = self.filtered(lambda record: record not in known)
        new.filtered(lambda record: not record.email_normalized)._mark_refusals()
        self.env["mailjet.consent"]._opt_out(
            [
                {
                    "cause": cause or "unsubscribed",
                    "date": now,
                    "reason": reason,
                    **record._get_refusal_key(),
                }
                for record in new
            ],
            source or self._get_consent_source(),
        )

    def _get_refusal_key(self):
        """Return what a refusal of this record is kept under: its address or, while it
        has none, the record itself."""
        if self.email_normalized:
            return {"email": self.email_normalized}
        return {"res_model": self._name, "res_id": self.id}

    def _get_consent_source(self):
        context = self.env.context
        if context.get("import_file") or "_import_current_module" in context:
            return "import"
        return "user" if self.env["mailjet.consent.lift"]._is_by_person() else "program"

    def _lift_refusal(self):
        self.env["mailjet.consent"]._opt_in(
            {record.email_normalized for record in self}, self
        )

    def _enter_reason(self, reason):
        """Say why, with the refusal that is in force."""
        refusals = [refusal["id"] for refusal in self._get_refusals().values()]
        self.env["mailjet.consent"]._enter_reason(refusals, reason)

    # === RECORDS WITHOUT AN ADDRESS === #

    @api.depends("email_normalized")
    def _compute_massmailing_marked(self):
        """A record that was ticked without an address is marked: as soon as it has one,
        the mark becomes a refusal of the address. And an address that was erased is
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

    def _mark_refusals(self):
        self._set_mark(True)

    def _unmark_refusals(self):
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

    def _adopt_refusals(self, others):
        """Refuse as well what persons have decided whose records are merged into this
        one: that it has another address does not change their minds.

        :param others: refusals of the others, see :meth:`_get_refusals`
        """
        decided = [r for r in others if r["cause"] in PERSONAL_CAUSES]
        if decided:
            strongest = max(decided, key=lambda r: CAUSE_RANKS[r["cause"]])
            self._refuse(strongest["cause"], strongest["reason"], "merge")


def _without_shown(vals):
    return {name: vals[name] for name in vals if name not in (*SHOWN, MARK)}
