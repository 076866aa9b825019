"""What went wrong was stored as a text in one language. Now it is stored so that each
user reads it in their own; old texts are shown as they are."""

from odoo.tools.sql import column_exists

# Columns of texts, and what they become.
COLUMNS = (
    ("mailjet_mailing", "delivery_message", "delivery_facts"),
    ("mailjet_campaign", "delivery_message", "delivery_facts"),
    ("mailjet_campaign", "name", "name_facts"),
    ("mailjet_account", "connection_error", "connection_facts"),
)


def migrate(cr, version):
    """Make the texts JSON; first versions lack some of the columns."""
    for table, text, facts in COLUMNS:
        if not column_exists(cr, table, text):
            continue
        cr.execute(
            f"""
            ALTER TABLE {table} RENAME COLUMN {text} TO {facts};
            ALTER TABLE {table} ALTER COLUMN {facts} TYPE jsonb
              USING to_jsonb(NULLIF({facts}, ''));
            """
        )
