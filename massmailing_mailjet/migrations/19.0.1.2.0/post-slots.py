"""Properties belong to the mailing, not to each of its campaigns any more."""


def migrate(cr, version):
    """Keep the slots of what may be on its way, and drop the column."""
    cr.execute(
        """
        SELECT FROM information_schema.columns
         WHERE table_schema = current_schema()
           AND table_name = 'mailjet_campaign' AND column_name = 'property_slot'
        """
    )
    if not cr.rowcount:
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
