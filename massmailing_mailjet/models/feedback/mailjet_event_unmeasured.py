from odoo import api, models
from odoo.tools import SQL


class MailjetFeedback(models.AbstractModel):
    """Drops the openings and clicks that may no longer be measured when they are
    applied: somebody may have refused since they were stored."""

    _inherit = "mailjet.feedback"

    @api.model
    def _get_permissions(self, account):
        """Return, by the names of the columns of the table ``batch``, the SQL of
        whether an event ``e`` may be applied as an opening and as a click."""
        company = SQL("COALESCE(m.company_id, %s)", account.company_id.id or None)
        may_measure = self.env["mailjet.measuring"]._may_measure
        return {
            f"may_{kind}": SQL(
                "CASE WHEN e.type IN ('open', 'click')"
                " THEN c.is_unmeasured IS NOT TRUE AND %s END",
                may_measure(kind, company, "known"),
            )
            for kind in ("open", "click")
        }

    @api.model
    def _drop_unmeasured(self):
        """Delete the events in the table ``batch`` that may not be measured."""
        self.env.cr.execute(
            """
            WITH dropped AS (
                DELETE FROM batch WHERE type = 'open' AND NOT may_open
                    OR type = 'click' AND NOT may_click
             RETURNING id
            )
            DELETE FROM mailjet_event e USING dropped WHERE e.id = dropped.id
            """
        )
        self.env["mailjet.event"].invalidate_model()
