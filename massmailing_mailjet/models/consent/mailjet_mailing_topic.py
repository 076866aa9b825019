from odoo import api, fields, models


class MailjetMailing(models.Model):
    """What a mailing is about: whoever has left its topic does not receive it."""

    _inherit = "mailjet.mailing"

    topic_id = fields.Many2one(
        "mailjet.topic",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        compute="_compute_topic_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
        help="Anyone who has unsubscribed from this topic is excluded.",
    )
    has_topics = fields.Boolean(
        compute="_compute_has_topics", export_string_translation=False
    )

    @api.depends("company_id")
    def _compute_topic_id(self):
        """Choose the topic of a company that has only one."""
        for mailing in self:
            if mailing.topic_id.company_id != mailing.company_id:
                topics = mailing._find_topics(limit=2)
                mailing.topic_id = len(topics) == 1 and topics

    @api.depends("company_id")
    def _compute_has_topics(self):
        for mailing in self:
            mailing.has_topics = bool(mailing._find_topics(limit=1))

    def _find_topics(self, limit):
        return self.env["mailjet.topic"].search(
            [("company_id", "=", self.company_id.id)], limit=limit
        )
