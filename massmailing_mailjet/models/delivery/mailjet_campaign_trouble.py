import logging
from datetime import timedelta

from odoo import fields, models

from ...const import RELEASE_STEP
from ..sentence import get_facts

_logger = logging.getLogger(__name__)

# Minutes until Mailjet is called again after it was busy or did not answer.
RETRY_DELAYS = (1, 2, 5, 10, 20, 30)

# The responsible is notified after more than this many failures in a row, because
# Mailjet was unavailable or rejected what it holds: after some minutes.
PATIENCE = 3

# Delay until Mailjet is called again about a campaign that it holds.
HELD_RETRY = timedelta(minutes=1)

# The values of a campaign that makes progress.
NO_TROUBLE = {
    "retry_count": 0,
    "member_looks": 0,
    "content_looks": 0,
    "is_stalled": False,
}


class MailjetCampaign(models.Model):
    """What blocks a campaign: it is retried, or stops until someone acts."""

    _inherit = "mailjet.campaign"

    def _forget_trouble(self, **values):
        """Clear the problem of a campaign that makes progress again.

        :param values: what else to write, since the mailing follows each change
        """
        if self.is_stalled:
            self._settle_notice()
        self.write({**NO_TROUBLE, "delivery_facts": False, **values})

    def _postpone_step(self, error):
        """Retry later, each time with a longer delay; the responsible is notified if
        this continues."""
        minutes = RETRY_DELAYS[min(self.retry_count, len(RETRY_DELAYS) - 1)]
        delay = HELD_RETRY if self._is_held() else timedelta(minutes=minutes)
        message = self.account_id._explain(error)
        self.write(
            {
                "retry_count": self.retry_count + 1,
                "delivery_facts": get_facts(message),
            }
        )
        if self.retry_count > PATIENCE:
            self._mark_stalled(
                message,
                self.env._(
                    "Mailjet is checked regularly. No action is needed unless you "
                    "know the cause or want to cancel sending."
                ),
            )
        self._set_next_action(fields.Datetime.now() + delay)
        _logger.info("Campaign %s waits %s: %s", self.id, delay, error)

    def _mark_stalled(self, message, todo):
        """Tell the responsible, once, what blocks a campaign that is still being
        retried.

        :param Sentence message: what blocks it
        :param str todo: translated, what can be done about it
        """
        if self.is_stalled and self.delivery_message == message:
            return
        is_new = not self.is_stalled
        self.write({"is_stalled": True, "delivery_facts": get_facts(message)})
        if is_new:
            self._notify_responsible(message, todo)

    def _fail_sending(self, message):
        """Stop the campaign, keep everything, and tell the responsible why.

        A campaign that Mailjet holds has not failed, since Mailjet sends it at its
        scheduled time whatever happens here: it is retried.
        """
        if self._is_held():
            self.write(
                {
                    "delivery_facts": get_facts(message),
                    "retry_count": self.retry_count + 1,
                }
            )
            if self.retry_count > PATIENCE:
                self._mark_stalled(message, self._get_held_advice())
            self._set_next_action(fields.Datetime.now() + HELD_RETRY)
            return
        self.write(
            {
                **NO_TROUBLE,
                "state": "failed",
                "delivery_facts": get_facts(message),
                "next_action_date": False,
            }
        )
        self._notify_responsible(
            self.env._("Sending has stopped. %s", message),
            self.env._(
                "Open the mailing. “Retry” resumes where it stopped once the cause "
                "is fixed; “Cancel sending” lets you change it first."
            ),
        )

    def _get_held_advice(self):
        return self.env._(
            "Mailjet still sends it at its scheduled time. Until Odoo can reach "
            "Mailjet, it can neither exclude anyone who unsubscribes nor withdraw "
            "the mailing: do so at Mailjet if needed."
        )

    # === THE RESPONSIBLE === #

    def _notify_responsible(self, message, todo):
        """Report what happened to the campaign and what to do, unless this was reported
        of another campaign of the mailing.

        :param str message: translated, what happened
        :param str todo: translated, what to do about it
        """
        known = self._find_others_in_trouble().mapped("delivery_message")
        if self.delivery_message not in known:
            self.mailing_id._notify_responsible(self._say(message), todo)

    def _settle_notice(self):
        """Remove the activity, since the campaign goes on or is abandoned, unless
        another campaign of the mailing waits for a person."""
        undecided = self.mailing_id._get_undecided() - self
        if not (undecided or self._find_others_in_trouble()):
            self.mailing_id._settle_notice()

    def _find_others_in_trouble(self):
        """Return the other campaigns of the mailing that a person has to act on."""
        others = self.mailing_id.mailjet_campaign_ids - self
        return others.filtered(
            lambda other: (
                other.needs_confirmation or other.is_stalled or other.state == "failed"
            )
        )

    # === PAST DUE === #

    def _is_late(self):
        """Return whether the scheduled time passed so long ago that the user has to
        confirm that the mailing is still to be sent."""
        if not self.schedule_date or self.send_requested_date:
            return False
        if self.delivery_step == RELEASE_STEP[0]:
            return False
        if self.is_on_hold or self.awaits_decision:
            return False
        hours = self.mailing_id.company_id.mailjet_late_hours
        late_date = self.schedule_date + timedelta(hours=hours)
        return bool(hours) and fields.Datetime.now() > late_date

    def _ask_whether_to_send(self):
        """Ask the responsible what to do with a campaign whose scheduled time has
        passed."""
        self.write({"needs_confirmation": True, "next_action_date": False})
        self._notify_responsible(
            self.env._(
                "The scheduled time of this mailing has passed and it was not sent, "
                "for instance because the server was down."
            ),
            self.env._("Open the mailing and send it now, or choose another time."),
        )
