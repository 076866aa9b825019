from collections import Counter

from odoo import fields, models

from ...const import SENT_STATUSES
from .const import EXCLUSION_COUNTS, KIND_COUNTS
from .counts import COUNT_DOMAINS


class MailjetMailing(models.Model):
    """The numbers of recipients of a mailing, by verdict, reason and kind.

    The counts are stored whenever verdicts change: no view counts rows.
    """

    _inherit = "mailjet.mailing"

    refreshed_date = fields.Datetime(readonly=True, copy=False)
    recipient_count = fields.Integer(
        string="Recipients loaded",
        readonly=True,
        copy=False,
        help="Everyone found by the filters and targets, counted once.",
    )
    planned_count = fields.Integer(
        string="Emails planned for this mailing",
        readonly=True,
        copy=False,
        help="Recipients loaded, minus those that are excluded.",
    )
    excluded_count = fields.Integer(string="Excluded", readonly=True, copy=False)
    unticked_count = fields.Integer(
        string="Not selected",
        readonly=True,
        copy=False,
        help="Recipients whose checkbox someone has cleared.",
    )
    invalid_count = fields.Integer(
        string="Invalid emails",
        readonly=True,
        copy=False,
        help="Recipients without an address, or with an invalid one.",
    )
    duplicate_count = fields.Integer(
        string="Duplicate emails",
        readonly=True,
        copy=False,
        help="Recipients that share their address with another one, which receives "
        "the email.",
    )
    unsubscribed_count = fields.Integer(
        string="Unsubscribed emails",
        readonly=True,
        copy=False,
        help="Recipients whose address has unsubscribed, on any contact, account or "
        "lead.",
    )
    left_topic_count = fields.Integer(
        string="Unsubscribed from the topic",
        readonly=True,
        copy=False,
        help="Recipients whose address has unsubscribed from the topic of this "
        "mailing.",
    )
    paused_count = fields.Integer(
        string="Paused emails",
        readonly=True,
        copy=False,
        help="Recipients whose address receives nothing for some time.",
    )
    blacklisted_count = fields.Integer(
        string="Blacklisted emails",
        readonly=True,
        copy=False,
        help="Recipients whose address is on Odoo's blacklist.",
    )
    past_bounce_count = fields.Integer(
        string="Bounced before",
        readonly=True,
        copy=False,
        help="Recipients whose address hard-bounced earlier.",
    )
    past_complaint_count = fields.Integer(
        string="Complained before",
        readonly=True,
        copy=False,
        help="Recipients whose address has marked an email as spam.",
    )
    archived_count = fields.Integer(
        string="Archived or deleted records",
        readonly=True,
        copy=False,
        help="Recipients whose contact, account or lead has been archived or deleted.",
    )
    excluded_target_count = fields.Integer(
        string="In excluded targets",
        readonly=True,
        copy=False,
        help="Recipients whose address is in an excluded target.",
    )
    answered_count = fields.Integer(
        string="Already answered",
        readonly=True,
        copy=False,
        help="Recipients whose address has already answered whether it may be "
        "measured.",
    )
    asked_count = fields.Integer(
        string="Asked recently",
        readonly=True,
        copy=False,
        help="Recipients whose address was asked less than six months ago.",
    )
    recent_count = fields.Integer(
        string="Mailed recently",
        readonly=True,
        copy=False,
        help="Recipients whose address received another mass mailing within the "
        "number of days set in step 3.",
    )
    not_asked_count = fields.Integer(
        string="Not to be asked",
        readonly=True,
        copy=False,
        help="Recipients of a mailing to prospects without contact who are in contact, "
        "or whom another mailing asks.",
    )
    engaged_count = fields.Integer(
        string="Opened or not measured",
        readonly=True,
        copy=False,
        help="Recipients of a reminder who have opened the first mailing since, "
        "objected to it, or are no longer measured.",
    )
    contact_count = fields.Integer(string="Contacts", readonly=True, copy=False)
    account_count = fields.Integer(string="Accounts", readonly=True, copy=False)
    lead_count = fields.Integer(string="Leads", readonly=True, copy=False)

    def action_view_recipients(self):
        """Open the rows that a count includes; the context names the count's field."""
        self.ensure_one()
        self.check_access("read")
        name = self.env.context.get("count", "recipient_count")
        domain = [("mailing_id", "=", self.id), *COUNT_DOMAINS[name]]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recipients"),
            "res_model": "mailjet.recipient",
            "view_mode": "list,kanban",
            "views": [(False, "list"), (False, "kanban")],
            "mobile_view_mode": "kanban",
            "domain": domain,
            "context": {"create": False},
        }

    def _update_counts(self):
        """Store the mailing's counts, all from one grouped query."""
        self.ensure_one()
        groups = (
            self.env["mailjet.recipient"]
            .sudo()
            ._read_group(
                [("mailing_id", "=", self.id)],
                ["kind", "exclusion_reason", "status"],
                ["__count"],
            )
        )
        kinds, reasons, statuses = Counter(), Counter(), Counter()
        for kind, reason, status, count in groups:
            kinds[kind] += count
            reasons[reason] += count
            statuses[status] += count
        planned = reasons.pop(False, 0)
        self.sudo().write(
            {
                "recipient_count": planned + reasons.total(),
                "planned_count": planned,
                "excluded_count": reasons.total(),
                **{
                    name: sum(reasons[reason] for reason in counted)
                    for name, counted in EXCLUSION_COUNTS.items()
                },
                **{name: kinds[kind] for kind, name in KIND_COUNTS.items()},
                "sent_count": sum(statuses[status] for status in SENT_STATUSES),
                "failed_count": statuses["failed"],
            }
        )
