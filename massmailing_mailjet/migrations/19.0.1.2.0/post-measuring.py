"""A choice about measuring belongs to the company that has asked. One without a
company, whose company was deleted or is not known, is decided on the safe side: a
refusal counts for every company, and permission for none. All others keep theirs."""


def migrate(cr, version):
    """End permissions that belong to no company."""
    cr.execute(
        """
        UPDATE mailjet_measuring
           SET ended_date = now() AT TIME ZONE 'UTC',
               write_date = now() AT TIME ZONE 'UTC'
         WHERE company_id IS NULL AND choice = 'granted' AND ended_date IS NULL
        """
    )
