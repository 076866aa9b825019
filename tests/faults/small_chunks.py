"""Odoo's launcher, for an Odoo that hands recipients over in such small chunks that the
few readers need several, as a hundred thousand recipients do."""

from changed_odoo import launch

ROWS = 7


def use_small_chunks(module):
    module.UPLOAD_ROWS = ROWS


launch("delivery.mailjet_campaign_upload", use_small_chunks)
