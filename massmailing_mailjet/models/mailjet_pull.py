import logging
import time
from datetime import datetime, timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import DELIVERY_ERROR_IDS, MESSAGE_FACTS
from ..exceptions import MailjetError
from ..tools.mailjet_client import PAGE_SIZE
from .mailjet_trace import COUNTS, EARLIEST, FAILURE_TIME, LATEST

_logger = logging.getLogger(__name__)

# For how long the e-mails of a mailing are asked about, and how often: what happens to
# an e-mail happens in the first hours.
RECENT = timedelta(days=30)
SHORTEST_INTERVAL = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(days=1)
AGES_PER_INTERVAL = 4
RUN_SECONDS = 45

# The dates that a fact of ``const.MESSAGE_FACTS`` fills in: with the time of asking, as
# Mailjet does not tell when it was. It is later than the true one, which a webhook may
# still bring, and the earliest date counts.
FILLS = {
    "delivered_date": ("delivered", "opened", "clicked", "unsubscribed", "complained"),
    "opened_date": ("opened", "clicked"),
    "clicked_date": ("clicked",),
    "unsubscribed_date": ("unsubscribed",),
    "complained_date": ("complained",),
    "blocked_date": ("blocked",),
}
CAUSES = {
    "unsubscribed": ("unsubscribed", "r.unsubscribed_date IS NULL"),
    "complained": ("complained", "r.complained_date IS NULL"),
    "hard": ("bounced", "r.bounce_type IS DISTINCT FROM 'hard'"),
}


class MailjetPull(models.AbstractModel):
    """Asks Mailjet what the webhooks missed; where it reaches no webhook of ours, for
    everything. Counts of opens and clicks come by webhooks alone: who is asked knows
    that an e-mail was opened, not how often."""

    _name = "mailjet.pull"
    _description = "Mailjet Reconciliation"

    @api.model
    def _trigger_push(self):
        """Let Mailjet be told soon of who refuses mass mailings now."""
        self.env.ref("massmailing_mailjet.ir_cron_pull")._trigger()

    @api.model
    def _cron_process(self):
        """Ask for every account; what fails is logged and tried the next time."""
        deadline = time.monotonic() + RUN_SECONDS
        accounts = self.env["mailjet.account"].search([("api_key", "!=", False)])
        for account in accounts:
            lang = account.company_id.partner_id.lang or self.env.lang
            try:
                self.with_context(lang=lang)._process(account, deadline)
            except (MailjetError, UserError, OperationalError) as error:
                self.env.cr.rollback()
                _logger.info("Account %s was not asked: %s", account.id, error)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _process(self, account, deadline):
        """Ask for one account, committing after each answer.

        :param float deadline: moment of the monotonic clock after which the rest is
            left to another run
        """
        with account._client() as client:
            while account.push_exclusions and self.env["mailjet.suppression"]._push(
                account, client
            ):
                self.env["ir.cron"]._commit_progress()
            self.env["ir.cron"]._commit_progress()
            self._fetch_suppressions(account, client)
            self.env["ir.cron"]._commit_progress()
            for mailing in self._get_due_mailings(account):
                while self._fetch_page(mailing, client):
                    self.env["ir.cron"]._commit_progress()
                    if time.monotonic() > deadline:
                        self._trigger_push()
                        return
                self.env["ir.cron"]._commit_progress()

    # === EXCLUSIONS === #

    @api.model
    def _fetch_suppressions(self, account, client):
        """Take over who gets no campaign at all, at most once an hour."""
        now = fields.Datetime.now()
        if account.suppressions_date and now < (
            account.suppressions_date + SHORTEST_INTERVAL
        ):
            return
        rows = [
            (email, _parse_date(date)) for email, date in client.get_excluded_contacts()
        ]
        new = self.env["mailjet.suppression"]._take_over(account, rows)
        self.env["mailjet.consent"]._tighten(
            {
                "email": email,
                "cause": "unsubscribed",
                "date": date or now,
                "comment": self.env._("Excluded from all campaigns."),
            }
            for email, date in new
        )
        account.suppressions_date = now

    # === MAILINGS === #

    @api.model
    def _get_due_mailings(self, account):
        """Return the mailings to be asked about now: the older, the more rarely."""
        now = fields.Datetime.now()
        recent = self.env["mailjet.mailing"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "done"),
                ("mailjet_campaign_id", "!=", False),
                ("sent_date", ">", now - RECENT),
            ]
        )
        return recent.filtered(
            lambda mailing: (
                mailing.pull_offset
                or not mailing.pulled_date
                or mailing.pulled_date + self._get_interval(mailing, now) <= now
            )
        )

    @api.model
    def _get_interval(self, mailing, now):
        share = (now - mailing.sent_date) / AGES_PER_INTERVAL
        return min(max(share, SHORTEST_INTERVAL), LONGEST_INTERVAL)

    @api.model
    def _fetch_page(self, mailing, client):
        """Take over the next messages of a mailing and return whether there are
        more; after the last, those who left its list otherwise."""
        messages = client.get_messages(mailing.mailjet_campaign_id, mailing.pull_offset)
        self._apply(mailing, [self._read_message(message) for message in messages])
        if len(messages) == PAGE_SIZE:
            mailing.pull_offset += len(messages)
            return True
        left = client.get_unsubscribed_members(mailing.mailjet_list_id)
        self._apply(
            mailing, [(email, "unsubscribed", None, "") for email, _date in left]
        )
        mailing.write({"pull_offset": 0, "pulled_date": fields.Datetime.now()})
        return False

    @api.model
    def _read_message(self, message):
        """Return a message's address, fact (or None), time, and error."""
        fact = MESSAGE_FACTS.get(message.get("Status"))
        if fact == "soft" and message.get("StatePermanent"):
            fact = "hard"
        return (
            (message.get("ContactAlt") or "").lower(),
            fact,
            _parse_date(message.get("ArrivedAt")),
            DELIVERY_ERROR_IDS.get(message.get("StateID"), ""),
        )

    @api.model
    def _apply(self, mailing, told):
        """Add to the recipients what Mailjet says of their addresses."""
        told = {item[0]: item for item in told if item[0] and item[1]}
        if not told:
            return
        self.env.flush_all()
        refusals = self._find_refusals(mailing, told.values())
        self.env["mailjet.trace"]._merge(self._facts(mailing, told.values()))
        self.env["mailjet.consent"]._tighten(refusals)

    @api.model
    def _told(self, told):
        emails, facts, dates, errors = (list(part) for part in zip(*told, strict=True))
        labels = dict(
            self.env["mailjet.event"]._fields["error"]._description_selection(self.env)
        )
        return SQL(
            """
            unnest(%s::text[], %s::text[], %s::timestamp[], %s::text[])
            AS t (email, fact, date, words)
            """,
            emails,
            facts,
            dates,
            [labels.get(error, "") for error in errors],
        )

    @api.model
    def _facts(self, mailing, told):
        """Return the query of facts for :meth:`MailjetTrace._merge`. An opening of
        which only machines are known is theirs."""
        now = fields.Datetime.now()
        columns = {name: SQL("NULL::timestamp") for name in (*EARLIEST, *LATEST)}
        columns |= {name: SQL("0") for name in COUNTS}
        for name, facts in FILLS.items():
            by_machine = SQL(
                "AND NOT (t.fact IN ('opened', 'clicked')"
                " AND COALESCE(r.machine_open_count, 0) > 0)"
                if name in ("opened_date", "clicked_date")
                else ""
            )
            columns[name] = SQL(
                "CASE WHEN t.fact IN %s %s THEN %s END",
                facts,
                by_machine,
                SQL("COALESCE(t.date, %s)", now)
                if name == "delivered_date"
                else SQL("%s::timestamp", now),
            )
        columns["failure"] = SQL(
            """
            CASE WHEN t.fact IN ('hard', 'soft', 'blocked')
                 THEN CASE t.fact WHEN 'hard' THEN '1' WHEN 'soft' THEN '2' ELSE '3' END
                      || to_char(%s::timestamp, %s) || t.words END
            """,
            now,
            FAILURE_TIME,
        )
        return SQL(
            "SELECT r.id AS recipient_id, %s %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            self._recipients(mailing, told),
        )

    @api.model
    def _recipients(self, mailing, told):
        return SQL(
            """
            FROM %s JOIN mailjet_recipient r ON r.mailing_id = %s
             AND r.email_normalized = t.email AND r.status <> 'pending'
            """,
            self._told(told),
            mailing.id,
        )

    @api.model
    def _find_refusals(self, mailing, told):
        """Return who refuses further mailings and was not known to: who has been let
        in again since then stays in."""
        condition = SQL(" OR ").join(
            SQL("t.fact = %s AND %s", fact, SQL(unknown))
            for fact, (_cause, unknown) in CAUSES.items()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT t.email, t.fact %s WHERE %s",
                self._recipients(mailing, told),
                condition,
            )
        )
        return [
            {
                "email": email,
                "cause": CAUSES[fact][0],
                "date": fields.Datetime.now(),
                "mailing_id": mailing.id,
                "comment": self.env._("Found when Mailjet was asked."),
            }
            for email, fact in rows
        ]


def _parse_date(text):
    """Return a date of Mailjet's in UTC, or None for "" and what cannot be read."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
