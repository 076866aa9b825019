from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists

# What a campaign lists of the rows ``assigned``.
LIST_ROWS = SQL(
    """
    UPDATE mailjet_campaign c SET row_ids = own.ids
      FROM (SELECT campaign_id, array_agg(id ORDER BY id) AS ids
              FROM assigned GROUP BY campaign_id) own
     WHERE c.id = own.campaign_id
    """
)


class MailjetCampaign(models.Model):
    """The recipients of a campaign. Those of one of several name it, and the campaign
    lists their ids in ``row_ids``, which is no field: Odoo has none for arrays.

    The lists take the place of an index of the recipients by campaign. With one, a
    million rows could not name their campaigns without a new entry for each of them in
    every other index, too. A row that has left its campaign may still be listed.
    """

    _inherit = "mailjet.campaign"

    def init(self):
        """Add the lists, and fill those of campaigns that exist already."""
        super().init()
        if column_exists(self.env.cr, "mailjet_campaign", "row_ids"):
            return
        self.env.cr.execute("ALTER TABLE mailjet_campaign ADD COLUMN row_ids integer[]")
        if column_exists(self.env.cr, "mailjet_recipient", "campaign_id"):
            rows = SQL("SELECT campaign_id, id FROM mailjet_recipient")
            self.env.cr.execute(SQL("WITH assigned AS (%s) %s", rows, LIST_ROWS))

    def unlink(self):
        """Let the recipients leave their campaign, which no foreign key does."""
        for campaign in self.filtered("is_part"):
            self.env["mailjet.recipient"]._leave_campaign(campaign._get_rows())
        return super().unlink()

    @api.model
    def _assign_rows(self, rows):
        """Assign recipients to campaigns.

        :param SQL rows: the query of the ``campaign_id`` and the ``id`` of each
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH assigned AS MATERIALIZED (%s), listed AS (%s)
                UPDATE mailjet_recipient r SET campaign_id = assigned.campaign_id
                  FROM assigned WHERE r.id = assigned.id
                """,
                rows,
                LIST_ROWS,
            )
        )
        self.env["mailjet.recipient"].invalidate_model(["campaign_id"])

    def _get_rows(self, between=None):
        """Return the SQL of the campaign's rows ``r``, whatever their status.

        :param tuple between: the first and the last id, by default any
        """
        self.ensure_one()
        if self.is_part:
            return find_rows_of("r", self.ids, between)
        rows = SQL("r.mailing_id = %s", self.mailing_id.id)
        return SQL("%s AND r.id BETWEEN %s AND %s", rows, *between) if between else rows

    def _get_ends(self):
        """Return the ids of the first and the last row of one of several campaigns, as
        the only item of a list; nothing if it has none."""
        self.ensure_one()
        return self.env.execute_query(
            SQL(
                """
                SELECT min(row_id), max(row_id)
                  FROM mailjet_campaign c, unnest(c.row_ids) row_id
                 WHERE c.id = %s HAVING count(*) > 0
                """,
                self.id,
            )
        )

    def _get_domain(self, *domain):
        """Return the domain of the campaign's recipients that match another one."""
        self.ensure_one()
        if self.is_part:
            return [("part_id", "=", self.id), *domain]
        return [("mailing_id", "=", self.mailing_id.id), *domain]


def find_rows_of(alias, campaign_ids, between=None):
    """Return the SQL of the recipients of some of several campaigns.

    :param str alias: of the table of recipients
    :param campaign_ids: of these campaigns
    :param tuple between: the first and the last id, by default any
    """
    ids = SQL(
        "SELECT row_id FROM mailjet_campaign c, unnest(c.row_ids) row_id"
        " WHERE c.id = ANY(%s)",
        list(campaign_ids),
    )
    if between:
        ids = SQL("%s AND row_id BETWEEN %s AND %s", ids, *between)
    return SQL(
        "%s = ANY(ARRAY(%s)) AND %s = ANY(%s)",
        SQL.identifier(alias, "id"),
        ids,
        SQL.identifier(alias, "campaign_id"),
        list(campaign_ids),
    )
