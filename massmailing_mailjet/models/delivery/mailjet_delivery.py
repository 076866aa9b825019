import logging
import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import ACTIVE_STATES, DELIVERY_STEP_NAMES, RELEASE_STEP
from ...exceptions import MailjetError, MailjetRetryError
from ..account.client_pool import ClientPool
from ..sentence import say
from .outcome import AGAIN, WAIT, Then
from .turn import POLL_INTERVAL, Turns

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# After this many seconds, a run of the cron leaves the rest to the next one: Odoo kills
# a thread that works for longer than limit_time_real, 120 seconds by default.
RUN_SECONDS = 45

# The method of ``mailjet.campaign`` for each step. It asks Mailjet what exists, makes
# at most one call that changes something, stores what it learned, and returns an
# ``Outcome``. If interrupted at any point, it can simply be run again.
STEP_METHODS = {
    "freeze": "_delivery_step_freeze",
    "list": "_delivery_step_list",
    "properties": "_delivery_step_properties",
    "upload": "_delivery_step_upload",
    "import": "_delivery_step_import",
    "draft": "_delivery_step_draft",
    "content": "_delivery_step_content",
    "schedule": "_delivery_step_schedule",
    "recheck": "_delivery_step_recheck",
    "send": "_delivery_step_send",
    "scheduled": "_delivery_step_scheduled",
    "follow": "_delivery_step_follow",
    "unschedule": "_delivery_step_unschedule",
    "release": "_delivery_step_release",
}


class MailjetDelivery(models.AbstractModel):
    """The engine that sends campaigns through Mailjet, step by step.

    Each step is one transaction. The one call that must never be made twice, the one
    that sends, is announced in a transaction of its own before it is made.
    """

    _name = "mailjet.delivery"
    _description = "Mass mailing delivery"

    # === LOOP === #

    @api.model
    def _cron_process(self):
        """Advance every campaign that is due; while one waits for Mailjet, the others
        have their turns."""
        deadline = time.monotonic() + RUN_SECONDS
        turns = Turns(self.env["mailjet.campaign"].search(self._get_due_domain()))
        self.env["ir.cron"]._commit_progress()
        with ClientPool() as clients:
            while turn := turns.take():
                if self._process(turn, clients, deadline):
                    turns.put_back(turn)
                self.env["ir.cron"]._commit_progress(1)
        self.env["mailjet.erasure"]._finish()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _process(self, turn, clients, deadline):
        """Advance one campaign until it is done, fails, or has to wait; past the
        deadline, by one step.

        :param ClientPool clients: those of this run
        :param float deadline: time of the monotonic clock
        :return: whether it is looked at again within this run
        """
        turn.start()
        # Someone may have canceled it since this run began.
        campaign = turn.campaign.exists()
        # Notifications are in the language of the responsible.
        lang = campaign.mailing_id._get_staff_language() if campaign else None
        campaign = campaign.with_context(lang=lang)
        return campaign.env[self._name]._advance(campaign, turn, clients, deadline)

    @api.model
    def _advance(self, campaign, turn, clients, deadline):
        announced = None
        while self._lock(campaign):
            if not announced and turn.enter(campaign.delivery_step):
                return True
            outcome = self._take_step(campaign, clients, announced)
            announced = outcome.then is Then.SEND and campaign.send_requested_date
            self.env["ir.cron"]._commit_progress(1)
            if announced:
                continue
            if outcome.then is Then.NEXT_RUN or time.monotonic() >= deadline:
                self._trigger()
                return False
            if outcome.then is not Then.WAIT:
                turn.forget_waits()
            elif not self._is_due(campaign):
                return False
            elif turn.wait():
                return True
            else:
                campaign._set_next_action(fields.Datetime.now() + POLL_INTERVAL)
        return False

    @api.model
    def _lock(self, campaign):
        """Return whether the campaign can take a step now: it is due, not canceled, and
        neither it nor its mailing is locked by another worker or a user. If one is
        locked, it is checked again later."""
        try:
            locked = self.env.execute_query(
                SQL(
                    """
                    SELECT m.id FROM mailjet_campaign c
                      JOIN mailjet_mailing m ON m.id = c.mailing_id
                     WHERE c.id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED
                    """,
                    campaign.ids,
                )
            )
        except OperationalError:
            # Someone has written it since this transaction began.
            self.env.cr.rollback()
            locked = []
        if not locked:
            if campaign.exists():
                self._trigger(fields.Datetime.now() + POLL_INTERVAL)
            return False
        [(mailing_id,)] = locked
        self.env["mailjet.mailing"].browse(mailing_id).invalidate_recordset()
        campaign.invalidate_recordset()
        return self._is_due(campaign)

    @api.model
    def _is_due(self, campaign):
        found = campaign.exists()
        # Of the account, the domain asks nothing else.
        found.account_id.fetch(["database_uuid"])
        return bool(found.filtered_domain(self._get_due_domain()))

    @api.model
    def _take_step(self, campaign, clients, announced):
        """Take the campaign's current step. Any error is stored on it and never raised,
        so that one campaign cannot block another.

        :param ClientPool clients: those of this run
        :param announced: date of the call that this very run has just announced, if
            any: only then may it be made without asking Mailjet first
        """
        if campaign._is_late():
            campaign._ask_whether_to_send()
            return AGAIN
        name = campaign.delivery_step
        # Between the announcement and the call someone may withdraw the campaign.
        is_announced = (
            announced
            and announced == campaign.send_requested_date
            and not campaign._is_stopping()
        )
        method = "_make_send_call" if is_announced else STEP_METHODS[name]
        try:
            with self.env.cr.savepoint():
                # Mailjet is not needed to release the rows: it no longer holds the
                # campaign.
                is_local = name == RELEASE_STEP[0]
                client = None if is_local else clients.get(campaign.account_id)
                outcome = getattr(campaign, method)(client)
                self._act_on(campaign, name, outcome)
            return outcome
        except MailjetRetryError as error:
            campaign._postpone_step(error)
        except OperationalError as error:
            # Someone else wrote the same rows: a new transaction will see the changes.
            _logger.info("Campaign %s is taken up again: %s", campaign.id, error)
            return WAIT
        except MailjetError as error:
            client = clients.get(campaign.account_id)
            campaign._fail_sending(campaign.account_id._diagnose(error, client))
        except UserError as error:
            campaign._fail_sending(error.args[0])
        except Exception:  # one broken campaign must not stop the others
            _logger.exception("Campaign %s failed at step %s", campaign.id, name)
            campaign._fail_sending(
                say(
                    self.env,
                    _lt(
                        "An unexpected error occurred. The administrator can find the "
                        "details in the server's log."
                    ),
                )
            )
        return AGAIN

    @api.model
    def _act_on(self, campaign, name, outcome):
        """Act on the outcome of the step of that name; an abandoned campaign is gone
        after its last step."""
        if not campaign.exists():
            return
        if outcome.obstacle:
            campaign._mark_stalled(*outcome.obstacle)
        if outcome.has_moved:
            campaign._forget_trouble()
        if outcome.notice:
            campaign._notify_responsible(*outcome.notice)
        if outcome.then in (Then.NEXT, Then.NEXT_RUN):
            return self._go_on(campaign, name)
        if outcome.then is Then.LATER:
            campaign._set_next_action(outcome.date)
        elif outcome.then is Then.RETRY:
            campaign._postpone_step(outcome.error)
        elif outcome.then is Then.FAIL:
            campaign._fail_sending(outcome.message)
        if campaign.retry_count and self._is_due(campaign):
            # Mailjet responds again.
            campaign._forget_trouble()

    @api.model
    def _go_on(self, campaign, name):
        """Move on to the next step; after the last one, no activity is left for the
        responsible."""
        position = DELIVERY_STEP_NAMES.index(name)
        following = DELIVERY_STEP_NAMES[position + 1 :]
        if not following:
            campaign._settle_notice()
        campaign._forget_trouble(delivery_step=following[0] if following else False)

    @api.model
    def _trigger(self, date=None):
        """Trigger the cron at that date, or as soon as other crons have had their
        turn."""
        self.env.ref("massmailing_mailjet.ir_cron_delivery")._trigger(at=date)

    @api.model
    def _get_due_domain(self):
        """Return the domain of the campaigns that have something to do now; if this
        database is a copy, the original's campaigns are not sent from here."""
        return (
            Domain("state", "in", ACTIVE_STATES)
            & Domain("next_action_date", "<=", fields.Datetime.now())
            & (
                Domain("account_id", "any", self.env["mailjet.account"]._own_domain())
                | Domain("delivery_step", "=", RELEASE_STEP[0])
            )
        )
