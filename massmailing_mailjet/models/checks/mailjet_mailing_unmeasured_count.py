from odoo import fields, models
from odoo.tools import SQL


class MailjetMailing(models.Model):
    """How many recipients may not be measured, counted for the checks. Of many rows,
    the count is kept for a while."""

    _inherit = "mailjet.mailing"

    unmeasured_counts = fields.Json(readonly=True, copy=False)

    def _count_unmeasured(self, is_brief=False):
        """Return how many rows to send may not be measured.

        :param bool is_brief: of many rows, return what was counted last, if anything
        """
        if not self.planned_count:
            return 0
        count = self._keep_counts(
            "unmeasured_counts",
            [self.planned_count],
            self._count_unmeasured_rows,
            is_brief,
        )
        return count or 0

    def _count_unmeasured_rows(self):
        self.env.flush_all()
        query = self._find_unmeasured()
        [(count,)] = self.env.execute_query(query.select(SQL("count(*)")))
        return count

    def _forget_counts(self):
        self.sudo().unmeasured_counts = False
        return super()._forget_counts()

    def _open_finding_rows(self, name):
        if name != "not_measurable":
            return super()._open_finding_rows(name)
        domain = [("unmeasured_in", "=", self.id)]
        return self._get_rows_action(self.env._("May not be measured"), domain)
