from odoo import api, fields, models
from odoo.exceptions import UserError


class MailjetMailing(models.Model):
    """The results of a sent mailing: its page, the recipients behind its counts, its
    leads and its report."""

    _name = "mailjet.mailing"
    _inherit = ["mailjet.mailing", "mailjet.rate.mixin"]

    summary_date = fields.Datetime(
        string="Summary sent on",
        readonly=True,
        copy=False,
        help="When the person responsible received an email with the key figures.",
    )
    attributed_lead_count = fields.Integer(
        string="Attributed leads",
        compute="_compute_attributed_leads",
        help="Leads and opportunities whose source is this mailing, including lost "
        "ones, as far as you can see them.",
    )
    attributed_revenue = fields.Monetary(
        string="Expected revenue",
        compute="_compute_attributed_leads",
        currency_field="company_currency_id",
        help="Expected revenue of these leads, without the lost ones.",
    )
    company_currency_id = fields.Many2one(
        "res.currency", related="company_id.currency_id", string="Company currency"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_attributed_leads(self):
        groups = self._get_lead_groups() if self.source_id else []
        counts = {(source, active): values for source, active, *values in groups}
        for mailing in self:
            active, active_revenue = counts.get((mailing.source_id, True), (0, 0))
            lost, _revenue = counts.get((mailing.source_id, False), (0, 0))
            mailing.attributed_lead_count = active + lost
            mailing.attributed_revenue = active_revenue

    def _get_lead_groups(self):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        if not Lead.has_access("read"):
            return []
        return Lead._read_group(
            [("source_id", "in", self.source_id.ids)],
            ["source_id", "active"],
            ["__count", "expected_revenue:sum"],
        )

    # === ACTION METHODS === #

    def action_view_statistics(self):
        """Open the page of statistics.

        :raise UserError: if the mailing was not sent
        """
        self._check_sent()
        return {
            "type": "ir.actions.client",
            "tag": "mailjet_statistics",
            "name": self.env._("Statistics"),
            "context": {"active_id": self.id},
        }

    def action_view_people(self):
        """Open the recipients behind a count; the context names the count's field."""
        return self.action_open_recipients(self.env.context.get("count", "sent_count"))

    def action_open_recipients(self, count, start=None, end=None):
        """Return the action that shows the recipients behind a count.

        :param str count: a field, such as ``opened_count``
        :param int start: only from this hour after the send
        :param int end: only until this hour after the send
        """
        self.ensure_one()
        self.check_access("read")
        domain = self._get_count_domain(count, start, end)
        label = self._fields[count]._description_string(self.env)
        return self.env["mailjet.recipient"]._get_people_action(label, domain)

    def action_open_link_recipients(self, link_id):
        """Return the action that shows who clicked a link of the mailing."""
        self.ensure_one()
        self.check_access("read")
        domain = [("mailing_id", "=", self.id), ("click_ids.link_id", "=", link_id)]
        return self.env["mailjet.recipient"]._get_people_action(
            self.env._("Clicked"), domain
        )

    def action_view_leads(self):
        """Open the leads and opportunities whose source is the mailing."""
        self.ensure_one()
        self.check_access("read")
        domain = [("source_id", "=", self.source_id.id)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads"),
            "res_model": "crm.lead",
            "view_mode": "list,kanban,form",
            "domain": domain,
            "context": {"active_test": False, "create": False},
        }

    # === BUSINESS METHODS === #

    def get_statistics(self):
        """Return all that the page of statistics shows, as a dict.

        :raise UserError: if the mailing was not sent
        """
        self._check_sent()
        currency = self.company_currency_id
        return {
            "id": self.id,
            "name": self.name or self.subject_display,
            "subject": self.subject_display,
            "sender": self._describe_sender(),
            "sent_date": fields.Datetime.to_string(self.sent_date),
            "kpis": self._get_kpis(),
            "timeline": self._get_timeline(),
            "links": self._get_clicked_links(),
            "click_map": self._get_click_map(),
            "comparison": self._get_comparison(),
            "notices": self._get_statistics_notices(),
            "has_campaign": bool(self.campaign_id),
            "lead_count": self.attributed_lead_count,
            "lead_revenue": currency.format(self.attributed_revenue),
            "may_export": self.env.user.has_group("base.group_allow_export"),
        }

    def get_results(self):
        """Return what the form shows of a sent mailing: ``kpis``, as the statistics
        have them, and the ``html`` of the email as one recipient sees it.

        :raise UserError: if the mailing was not sent
        """
        self._check_sent()
        return {"kpis": self._get_kpis(), "html": self.get_preview()["html"]}

    def _check_sent(self):
        """Raise if there are no statistics yet.

        :raise UserError: saying so
        """
        self.ensure_one()
        self.check_access("read")
        if not self.sent_date:
            raise UserError(
                self.env._(
                    "There are no statistics yet: the mailing “%s” has not been sent.",
                    self.name or self.subject or "",
                )
            )

    def _get_statistics_url(self):
        """Return the URL of the page of statistics."""
        self.ensure_one()
        return (
            f"{self.get_base_url()}/odoo/mass-mailing/{self.id}/mass-mailing-statistics"
        )
