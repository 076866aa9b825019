"""Odoo's launcher, for an Odoo that hands recipients over in such small chunks that the
few readers need several, as a hundred thousand recipients do."""

import sys

from odoo.cli.command import main
from odoo.modules import loading

ADDON = "massmailing_mailjet"
UPLOAD = f"odoo.addons.{ADDON}.models.delivery.mailjet_campaign_upload"
ROWS = 7
load = loading.load_openerp_module


def load_with_small_chunks(name):
    load(name)
    if name == ADDON:
        sys.modules[UPLOAD].UPLOAD_ROWS = ROWS


loading.load_openerp_module = load_with_small_chunks
main()
