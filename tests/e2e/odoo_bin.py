"""Odoo's launcher as a file: with workers, Odoo starts its own launcher once more,
which `python -m odoo` does not survive."""

from odoo.cli.command import main

main()
