from odoo import fields, models


class MailjetMailing(models.Model):
    """How many emails come from which salesperson, counted for the checks and for the
    dialog that sends. Of many rows, the counts are kept for a while."""

    _inherit = "mailjet.mailing"

    sender_counts = fields.Json(readonly=True, copy=False)

    def _count_senders(self, is_brief=False):
        """Return the :class:`Senders` of the rows to send, None if they are not known.

        :param bool is_brief: of many rows, return what was counted last, if anything
        """
        if not self.from_salesperson or not self.planned_count:
            return None
        counts = self._keep_counts(
            "sender_counts", [self.planned_count], self._list_by_salesperson, is_brief
        )
        if counts is None:
            return None
        users = self.env["res.users"].sudo()
        return self._sort_senders(
            {users.browse(user or ()): count for user, count in counts}
        )

    def _list_by_salesperson(self):
        """Return the counts by salesperson in a form that can be kept."""
        counts = self._count_by_salesperson()
        return [[user.id, count] for user, count in counts.items()]
