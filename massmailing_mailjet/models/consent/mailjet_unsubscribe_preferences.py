from odoo import api, fields, models
from odoo.tools import format_date

PREFERENCES = "massmailing_preferences"


class MailjetUnsubscribeMixin(models.AbstractModel):
    """Shows which topics a record's address has left, and until when it pauses."""

    _inherit = "mailjet.unsubscribe.mixin"

    massmailing_preferences = fields.Char(
        string="Preferences",
        compute="_compute_massmailing_preferences",
        help="The topics that this address has unsubscribed from, and until when it "
        "receives no mass mailings.",
    )

    @api.depends("email_normalized")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_massmailing_preferences(self):
        found = {}
        for row in self._get_preferences():
            found.setdefault(row["email"], []).append(row)
        for record in self:
            rows = found.get(record.email_normalized, [])
            record[PREFERENCES] = self._describe_preferences(rows)

    def _get_preferences(self):
        """Return what the addresses have left, see ``MailjetConsent._find_partial``."""
        emails = {record.email_normalized for record in self} - {False}
        return self.env["mailjet.consent"]._find_partial(emails) if emails else []

    def _describe_preferences(self, rows):
        """Return what an address has left in the user's companies, as one text."""
        keys = {
            row["topic_id"]
            for row in rows
            if row["company_id"] in self.env.companies.ids
        }
        ends = [row["until_date"] for row in rows if row["until_date"]]
        topics = self.env["mailjet.topic"].sudo().browse(keys).sorted()
        parts = []
        if topics:
            names = ", ".join(topics.mapped("name"))
            parts.append(self.env._("Unsubscribed from: %s", names))
        if ends:
            date = format_date(self.env, max(ends))
            parts.append(self.env._("Paused until %s", date))
        return " · ".join(parts)

    def _adopt_preferences(self, rows):
        """Adopt what people have left whose records are merged into this one.

        :param rows: those of the others, see :meth:`_get_preferences`
        """
        email, now = self.email_normalized, fields.Datetime.now()
        names = ("cause", "topic_id", "until_date", "reason")
        copied = [{name: row[name] for name in names} for row in rows if email]
        self.env["mailjet.consent"]._opt_out(
            [{**values, "email": email, "date": now} for values in copied], "merge"
        )

    def _invalidate_opt_outs(self):
        self.env[self._name].invalidate_model([PREFERENCES], flush=False)
        return super()._invalidate_opt_outs()
