from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import RECORD_SOURCES


class MailjetHistoryMixin(models.AbstractModel):
    """The mass mailings of a contact, an account or a lead, and their results.

    A mailing belongs to the history of a record if it was sent to the record itself or
    to its address, whichever record that was loaded from.
    """

    _name = "mailjet.history.mixin"
    _description = "Mass mailing history"

    massmailing_count = fields.Integer(
        string="Mass mailings",
        compute="_compute_massmailing_count",
        groups="massmailing_mailjet.mailjet_group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_massmailing_count(self):
        """Count mailings, with one grouped query for all of the records."""
        members = self._get_history_members()
        link = self._get_history_link()
        by_record, by_address = defaultdict(set), defaultdict(set)
        for record, address, mailings in self.env["mailjet.recipient"]._read_group(
            self._get_history_domain(members),
            [link, "email_normalized"],
            ["mailing_id:array_agg_distinct"],
        ):
            by_record[record.id].update(mailings)
            if address:
                by_address[address].update(mailings)
        for record in self:
            mailings = set()
            for member in members[record]:
                mailings |= by_record[member.id] | by_address[member.email_normalized]
            record.massmailing_count = len(mailings)

    def action_view_massmailings(self):
        """Open the rows of the record's history, the newest mailing first, grouped by
        mailing if one may have several."""
        self.ensure_one()
        self.check_access("read")
        self.env["mailjet.recipient"].check_access("read")
        members = self._get_history_members()
        several = len(members[self]) > 1
        action = self.env["mailjet.recipient"]._get_people_action(
            self.env._("Mass mailings of %s", self.display_name),
            list(self._get_history_domain(members)),
            search_default_group_by_mailing=several,
        )
        # Cards of several people name these.
        kinds = ("list",) if several else ("list", "kanban")
        view_id = "massmailing_mailjet.mailjet_recipient_view_%s_history"
        own = {kind: self.env.ref(view_id % kind).id for kind in kinds}
        views = [(own.get(kind, view), kind) for view, kind in action["views"]]
        return {**action, "views": views}

    def _get_history_link(self):
        """Return the field of a recipient that links to a record of this model."""
        return RECORD_SOURCES[self._name]["link"]

    def _get_history_members(self):
        """Return, by record, the records whose mailings belong to its history: only
        itself."""
        return {record: record for record in self}

    def _get_history_domain(self, members):
        """Return the domain of the recipients that were mailed for these records."""
        records = self.concat(*members.values())
        addresses = [email for email in records.mapped("email_normalized") if email]
        return Domain("status", "!=", "pending") & (
            Domain(self._get_history_link(), "in", records.ids)
            | Domain("email_normalized", "in", addresses)
        )
