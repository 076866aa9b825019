from odoo import api, fields, models


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
    massmailing_unsubscribed_reason = fields.Char(
        string="Reason for unsubscribing",
        tracking=True,
        copy=False,
    )

    # Few addresses are unsubscribed, and every verdict asks for all of them.
    _massmailing_unsubscribed_idx = models.Index(
        "(email_normalized) WHERE massmailing_unsubscribed"
    )

    @api.depends("massmailing_unsubscribed")
    def _compute_massmailing_unsubscribed_date(self):
        now = fields.Datetime.now()
        for record in self:
            if not record.massmailing_unsubscribed:
                record.massmailing_unsubscribed_date = False
            elif not record.massmailing_unsubscribed_date:
                record.massmailing_unsubscribed_date = now

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.filtered("massmailing_unsubscribed")._spread_unsubscription()
        return records

    def write(self, vals):
        if "massmailing_unsubscribed" not in vals:
            return super().write(vals)
        value = bool(vals["massmailing_unsubscribed"])
        changed = self.filtered(lambda record: record.massmailing_unsubscribed != value)
        result = super().write(vals)
        changed._spread_unsubscription()
        return result

    def _spread_unsubscription(self):
        """Give the flag of these records to every contact, account and lead of the
        same addresses, so that it outlives a merged, deleted or changed record, and
        judge the recipients of mailings in preparation again."""
        for value, records in self.grouped("massmailing_unsubscribed").items():
            emails = [email for email in records.mapped("email_normalized") if email]
            for model in ("res.partner", "crm.lead"):
                self.env[model].sudo().with_context(active_test=False).search(
                    [
                        ("email_normalized", "in", emails),
                        ("massmailing_unsubscribed", "!=", value),
                    ]
                ).write({"massmailing_unsubscribed": value})
            self.env["mailjet.ledger"].sudo()._update_after_unsubscribe(emails)
