"""Odoo's launcher, for an Odoo that divides each mailing into three campaigns, as an
extension would by the language of the recipients."""

from changed_odoo import launch

from odoo.tools import SQL


def divide(module):
    parts = [
        module.Part("First", {}, SQL("r.id %% 3 = 0")),
        module.Part("Second", {"own_values": {"subject": "Two"}}, SQL("r.id %% 3 = 1")),
        module.Part("Rest", {}),
    ]
    module.MailjetMailing._get_divisions = lambda mailing, person=None: [parts]


launch("mailjet_mailing_campaigns", divide)
