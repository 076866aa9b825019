from odoo import fields, models

from ..tools.email_law import EUROPE

# What a mailing says about its sender: Directive 2000/31/EC, article 5.
DETAILS = ("street", "city", "country_id", "company_registry", "email")


class ResCompany(models.Model):
    _inherit = "res.company"

    mailjet_frequency_cap_days = fields.Integer(
        string="Days without another mailing",
        help="New mailings exclude anyone mailed within this number of days. 0 "
        "disables the limit.",
    )
    mailjet_check_links = fields.Boolean(
        string="Check links of mass mailings",
        default=True,
        help="Before a mailing is sent, this server opens its links to find broken "
        "ones.",
    )
    mailjet_undo_minutes = fields.Integer(
        string="Time to undo a mass mailing (minutes)",
        default=2,
        help="How long a mailing waits after “Send now”, so that it can be stopped. "
        "0: it is sent at once.",
    )
    mailjet_late_hours = fields.Integer(
        string="Maximum delay of mass mailings (hours)",
        default=2,
        help="A scheduled mailing that is later than this waits for confirmation "
        "before it is sent. 0: it is always sent, however late.",
    )
    mailjet_list_days = fields.Integer(
        string="Days to keep lists at Mailjet",
        default=30,
        help="How many days after sending the list created for a mailing is kept at "
        "Mailjet; its unsubscribes are read first. 0: it is kept permanently.",
    )
    mailjet_summary = fields.Boolean(
        string="Summary of mass mailings",
        default=True,
        help="One day after sending, the person responsible for a mass mailing "
        "receives an email with the key figures.",
    )
    mailjet_privacy_contact = fields.Char(
        string="Data protection contact",
        help="Contact shown on the data protection page. If empty, the company's "
        "address.",
    )

    _mailjet_settings_positive = models.Constraint(
        """CHECK(mailjet_frequency_cap_days >= 0 AND mailjet_undo_minutes >= 0
                 AND mailjet_late_hours >= 0 AND mailjet_list_days >= 0)""",
        "The minutes, hours and days of mass mailings cannot be negative.",
    )

    def _is_in_europe(self):
        """Return whether the law of Europe on advertising by email holds for it: there,
        senders need a legal basis, and say who they are."""
        return self.country_id.code in EUROPE

    # === WHAT MAILINGS SAY ABOUT THEIR SENDER === #

    def _get_mailing_details(self):
        """Return the lines that say who the company is, in the user's language."""
        partner = self.partner_id
        address = partner._display_address(without_company=True).splitlines()
        lines = (
            self.name,
            ", ".join(filter(None, map(str.strip, address))),
            " · ".join(self._get_registry_numbers()),
            " · ".join(filter(None, (self.email, self.phone))),
        )
        return [line for line in lines if line]

    def _get_registry_numbers(self):
        """Return the numbers of the company with what its country calls them."""
        country = self.country_id
        labels = self.partner_id._get_company_registry_labels()
        numbers = (
            (labels.get(country.code), self.env._("Company ID"), self.company_registry),
            (country.vat_label, self.env._("Tax ID"), self.vat),
        )
        return [
            self.env._("%(label)s: %(number)s", label=label or usual, number=number)
            for label, usual, number in numbers
            if number
        ]

    def _get_missing_details(self):
        """Return the labels of the fields without which the lines do not say enough; a
        phone number is as good as an email address."""
        return [
            self._fields[name]._description_string(self.env)
            for name in DETAILS
            if not (self[name] or (name == "email" and self.phone))
        ]
