from odoo.tools.sql import column_exists, create_column


def add_empty_column(model, name, kind):
    """Add the column of a stored, computed field before Odoo does, which would compute
    it for every existing record. To be called by the model's ``_auto_init``.

    :param str kind: PostgreSQL's type of the column
    """
    if model._abstract or not model._auto:
        return
    if not column_exists(model.env.cr, model._table, name):
        create_column(model.env.cr, model._table, name, kind)
