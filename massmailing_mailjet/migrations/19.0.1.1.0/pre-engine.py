"""Columns that mean what they meant, under the names of the new models."""


def migrate(cr, version):
    """Keep the month's count, and the names of the lists at Mailjet as they are."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = 'mailjet_account'"
    )
    columns = {name for (name,) in cr.fetchall()}
    if "sent_this_month" in columns and "month_count" not in columns:
        cr.execute(
            "ALTER TABLE mailjet_account RENAME COLUMN sent_this_month TO month_count"
        )
    if "database_mark" not in columns:
        # Empty: Odoo would give each account a mark of its own, and the lists that
        # are at Mailjet already would be no one's.
        cr.execute("ALTER TABLE mailjet_account ADD COLUMN database_mark varchar")
