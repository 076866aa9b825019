from odoo import api, fields, models
from odoo.exceptions import UserError

from .referred import find_referred


class MailjetTopic(models.Model):
    """What mailings are about, for recipients who want some of them but not others: a
    mailing has one topic, and an address may leave a topic without leaving everything.
    """

    _name = "mailjet.topic"
    _description = "Mass mailing topic"
    _order = "sequence, id"

    name = fields.Char(
        required=True, translate=True, help="Recipients read it when they unsubscribe."
    )
    description = fields.Char(
        translate=True, help="What recipients get, in a few words they can choose by."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )

    def write(self, vals):
        if "company_id" in vals and any(
            topic.company_id.id != vals["company_id"] for topic in self
        ):
            raise UserError(
                self.env._(
                    "A topic stays with its company: the opt-outs of it are those of "
                    "that company. Create a topic in the other one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self._find_used()
        if used:
            raise UserError(
                self.env._(
                    "Mailings or opt-outs have this topic, which is kept as proof: "
                    "%s. You can archive it.",
                    ", ".join(used.mapped("name")),
                )
            )

    def _find_used(self):
        """Return the topics that a mailing or an opt-out has."""
        models = ("mailjet.mailing", "mailjet.consent")
        return find_referred(self, dict.fromkeys(models, ["topic_id"]))
