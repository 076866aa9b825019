import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import ACTIVE_STATES, DELIVERY_STEPS, RELEASE_STEP
from ...exceptions import MailjetError, MailjetRetryError
from ..account.client_pool import ClientPool

_logger = logging.getLogger(__name__)

# Seconds between two looks at a job within one run of the cron: most mailings are
# small, and theirs is done in no time; the longer it takes, the less Mailjet is asked.
# After that the cron comes back.
POLL_DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5)
POLL_INTERVAL = timedelta(seconds=30)

# After so many seconds a run of the cron gives way to the others: Odoo ends a thread
# that works for longer than limit_time_real, 120 seconds by default.
RUN_SECONDS = 45

# Minutes until Mailjet is asked again after it was busy or did not answer.
RETRY_DELAYS = (1, 2, 5, 10, 20, 30)

# A person is told when Mailjet was not there, or refused what it holds, for more times
# than this in a row: after some minutes.
PATIENCE = 3

# Until Mailjet is asked again about a mailing that it holds for its hour.
HELD_RETRY = timedelta(minutes=1)

# What a mailing that moves has of trouble.
NO_TROUBLE = {
    "retry_count": 0,
    "member_looks": 0,
    "content_looks": 0,
    "is_stalled": False,
}

STEP_NAMES = [name for name, _label in DELIVERY_STEPS]


class MailjetDelivery(models.AbstractModel):
    """The engine that takes a mailing through Mailjet, step by remote step
    (``mailjet.delivery.step``).

    Each step is one transaction. The one call that must never be made twice, the
    departure, is announced in a transaction of its own before it is made.
    """

    _name = "mailjet.delivery"
    _description = "Mass mailing delivery"

    # === LOOP === #

    @api.model
    def _cron_process(self):
        """Advance every mailing that is due."""
        deadline = time.monotonic() + RUN_SECONDS
        due = self.env["mailjet.mailing"].search(self._get_due_domain())
        self.env["ir.cron"]._commit_progress()
        with ClientPool() as clients:
            for mailing in due:
                # What the responsible is told is in the responsible's language.
                mailing = mailing.with_context(lang=mailing._get_language())
                mailing.env[self._name]._process(mailing, clients, deadline)
                self.env["ir.cron"]._commit_progress(1)
        self.env["mailjet.erasure"]._finish()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _process(self, mailing, clients, deadline):
        """Advance one mailing until it is done, fails, or has to wait for longer
        than this run should; past the deadline, by one step.

        :param ClientPool clients: those of this run
        :param float deadline: moment of the monotonic clock
        """
        Step = self.env["mailjet.delivery.step"]
        delays = iter(POLL_DELAYS)
        announced = None
        while self._lock(mailing):
            outcome = self._take_step(mailing, clients, announced)
            announced = outcome == Step.ANNOUNCED and mailing.departure_date
            self.env["ir.cron"]._commit_progress(1)
            if announced:
                continue
            if time.monotonic() >= deadline:
                return self._trigger()
            if outcome != Step.WAIT:
                delays = iter(POLL_DELAYS)
            elif not self._is_due(mailing):
                return
            elif delay := next(delays, None):
                time.sleep(delay)
            else:
                self._look_again(mailing, fields.Datetime.now() + POLL_INTERVAL)

    @api.model
    def _lock(self, mailing):
        """Return whether the mailing is ours for a step: due, and neither cancelled
        nor in the hands of another worker or of a user; then it is looked at again."""
        try:
            is_ours = mailing.try_lock_for_update(allow_referencing=True)
        except OperationalError:
            # Somebody has written it since this transaction began.
            self.env.cr.rollback()
            is_ours = False
        if not is_ours:
            self._trigger(fields.Datetime.now() + POLL_INTERVAL)
            return False
        mailing.invalidate_recordset()
        return self._is_due(mailing)

    @api.model
    def _is_due(self, mailing):
        return bool(mailing.filtered_domain(self._get_due_domain()))

    @api.model
    def _take_step(self, mailing, clients, announced):
        """Take the mailing's current step; whatever goes wrong is written on the
        mailing and never raised, so that one mailing cannot hold up another.

        :param ClientPool clients: those of this run
        :param announced: date of the departure that this very run has just
            announced, if any: only then may it depart without asking first
        """
        if self._is_late(mailing):
            return self._ask(mailing)
        Step = self.env["mailjet.delivery.step"]
        name = mailing.delivery_step
        departs = announced and announced == mailing.departure_date
        method = Step._depart if departs else getattr(Step, f"_step_{name}")
        try:
            with self.env.cr.savepoint():
                # Nothing is asked of Mailjet to release what it does not hold.
                is_local = name == RELEASE_STEP[0]
                outcome = method(
                    mailing, None if is_local else clients.get(mailing.account_id)
                )
                if outcome == Step.DONE:
                    self._go_on(mailing, name)
                elif mailing.retry_count and self._is_due(mailing):
                    # Mailjet answers again.
                    self._forget_trouble(mailing)
            return outcome
        except MailjetRetryError as error:
            self._postpone(mailing, error)
        except OperationalError as error:
            # Somebody wrote the same rows meanwhile: a new transaction sees them.
            _logger.info("Mailing %s is taken up again: %s", mailing.id, error)
            return Step.WAIT
        except MailjetError as error:
            client = clients.get(mailing.account_id)
            self._fail(mailing, mailing.account_id._diagnose(error, client))
        except UserError as error:
            self._fail(mailing, str(error))
        except Exception:  # one broken mailing must not stop the others
            _logger.exception("Mailing %s failed at step %s", mailing.id, name)
            self._fail(
                mailing,
                self.env._(
                    "An unexpected error occurred. The administrator can find the "
                    "details in the server's log."
                ),
            )
        return Step.AGAIN

    @api.model
    def _go_on(self, mailing, name):
        """Move on to the step after this one."""
        following = STEP_NAMES[STEP_NAMES.index(name) + 1 :]
        mailing.delivery_step = following[0] if following else False
        self._forget_trouble(mailing)

    @api.model
    def _forget_trouble(self, mailing):
        """Take back what was said of a mailing that moves again."""
        if mailing.is_stalled:
            self.env["mailjet.delivery.notice"]._settle(mailing)
        mailing.write({**NO_TROUBLE, "delivery_message": False})

    @api.model
    def _postpone(self, mailing, error):
        """Come back later, each time a little later; a person is told when it goes on
        like that."""
        minutes = RETRY_DELAYS[min(mailing.retry_count, len(RETRY_DELAYS) - 1)]
        delay = HELD_RETRY if mailing._is_held() else timedelta(minutes=minutes)
        message = mailing.account_id._explain(error)
        mailing.write(
            {"retry_count": mailing.retry_count + 1, "delivery_message": message}
        )
        if mailing.retry_count > PATIENCE:
            self._stall(
                mailing,
                message,
                self.env._(
                    "Mailjet is checked regularly. No action is needed unless you "
                    "know the cause or want to cancel sending."
                ),
            )
        self._look_again(mailing, fields.Datetime.now() + delay)
        _logger.info("Mailing %s waits %s: %s", mailing.id, delay, error)

    @api.model
    def _stall(self, mailing, message, todo):
        """Tell the responsible, once, what holds a mailing up that is tried on.

        :param str message: translated, what holds it up
        :param str todo: translated, what can be done about it
        """
        if mailing.is_stalled and mailing.delivery_message == message:
            return
        is_new = not mailing.is_stalled
        mailing.write({"is_stalled": True, "delivery_message": message})
        if is_new:
            self.env["mailjet.delivery.notice"]._tell(mailing, message, todo)

    @api.model
    def _fail(self, mailing, message):
        """Stop the mailing, keep everything, and tell the responsible why.

        One that Mailjet holds has not failed, since it departs at its hour whatever
        happens here: it is looked at again.
        """
        if mailing._is_held():
            mailing.write(
                {"delivery_message": message, "retry_count": mailing.retry_count + 1}
            )
            if mailing.retry_count > PATIENCE:
                self._stall(mailing, message, self._say_held(mailing))
            self._look_again(mailing, fields.Datetime.now() + HELD_RETRY)
            return
        mailing.write(
            {
                **NO_TROUBLE,
                "state": "failed",
                "delivery_message": message,
                "next_action_date": False,
            }
        )
        self.env["mailjet.delivery.notice"]._tell(
            mailing,
            self.env._("Sending has stopped. %s", message),
            self.env._(
                "Open the mailing. “Retry” resumes where it stopped once the cause "
                "is fixed; “Cancel sending” lets you change it first."
            ),
        )

    @api.model
    def _say_held(self, mailing):
        return self.env._(
            "Mailjet still sends it at its scheduled time. Until Odoo can reach "
            "Mailjet, it can neither exclude anyone who unsubscribes nor withdraw "
            "the mailing: do so at Mailjet if needed."
        )

    # === TOO LATE === #

    @api.model
    def _is_late(self, mailing):
        """Return whether the hour that the user chose passed so long ago that he has
        to say whether the mailing is still to be sent."""
        hours = mailing.company_id.mailjet_late_hours
        if mailing.delivery_step == RELEASE_STEP[0]:
            return False
        if not (hours and mailing.schedule_date) or mailing.departure_date:
            return False
        return fields.Datetime.now() > mailing.schedule_date + timedelta(hours=hours)

    @api.model
    def _ask(self, mailing):
        """Let a person decide about a mailing whose hour has passed."""
        mailing.write({"is_late": True, "next_action_date": False})
        self.env["mailjet.delivery.notice"]._tell(
            mailing,
            self.env._(
                "The scheduled time of this mailing has passed and it was not sent, "
                "for instance because the server was down."
            ),
            self.env._("Open the mailing and send it now, or choose another time."),
        )
        return self.env["mailjet.delivery.step"].AGAIN

    @api.model
    def _look_again(self, mailing, date):
        """Let the cron look at the mailing at that date."""
        mailing.next_action_date = date
        self._trigger(date)

    @api.model
    def _trigger(self, date=None):
        """Let the cron run at that date, or as soon as the others had their turn."""
        self.env.ref("massmailing_mailjet.ir_cron_delivery")._trigger(at=date)

    @api.model
    def _get_due_domain(self):
        """Return the domain of the mailings that have something to do now; those of
        another database, of which this one is a copy, are not ours to send."""
        return (
            Domain("state", "in", ACTIVE_STATES)
            & Domain("next_action_date", "<=", fields.Datetime.now())
            & (
                Domain("account_id", "any", self.env["mailjet.account"]._own_domain())
                | Domain("delivery_step", "=", RELEASE_STEP[0])
            )
        )
