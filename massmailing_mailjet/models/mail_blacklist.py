from odoo import fields, models


class MailBlacklist(models.Model):
    """Odoo's blacklist, which remembers what mass mailing has put on it.

    Who lets an address in again by its flag takes that back, and never what somebody
    else has decided for all of Odoo's applications.
    """

    _inherit = "mail.blacklist"

    massmailing_added = fields.Boolean(
        string="Added by Mass Mailing",
        readonly=True,
        help="Unsubscribed, complained or bounced at Mailjet, and nobody has "
        "blacklisted the address here since then.",
    )

    def write(self, vals):
        """Who blacklists an address by hand makes it his own decision."""
        if vals.get("active"):
            vals = {"massmailing_added": False, **vals}
        return super().write(vals)

    def _add(self, email, message=None):
        record = super()._add(email, message=message)
        record.filtered("massmailing_added").massmailing_added = False
        return record
