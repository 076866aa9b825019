"""Launches an Odoo whose add-on is changed as it is loaded."""

import sys

from odoo.cli.command import main
from odoo.modules import loading

ADDON = "massmailing_mailjet"
MODELS = f"odoo.addons.{ADDON}.models"


def launch(name, change):
    """Run Odoo.

    :param str name: of the module of models to change
    :param change: is called with it once the add-on was loaded
    """
    load = loading.load_openerp_module

    def load_and_change(addon):
        load(addon)
        if addon == ADDON:
            change(sys.modules[f"{MODELS}.{name}"])

    loading.load_openerp_module = load_and_change
    main()
