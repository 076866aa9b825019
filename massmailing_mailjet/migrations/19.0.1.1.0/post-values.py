def migrate(cr, version):
    """Let mailings that are being handed over to Mailjet begin again with the values
    of their variables, whose contact properties have other names now.

    What is composed from now on reads the new names only, so that whatever was
    uploaded under the old ones is uploaded once more: Mailjet updates the contacts. A
    mailing whose content is at Mailjet already keeps it, and the values that go with
    it: nothing that is sent from now on writes to the old names.
    """
    cr.execute(
        """
        WITH moved AS (
            UPDATE mailjet_campaign SET delivery_step = 'properties'
             WHERE state IN ('preparing', 'failed') AND send_requested_date IS NULL
                   AND frozen_values IS NULL
                   AND delivery_step IN ('properties', 'upload', 'import', 'draft',
                                         'content')
         RETURNING id, mailing_id
        ), shown AS (
            UPDATE mailjet_mailing m SET delivery_step = 'properties'
              FROM moved WHERE moved.mailing_id = m.id
        )
        UPDATE mailjet_upload u SET state = 'draft', data_id = NULL, job_id = NULL
          FROM moved WHERE moved.id = u.campaign_id AND u.state <> 'draft'
        """
    )
