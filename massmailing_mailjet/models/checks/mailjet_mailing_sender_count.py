from odoo import fields, models

from .mailjet_mailing_missing_value import FEW_ROWS


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
        is_long = self.planned_count > FEW_ROWS
        key, kept = [self.planned_count], self.sudo().sender_counts or {}
        if is_long and is_brief and not kept:
            return None
        if not is_long or not (is_brief or self._is_fresh_count(kept, key)):
            counts = self._count_by_salesperson()
            now = fields.Datetime.to_string(fields.Datetime.now())
            counts = [[user.id, count] for user, count in counts.items()]
            kept = {"key": key, "date": now, "counts": counts}
            if is_long:
                self.sudo().sender_counts = kept
        users = self.env["res.users"].sudo()
        return self._sort_senders(
            {users.browse(user or ()): count for user, count in kept["counts"]}
        )
