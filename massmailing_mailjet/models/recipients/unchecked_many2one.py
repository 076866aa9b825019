from odoo import fields


class UncheckedMany2one(fields.Many2one):
    """A link without a foreign key, which PostgreSQL would look up for each of a
    million rows that are written at once: whoever deletes what it leads to clears it.
    """

    def update_db_foreign_key(self, model, column):
        """Add none."""
