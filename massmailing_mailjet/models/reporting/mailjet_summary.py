import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ..attempt import attempt_each
from ..counting import say_count

_logger = logging.getLogger(__name__)

# After a day, most of those who will open the email have opened it. No summary is sent
# of mailings older than the second delay: it would be outdated, for instance after the
# installation or a long downtime.
DELAY = timedelta(hours=24)
TOO_LATE = timedelta(days=7)

# The figures in the email, and how many links it lists.
KPIS = (
    "sent_count",
    "delivered_count",
    "opened_count",
    "clicked_count",
    "bounced_count",
    "optout_count",
)
LINKS = 5


class MailjetSummary(models.AbstractModel):
    """Emails the results of a mailing to its responsible, once, a day after the
    send."""

    _name = "mailjet.summary"
    _description = "Mass mailing summary"

    @api.model
    def _cron_send(self):
        """Send the summaries that are due.

        The email and its date are written in one transaction, so that no interruption
        can send a summary twice.
        """
        due = self.env["mailjet.mailing"].search(self._get_due_domain())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        attempt_each(due, self._send_once)

    @api.model
    def _send_once(self, mailing):
        """Send the summary of a mailing, unless another worker is doing it."""
        if not mailing.try_lock_for_update(allow_referencing=True):
            return
        mailing.invalidate_recordset()
        if mailing.filtered_domain(self._get_due_domain()):
            self._send(mailing)

    @api.model
    def _get_due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "=", "done"),
            ("sent_date", "<=", now - DELAY),
            ("sent_date", ">", now - TOO_LATE),
            ("summary_date", "=", False),
            ("company_id.mailjet_summary", "=", True),
            ("user_id.active", "=", True),
            ("user_id.email", "!=", False),
        ]

    @api.model
    def _send(self, mailing):
        """Create the email, in the responsible's language and with what the responsible
        may see."""
        user = mailing.user_id
        mailing.summary_date = fields.Datetime.now()
        seen = mailing.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=mailing.company_id.ids,
        )
        if mailing.company_id not in user.company_ids or not seen.has_access("read"):
            _logger.info("Nobody may read the summary of mailing %s", mailing.id)
            return
        self.env["mail.mail"].create(
            {
                "subject": seen.env._("Results of “%s”", mailing.name),
                "body_html": self._render(seen),
                "email_from": mailing.company_id.email_formatted
                or user.email_formatted,
                "email_to": user.email_formatted,
                "author_id": mailing.company_id.partner_id.id,
                "auto_delete": True,
            }
        )

    @api.model
    def _render(self, mailing):
        """Return the HTML of the email."""
        env = mailing.env
        kpis = {kpi["name"]: kpi for kpi in mailing._get_kpis()}
        comparison = mailing._get_comparison()
        body = env["ir.qweb"]._render(
            "massmailing_mailjet.mailing_summary",
            {
                "mailing": mailing,
                "intro": env._(
                    "Your mailing “%(name)s” was sent on %(date)s. These are its "
                    "results after one day.",
                    name=mailing.name,
                    date=format_datetime(env, mailing.sent_date, dt_format="short"),
                ),
                "kpis": [kpis[name] for name in KPIS],
                "comparison": comparison,
                "comparison_title": say_count(
                    env,
                    comparison["count"],
                    env._("Compared with the previous mailing"),
                    env._("Compared with the average of the last %(count)s mailings"),
                ),
                "links": mailing._get_clicked_links(LINKS),
                "url": mailing._get_statistics_url(),
            },
        )
        return env["mail.render.mixin"]._render_encapsulate(
            "mail.mail_notification_light",
            body,
            {"record_name": mailing.name, "company": mailing.company_id},
            mailing,
        )
