"""Properties belong to the mailing, not to each of its campaigns any more."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Keep the slots of what may be on its way, and drop the column."""
    if not column_exists(cr, "mailjet_campaign", "property_slot"):
        return
    cr.execute(
        """
        INSERT INTO mailjet_property_slot (account_id, mailing_id, number, taken_date)
        SELECT DISTINCT account_id, mailing_id, property_slot,
               now() AT TIME ZONE 'UTC'
          FROM mailjet_campaign WHERE property_slot > 0
            ON CONFLICT DO NOTHING;
        ALTER TABLE mailjet_campaign DROP COLUMN property_slot
        """
    )
