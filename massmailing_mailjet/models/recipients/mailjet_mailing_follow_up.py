from odoo import api, fields, models

from ...const import FOLLOW_UPS


class MailjetMailing(models.Model):
    """Links a mailing to the one that it follows: to those whom the first did not
    reach, or who did not open it."""

    _inherit = "mailjet.mailing"

    origin_id = fields.Many2one(
        "mailjet.mailing",
        string="First mailing",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The mailing that this one follows up.",
    )
    follow_up_kind = fields.Selection(
        FOLLOW_UPS, string="Follow-up", readonly=True, copy=False
    )
    follow_up_count = fields.Integer(
        string="Follow-ups", compute="_compute_follow_up_count"
    )

    # Two people who press the button at the same moment make one follow-up.
    _open_follow_up_uniq = models.UniqueIndex(
        "(origin_id, follow_up_kind) WHERE origin_id IS NOT NULL AND state <> 'done'"
    )

    @api.depends("state")
    def _compute_follow_up_count(self):
        groups = dict(
            self._read_group(
                [("origin_id", "in", self.ids)], ["origin_id"], ["__count"]
            )
        )
        for mailing in self:
            mailing.follow_up_count = groups.get(mailing, 0)

    # === ACTION METHODS === #

    def action_send_to_rest(self):
        """Open the mailing to those whom this one has not reached: refused by Mailjet,
        or found by its filters and targets only since.

        :raise UserError: when there is nobody, or this one was not sent
        """
        return self._open_follow_up("rest")

    def action_resend(self):
        """Open the mailing to those who have not opened this one.

        :raise UserError: when there is nobody, or this one was not sent
        """
        return self._open_follow_up("reminder")

    def action_view_origin(self):
        """Open the mailing that this one follows."""
        self.ensure_one()
        self.check_access("read")
        return self.origin_id.get_formview_action()

    def action_view_follow_ups(self):
        """Open the mailings that follow this one."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-ups"),
            "res_model": "mailjet.mailing",
            "view_mode": "list,form",
            "domain": [("origin_id", "=", self.id)],
            "context": {"create": False},
        }

    def _open_follow_up(self, kind):
        self.ensure_one()
        self.check_access("write")
        return self.env["mailjet.follow.up"]._open(self, kind).get_formview_action()

    # === BUSINESS METHODS === #

    def _get_family(self):
        """Return the first mailing of this one's line, and all that follow it."""
        family = self.sudo().with_context(active_test=False)
        while family.origin_id:
            family = family.origin_id
        generation = family
        while generation:
            generation = generation.search([("origin_id", "in", generation.ids)])
            family |= generation
        return family
