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
        flagged = records.filtered("massmailing_unsubscribed")
        flagged._update_recipients_of_addresses(flagged.mapped("email_normalized"))
        return records

    def write(self, vals):
        if not {"massmailing_unsubscribed", self._primary_email} & vals.keys():
            return super().write(vals)
        emails = set(self.mapped("email_normalized"))
        result = super().write(vals)
        emails.update(self.mapped("email_normalized"))
        self._update_recipients_of_addresses(emails)
        return result

    def _update_recipients_of_addresses(self, emails):
        """Recompute the verdicts of the rows of mailings still in preparation that
        hold these records or one of the addresses."""
        if self:
            self.env["mailjet.recipient"].sudo()._update_after_change(self, emails)
