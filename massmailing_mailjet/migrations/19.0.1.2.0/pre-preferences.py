"""Mailings from before the link to the preference page have it in their own language:
Odoo would give all of them the text in English."""


def migrate(cr, version):
    """Add the columns without a default."""
    for table in ("mailjet_mailing", "mailjet_version"):
        cr.execute(
            f"ALTER TABLE IF EXISTS {table}"
            " ADD COLUMN IF NOT EXISTS preferences_text varchar"
        )
