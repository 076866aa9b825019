import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ...exceptions import MailjetNotFoundError
from ..attempt import attempt

# For how long the emails of a mailing are synced, and how often: most events occur in
# the first hours.
RECENT = timedelta(days=30)
SHORTEST_INTERVAL = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(days=1)
AGES_PER_INTERVAL = 4
RUN_SECONDS = 45


class MailjetSync(models.AbstractModel):
    """Fetches from Mailjet what the webhooks missed; without a working webhook,
    everything."""

    _name = "mailjet.sync"
    _description = "Mailjet reconciliation"

    @api.model
    def _trigger(self):
        """Make the cron send the addresses that opted out to Mailjet soon."""
        self.env.ref("massmailing_mailjet.ir_cron_sync")._trigger()

    @api.model
    def _cron_process(self):
        """Sync every account, the least recently synced first; failures are logged and
        retried the next time."""
        deadline = time.monotonic() + RUN_SECONDS
        accounts = self.env["mailjet.account"].search(
            [("api_key", "!=", False)], order="sync_requested_date NULLS FIRST, id"
        )
        for number, account in enumerate(accounts):
            # Each run makes progress with one account at least.
            if number and time.monotonic() > deadline:
                return self._trigger()
            lang = account.company_id.partner_id.lang or self.env.lang
            sync = self.with_context(lang=lang)
            attempt(account, partial(sync._process, deadline=deadline))
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _process(self, account, deadline):
        """Sync one account, committing after each response.

        :param float deadline: time of the monotonic clock after which the rest is left
            to another run
        """
        account.sync_requested_date = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        with account._client() as client:
            if not self._push_suppressions(account, client, deadline):
                return
            if not self._fetch_suppressions(account, client, deadline):
                return
            if not self._fetch_signups(account, client, deadline):
                return
            self.env["ir.cron"]._commit_progress()
            fetch = partial(self._fetch_pages, client=client, deadline=deadline)
            for campaign in self._get_due_campaigns(account):
                if time.monotonic() > deadline:
                    return self._trigger()
                attempt(campaign, fetch)
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _fetch_pages(self, campaign, client, deadline):
        """Fetch what Mailjet knows of a campaign, until the deadline."""
        campaign.sync_requested_date = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        while self._fetch_page(campaign, client):
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > deadline:
                return

    # === EXCLUSIONS === #

    @api.model
    def _push_suppressions(self, account, client, deadline):
        """Send Mailjet the addresses to exclude from all campaigns, in parts.

        :return: whether there is time left for more
        """
        has_more = True
        while has_more:
            has_more = self.env["mailjet.suppression"]._push(account, client)
            self.env["ir.cron"]._commit_progress()
            if has_more and time.monotonic() > deadline:
                self._trigger()
                return False
        return True

    @api.model
    def _fetch_suppressions(self, account, client, deadline):
        """Fetch the addresses that Mailjet excludes from all campaigns, page by page,
        at most once an hour.

        :return: whether there is time left for more
        """
        Suppression = self.env["mailjet.suppression"]
        if not Suppression._is_due(account, client):
            return True
        return self._fetch_rest(Suppression, account, client, deadline)

    @api.model
    def _fetch_signups(self, account, client, deadline):
        """Fetch who has confirmed a sign-up, page by page, at most once an hour.

        :return: whether there is time left for more
        """
        Signup = self.env["mailjet.signup"]
        if not Signup._is_due(account):
            return True
        return self._fetch_rest(Signup, account, client, deadline)

    @api.model
    def _fetch_rest(self, store, account, client, deadline):
        """Fetch the pages of a store of the account that are left.

        :return: whether there is time left for more
        """
        while store._fetch_page(account, client):
            self.env["ir.cron"]._commit_progress()
            if time.monotonic() > deadline:
                self._trigger()
                return False
        return True

    # === MAILINGS === #

    @api.model
    def _get_due_campaigns(self, account):
        """Return the campaigns to sync now, the least recently synced first: the older
        one is, the less often."""
        now = fields.Datetime.now()
        recent = self.env["mailjet.campaign"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "done"),
                ("mailjet_campaign_id", "!=", False),
                ("sent_date", ">", now - RECENT),
            ],
            order="sync_requested_date NULLS FIRST, id DESC",
        )
        return recent.filtered(
            lambda campaign: (
                campaign.sync_phase
                or not campaign.synchronized_date
                or campaign.synchronized_date + self._get_interval(campaign, now) <= now
            )
        )

    @api.model
    def _get_interval(self, campaign, now):
        share = (now - campaign.sent_date) / AGES_PER_INTERVAL
        return min(max(share, SHORTEST_INTERVAL), LONGEST_INTERVAL)

    @api.model
    def _get_phases(self, campaign):
        """Return what to fetch for a campaign, in order. Openings and clicks refer to
        messages, which have to be listed first; in later syncs they come first, since
        they tell machines from people. A deleted list is skipped."""
        members = () if campaign._has_lost_list() else ("members",)
        if not self.env["mailjet.sync.engagement"]._is_needed(campaign):
            return ("messages", *members)
        if campaign.synchronized_date:
            return ("opens", "clicks", "messages", *members)
        return ("messages", *members, "opens", "clicks")

    @api.model
    def _fetch_page(self, campaign, client):
        """Fetch and apply the next page of what Mailjet knows of a campaign, and return
        whether there is more."""
        phases = self._get_phases(campaign)
        known = campaign.sync_phase in phases
        phase = campaign.sync_phase if known else phases[0]
        offset = campaign.sync_offset if known else 0
        count, has_more = getattr(self, f"_fetch_{phase}")(campaign, client, offset)
        if has_more:
            campaign.write({"sync_phase": phase, "sync_offset": offset + count})
            return True
        following = phases[phases.index(phase) + 1 :]
        if following:
            campaign.write({"sync_phase": following[0], "sync_offset": 0})
            return True
        self._finish(campaign, client)
        return False

    @api.model
    def _finish(self, campaign, client):
        campaign.write(
            {
                "sync_phase": False,
                "sync_offset": 0,
                "synchronized_date": fields.Datetime.now(),
                "mailjet_count": client.count_messages(campaign.mailjet_campaign_id),
            }
        )

    @api.model
    def _fetch_messages(self, campaign, client, offset):
        messages, has_more = client.get_messages(campaign.mailjet_campaign_id, offset)
        Message = self.env["mailjet.sync.message"]
        Reaction = self.env["mailjet.sync.engagement"]
        is_asked = Reaction._is_needed(campaign)
        if is_asked:
            Reaction._note_messages(campaign, messages)
        with_reactions = bool(campaign.synchronized_date) or not is_asked
        Message._apply(
            campaign.mailing_id,
            [Message._read_message(message, with_reactions) for message in messages],
        )
        campaign.listed_count = offset + len(messages)
        return len(messages), has_more

    @api.model
    def _fetch_members(self, campaign, client, _offset):
        """Fetch who left the campaign's list in any other way."""
        try:
            left = client.get_unsubscribed_members(campaign.mailjet_list_id)
        except MailjetNotFoundError:
            # It was deleted at Mailjet.
            return 0, False
        self.env["mailjet.sync.message"]._apply(
            campaign.mailing_id,
            [(email, "unsubscribed", None, "") for email, _date in left],
        )
        return len(left), False

    @api.model
    def _fetch_opens(self, campaign, client, offset):
        Reaction = self.env["mailjet.sync.engagement"]
        return Reaction._fetch(campaign, client.get_opens, offset)

    @api.model
    def _fetch_clicks(self, campaign, client, offset):
        Reaction = self.env["mailjet.sync.engagement"]
        return Reaction._fetch(campaign, client.get_clicks, offset)
