import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ...exceptions import MailjetNotFoundError
from ..attempt import attempt

# For how long the e-mails of a mailing are asked about, and how often: what happens to
# an e-mail happens in the first hours.
RECENT = timedelta(days=30)
SHORTEST_INTERVAL = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(days=1)
AGES_PER_INTERVAL = 4
RUN_SECONDS = 45


class MailjetPull(models.AbstractModel):
    """Asks Mailjet what the webhooks missed; where it reaches no webhook of ours, for
    everything."""

    _name = "mailjet.pull"
    _description = "Mailjet reconciliation"

    @api.model
    def _trigger_push(self):
        """Let Mailjet be told soon of who refuses mass mailings now."""
        self.env.ref("massmailing_mailjet.ir_cron_pull")._trigger()

    @api.model
    def _cron_process(self):
        """Ask for every account, the one that was asked the longest ago first; what
        fails is logged and tried the next time."""
        deadline = time.monotonic() + RUN_SECONDS
        accounts = self.env["mailjet.account"].search(
            [("api_key", "!=", False)], order="pull_asked_date NULLS FIRST, id"
        )
        for number, account in enumerate(accounts):
            # Each run gets further with one account at least.
            if number and time.monotonic() > deadline:
                return self._trigger_push()
            lang = account.company_id.partner_id.lang or self.env.lang
            pull = self.with_context(lang=lang)
            attempt(account, partial(pull._process, deadline=deadline))
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _process(self, account, deadline):
        """Ask for one account, committing after each answer.

        :param float deadline: moment of the monotonic clock after which the rest is
            left to another run
        """
        account.pull_asked_date = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        with account._client() as client:
            if not self._push_suppressions(account, client, deadline):
                return
            if not self._fetch_suppressions(account, client, deadline):
                return
            self.env["ir.cron"]._commit_progress()
            fetch = partial(self._fetch_pages, client=client, deadline=deadline)
            for mailing in self._get_due_mailings(account):
                if time.monotonic() > deadline:
                    return self._trigger_push()
                attempt(mailing, fetch)
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _fetch_pages(self, mailing, client, deadline):
        """Take over what Mailjet knows of a mailing, until the deadline."""
        mailing.pull_asked_date = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        while self._fetch_page(mailing, client):
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > deadline:
                return

    # === EXCLUSIONS === #

    @api.model
    def _push_suppressions(self, account, client, deadline):
        """Tell Mailjet who is to get no campaign at all, part by part.

        :return: whether there is time left for more
        """
        has_more = True
        while has_more:
            has_more = self.env["mailjet.suppression"]._push(account, client)
            self.env["ir.cron"]._commit_progress()
            if has_more and time.monotonic() > deadline:
                self._trigger_push()
                return False
        return True

    @api.model
    def _fetch_suppressions(self, account, client, deadline):
        """Take over who gets no campaign at all, page by page, at most once an hour.

        :return: whether there is time left for more
        """
        Suppression = self.env["mailjet.suppression"]
        if not Suppression._is_due(account, client):
            return True
        while Suppression._fetch_page(account, client):
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > deadline:
                self._trigger_push()
                return False
        return True

    # === MAILINGS === #

    @api.model
    def _get_due_mailings(self, account):
        """Return the mailings to be asked about now: the older, the more rarely. That
        which was asked about the longest ago comes first."""
        now = fields.Datetime.now()
        recent = self.env["mailjet.mailing"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "done"),
                ("mailjet_campaign_id", "!=", False),
                ("sent_date", ">", now - RECENT),
            ],
            order="pull_asked_date NULLS FIRST, id DESC",
        )
        return recent.filtered(
            lambda mailing: (
                mailing.pull_phase
                or not mailing.pulled_date
                or mailing.pulled_date + self._get_interval(mailing, now) <= now
            )
        )

    @api.model
    def _get_interval(self, mailing, now):
        share = (now - mailing.sent_date) / AGES_PER_INTERVAL
        return min(max(share, SHORTEST_INTERVAL), LONGEST_INTERVAL)

    @api.model
    def _get_phases(self, mailing):
        """Return what is asked about a mailing, in this order. Openings and clicks name
        messages, which have to be listed first; later on they come first, since they
        tell machines from people. A list that was deleted tells nothing."""
        members = () if mailing._has_lost_list() else ("members",)
        if not self.env["mailjet.pull.reaction"]._is_needed(mailing):
            return ("messages", *members)
        if mailing.pulled_date:
            return ("opens", "clicks", "messages", *members)
        return ("messages", *members, "opens", "clicks")

    @api.model
    def _fetch_page(self, mailing, client):
        """Take over the next page of what Mailjet knows of a mailing, and return
        whether there is more to ask."""
        phases = self._get_phases(mailing)
        known = mailing.pull_phase in phases
        phase = mailing.pull_phase if known else phases[0]
        offset = mailing.pull_offset if known else 0
        count, has_more = getattr(self, f"_fetch_{phase}")(mailing, client, offset)
        if has_more:
            mailing.write({"pull_phase": phase, "pull_offset": offset + count})
            return True
        following = phases[phases.index(phase) + 1 :]
        if following:
            mailing.write({"pull_phase": following[0], "pull_offset": 0})
            return True
        self._finish(mailing, client)
        return False

    @api.model
    def _finish(self, mailing, client):
        mailing.write(
            {
                "pull_phase": False,
                "pull_offset": 0,
                "pulled_date": fields.Datetime.now(),
                "mailjet_count": client.count_messages(mailing.mailjet_campaign_id),
            }
        )

    @api.model
    def _fetch_messages(self, mailing, client, offset):
        messages, has_more = client.get_messages(mailing.mailjet_campaign_id, offset)
        Message = self.env["mailjet.pull.message"]
        Reaction = self.env["mailjet.pull.reaction"]
        is_asked = Reaction._is_needed(mailing)
        if is_asked:
            Reaction._note_messages(mailing, messages)
        with_reactions = bool(mailing.pulled_date) or not is_asked
        Message._apply(
            mailing,
            [Message._read_message(message, with_reactions) for message in messages],
        )
        mailing.listed_count = offset + len(messages)
        return len(messages), has_more

    @api.model
    def _fetch_members(self, mailing, client, _offset):
        """Take over who left the mailing's list otherwise."""
        try:
            left = client.get_unsubscribed_members(mailing.mailjet_list_id)
        except MailjetNotFoundError:
            # Somebody has deleted it at Mailjet.
            return 0, False
        self.env["mailjet.pull.message"]._apply(
            mailing, [(email, "unsubscribed", None, "") for email, _date in left]
        )
        return len(left), False

    @api.model
    def _fetch_opens(self, mailing, client, offset):
        Reaction = self.env["mailjet.pull.reaction"]
        return Reaction._fetch(mailing, client.get_opens, offset)

    @api.model
    def _fetch_clicks(self, mailing, client, offset):
        Reaction = self.env["mailjet.pull.reaction"]
        return Reaction._fetch(mailing, client.get_clicks, offset)
