from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    mailjet_pressure_days = fields.Integer(
        string="Days Without Another Mass Mailing",
        help="New mailings leave out who got another one in these last days. 0: nobody "
        "is left out for that.",
    )
    mailjet_check_links = fields.Boolean(
        string="Open the Links of Mass Mailings",
        default=True,
        help="Before a mailing is sent, this server opens its links to find those that "
        "lead nowhere.",
    )
    mailjet_undo_minutes = fields.Integer(
        string="Minutes to Undo a Mass Mailing",
        default=2,
        help="How long a mailing waits after “Send now”, so that it can be stopped. 0: "
        "it leaves at once.",
    )
    mailjet_late_hours = fields.Integer(
        string="Hours a Mass Mailing May Be Late",
        default=2,
        help="A scheduled mailing that is later than this asks before it leaves. 0: it "
        "leaves however late it is.",
    )
    mailjet_list_days = fields.Integer(
        string="Days to Keep Lists at Mailjet",
        default=30,
        help="How long after the sending the list that was made for a mailing is kept "
        "at Mailjet; who unsubscribed from it is read first. 0: it is kept for good.",
    )
    mailjet_summary = fields.Boolean(
        string="Summary of Mass Mailings",
        default=True,
        help="A day after its departure, the responsible of a mass mailing gets an "
        "e-mail with the main figures.",
    )
    mailjet_privacy_contact = fields.Char(
        string="Data Protection Contact",
        help="Whom the page on data protection names. Empty: the company's address.",
    )

    _mailjet_settings_positive = models.Constraint(
        """CHECK(mailjet_pressure_days >= 0 AND mailjet_undo_minutes >= 0
                 AND mailjet_late_hours >= 0 AND mailjet_list_days >= 0)""",
        "Minutes, hours and days of mass mailings cannot be negative.",
    )
