from odoo.tools.sql import column_exists, create_column, table_exists


def add_empty_column(model, name, kind):
    """Add the column of a stored, computed field before Odoo does, which would compute
    it for every existing record. To be called by the model's ``_auto_init``.

    :param str kind: PostgreSQL's type of the column
    """
    if model._abstract or not model._auto:
        return
    cr, table = model.env.cr, model._table
    # A new table has no records yet.
    if table_exists(cr, table) and not column_exists(cr, table, name):
        create_column(cr, table, name, kind)
