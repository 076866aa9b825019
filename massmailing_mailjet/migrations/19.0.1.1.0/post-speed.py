"""Drop the indexes on when contacts and leads were written, which every update of them
had to write as well. What is noted instead begins empty, see ``mailjet.source.mixin``:
mailings in preparation read all their records once more when they are next opened."""


def migrate(cr, version):
    for table in ("res_partner", "crm_lead"):
        cr.execute(f"DROP INDEX IF EXISTS {table}_massmailing_write_date_idx")
    cr.execute(
        "UPDATE mailjet_mailing SET refreshed_date = NULL"
        " WHERE state IN ('draft', 'cancelled') AND refreshed_date IS NOT NULL"
    )
