"""Odoo's launcher, for an Odoo that divides each mailing into three campaigns, as an
extension would by the language of the recipients."""

import sys

from odoo.cli.command import main
from odoo.modules import loading
from odoo.tools import SQL

ADDON = "massmailing_mailjet"
MAILING = f"odoo.addons.{ADDON}.models.mailjet_mailing_campaigns"
load = loading.load_openerp_module


def load_with_parts(name):
    load(name)
    if name == ADDON:
        module = sys.modules[MAILING]
        parts = [
            module.Part("First", {}, SQL("r.id %% 3 = 0")),
            module.Part(
                "Second", {"own_values": {"subject": "Two"}}, SQL("r.id %% 3 = 1")
            ),
            module.Part("Rest", {}),
        ]
        module.MailjetMailing._get_partition = lambda mailing: parts


loading.load_openerp_module = load_with_parts
main()
