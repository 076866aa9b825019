from odoo import api, fields, models

from ..const import UNSUBSCRIBE_CAUSES

FLAG_FIELDS = {"massmailing_unsubscribed", "massmailing_unsubscribed_cause"}


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Makes a model's records refuse mass mailings.

    The model has an ``email_normalized``; unsubscribing one record unsubscribes its
    address, whatever other record carries it.
    """

    _name = "mailjet.unsubscribe.mixin"
    _description = "Unsubscribed from Mass Mailing"

    massmailing_unsubscribed = fields.Boolean(
        string="Unsubscribed from mass mailing",
        tracking=True,
        copy=False,
        help="This address gets no mass mailing, whichever record it is loaded from.",
    )
    massmailing_unsubscribed_date = fields.Datetime(
        string="Unsubscribed on",
        compute="_compute_massmailing_unsubscribed_date",
        store=True,
        readonly=True,
        copy=False,
    )
    massmailing_unsubscribed_cause = fields.Selection(
        UNSUBSCRIBE_CAUSES,
        string="Cause",
        compute="_compute_massmailing_unsubscribed_cause",
        store=True,
        readonly=False,
        copy=False,
        help="Why the address gets no mass mailing.",
    )
    massmailing_unsubscribed_reason = fields.Char(
        string="Reason for unsubscribing",
        tracking=True,
        copy=False,
        help="What was said, for your colleagues.",
    )

    # Few addresses are unsubscribed, and every verdict asks for all of them.
    _massmailing_unsubscribed_idx = models.Index(
        "(email_normalized) WHERE massmailing_unsubscribed"
    )
    # What Mailjet reports, it reports of addresses.
    _massmailing_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    @api.depends("massmailing_unsubscribed")
    def _compute_massmailing_unsubscribed_date(self):
        now = fields.Datetime.now()
        for record in self:
            if not record.massmailing_unsubscribed:
                record.massmailing_unsubscribed_date = False
            elif not record.massmailing_unsubscribed_date:
                record.massmailing_unsubscribed_date = now

    @api.depends("massmailing_unsubscribed")
    def _compute_massmailing_unsubscribed_cause(self):
        for record in self:
            if not record.massmailing_unsubscribed:
                record.massmailing_unsubscribed_cause = False
            elif not record.massmailing_unsubscribed_cause:
                record.massmailing_unsubscribed_cause = "unsubscribed"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.filtered("massmailing_unsubscribed")._spread_unsubscription()
        return records

    def write(self, vals):
        if not FLAG_FIELDS & vals.keys():
            return super().write(vals)
        before = {record: record._get_flag() for record in self}
        result = super().write(vals)
        self.filtered(
            lambda record: record._get_flag() != before[record]
        )._spread_unsubscription()
        return result

    def _get_flag(self):
        """Return the flag of one record, with its cause."""
        self.ensure_one()
        return self.massmailing_unsubscribed, self.massmailing_unsubscribed_cause

    def _spread_unsubscription(self):
        """Give the flag of these records to every contact, account and lead of the
        same addresses, so that it outlives a merged, deleted or changed record, and
        judge the recipients of mailings in preparation again."""
        for (value, cause), records in self.grouped(lambda r: r._get_flag()).items():
            emails = [email for email in records.mapped("email_normalized") if email]
            for model in ("res.partner", "crm.lead"):
                self.env[model].sudo().with_context(active_test=False).search(
                    [
                        ("email_normalized", "in", emails),
                        "|",
                        ("massmailing_unsubscribed", "!=", value),
                        ("massmailing_unsubscribed_cause", "!=", cause),
                    ]
                ).write(
                    {
                        "massmailing_unsubscribed": value,
                        "massmailing_unsubscribed_cause": cause,
                    }
                )
            if not value:
                self.env["mailjet.consent"]._loosen(emails)
            self.env["mailjet.ledger"].sudo()._update_after_unsubscribe(emails)
        self.env["mailjet.pull"].sudo()._trigger_push()
