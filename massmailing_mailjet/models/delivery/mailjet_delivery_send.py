import logging
import re
from datetime import timedelta

from odoo import api, fields, models

from ...const import DRAFT, DRAFT_PROGRAMMED, FINAL_IMPORT_STATUSES, GIVEN_UP_STATUSES
from ...exceptions import MailjetAuthError, MailjetNotFoundError, MailjetRefusedError
from ..counting import say_count

_logger = logging.getLogger(__name__)

# How long a departure that got no answer is given to show at Mailjet before it is
# asked for once more.
QUIET_PERIOD = timedelta(minutes=5)

# How long Mailjet may take to begin a departure that it has accepted before a person
# is told, and how often it is asked meanwhile.
FOLLOW_PATIENCE = timedelta(hours=2)
FOLLOW_INTERVAL = timedelta(minutes=5)

# Times that a departure is asked for before a person has to look.
MAX_DEPARTURES = 2

# Mailjet refuses an hour that is "too close", without saying what that is; the hour
# of such a mailing is waited for here.
# https://dev.mailjet.com/email/reference/campaigns/drafts/
SCHEDULE_LEAD = timedelta(minutes=10)

# How long after the hour the last job on the list is waited for, before the rows that
# it was to take out are taken for mailed.
JOB_PATIENCE = timedelta(minutes=30)

# Mailjet's refusal of an hour is the one of a property, which it names.
DATE_REFUSED = re.compile(r'\bProperty "?Date\b|"Date":')


class MailjetDepartureStep(models.AbstractModel):
    """The remote steps of a sending from its hour on, which ``mailjet.delivery.step``
    takes over: the call that may be made once only, and what follows from it."""

    _name = "mailjet.departure.step"
    _description = "Sending step of a mass mailing"

    DONE = "done"
    AGAIN = "again"
    WAIT = "wait"
    ANNOUNCED = "announced"

    @api.model
    def _step_schedule(self, mailing, _client):
        """Wait for the hour that the user chose, or until he cannot undo any more;
        an hour that is far enough ahead is left to Mailjet."""
        hour = mailing.schedule_date or mailing.undo_date
        if hour and hour > fields.Datetime.now() and not self._get_hour_ahead(mailing):
            self.env["mailjet.delivery"]._look_again(mailing, hour)
            return self.AGAIN
        return self.DONE

    @api.model
    def _get_hour_ahead(self, mailing):
        """Return the hour that Mailjet is to be told, if it is far enough ahead."""
        hour = mailing.schedule_date
        if not hour or mailing.is_waiting_here:
            return False
        return hour - fields.Datetime.now() >= SCHEDULE_LEAD and hour

    @api.model
    def _step_departure(self, mailing, client):
        """Announce the departure, which is committed before the call is made.

        Whoever finds an announcement that is not its own asks Mailjet whether the
        draft left, and announces once more only after a quiet period.
        """
        draft = self._find_draft(mailing, client)
        if not draft:
            return self._lose_draft(mailing)
        if not mailing.departure_date:
            return self._announce(mailing, client, draft)
        if self._is_accepted(draft):
            return self.DONE
        if fields.Datetime.now() < mailing.departure_date + QUIET_PERIOD:
            return self.WAIT
        self._withdraw(mailing)
        if mailing.departure_count >= MAX_DEPARTURES:
            self.env["mailjet.delivery"]._fail(
                mailing,
                self.env._(
                    "Mailjet did not confirm the sending, and its campaign is still "
                    "a draft. Nothing was sent."
                ),
            )
        return self.AGAIN

    @api.model
    def _announce(self, mailing, client, draft):
        """Write down that the call is about to be made, and for which hour; a call of
        before that got no answer may have arrived after all.

        :param draft: Mailjet's row of it, as it is now
        :raise UserError: when the month's quota is not enough any more
        """
        now = fields.Datetime.now()
        hour = self._get_hour_ahead(mailing)
        if not hour and mailing.schedule_date and mailing.schedule_date > now:
            # The hour has come too close for Mailjet on the way here.
            mailing.delivery_step = "schedule"
            return self.AGAIN
        mailing.account_id._refresh_sent_this_month(client)
        self.env["mailjet.check"]._assert_quota(mailing)
        mailing.write(
            {
                "departure_date": now,
                "departure_count": mailing.departure_count + 1,
                "programmed_date": hour,
                "state": "preparing" if hour else "sending",
            }
        )
        return self.DONE if self._is_accepted(draft) else self.ANNOUNCED

    @api.model
    def _depart(self, mailing, client):
        """Make the call. An answer that does not come is not a no: the next look at
        the mailing asks Mailjet."""
        try:
            if mailing.programmed_date:
                client.schedule_draft(mailing.mailjet_draft_id, mailing.programmed_date)
            else:
                client.send_draft(mailing.mailjet_draft_id)
        except (MailjetRefusedError, MailjetNotFoundError) as error:
            draft = self._find_draft(mailing, client)
            if not draft:
                return self._lose_draft(mailing)
            if self._is_accepted(draft):
                return self.DONE
            return self._refuse_departure(mailing, client, error)
        except MailjetAuthError as error:
            return self._refuse_departure(mailing, client, error)
        return self.DONE

    @api.model
    def _refuse_departure(self, mailing, client, error):
        """Stop a mailing whose departure Mailjet has refused; if it was the hour that
        it refused, wait for the hour here."""
        hour_refused = mailing.programmed_date and DATE_REFUSED.search(str(error))
        self._withdraw(mailing)
        if hour_refused:
            mailing.write({"is_waiting_here": True, "delivery_step": "schedule"})
        else:
            message = mailing.account_id._diagnose(error, client)
            self.env["mailjet.delivery"]._fail(mailing, message)
        return self.AGAIN

    @api.model
    def _withdraw(self, mailing):
        """Take the announcement back, since nothing has left. Who unsubscribes until
        the next one is taken out first."""
        mailing.write(
            {
                "departure_date": False,
                "programmed_date": False,
                "delivery_step": "recheck",
            }
        )

    @api.model
    def _lose_draft(self, mailing):
        """Stop a mailing whose draft was deleted or archived at Mailjet; another is
        made when a person wants it."""
        if mailing.delivery_step == "follow":
            message = self.env._(
                "Mailjet accepted the mailing, but its campaign was then deleted or "
                "archived there. Check at Mailjet that nobody received it. “Retry” "
                "then creates another campaign."
            )
        else:
            message = self.env._(
                "The campaign of this mailing was deleted or archived at Mailjet. "
                "Nothing was sent. “Retry” creates another campaign."
            )
        self._withdraw(mailing)
        mailing.write({"delivery_step": "draft", "mailjet_draft_id": False})
        self.env["mailjet.delivery"]._fail(mailing, message)
        return self.AGAIN

    @api.model
    def _is_accepted(self, draft):
        """Return whether Mailjet has accepted the departure of a draft."""
        return draft["Status"] >= DRAFT_PROGRAMMED or bool(draft.get("DeliveredAt"))

    @api.model
    def _find_draft(self, mailing, client):
        """Return the row of the draft, or None when it was deleted or archived."""
        try:
            draft = client.get_draft(mailing.mailjet_draft_id)
        except MailjetNotFoundError:
            return None
        return draft if draft["Status"] >= DRAFT else None

    @api.model
    def _step_follow(self, mailing, client):
        """Wait until Mailjet has made the campaign of the draft."""
        campaign_id = client.find_campaign(mailing.mailjet_draft_id)
        if not campaign_id:
            return self._wait_for_campaign(mailing, client)
        if mailing.mailjet_job_id and not self._settle_exclusions(mailing, client):
            return self.WAIT
        if self.env["mailjet.recipient"]._mark_sent(mailing):
            return self.AGAIN
        mailing.write(
            {
                "mailjet_campaign_id": campaign_id,
                "state": "done",
                "sent_date": mailing.programmed_date or mailing.departure_date,
                "next_action_date": False,
            }
        )
        self.env["mailjet.delivery.notice"]._settle(mailing)
        mailing.message_post(
            body=say_count(
                self.env,
                mailing.sent_count,
                self.env._("The mailing was sent to %(count)s recipient."),
                self.env._("The mailing was sent to %(count)s recipients."),
            )
        )
        mailing.account_id._refresh_sent_this_month(client)
        return self.DONE

    @api.model
    def _settle_exclusions(self, mailing, client):
        """Release the rows that were taken out of the list before the hour, so that
        they are not taken for mailed; return whether that is known."""
        try:
            job = client.get_member_job(mailing.mailjet_list_id, mailing.mailjet_job_id)
            status = job["Status"]
        except MailjetNotFoundError:
            status = GIVEN_UP_STATUSES[0]
        hour = mailing.programmed_date or mailing.departure_date
        is_late = fields.Datetime.now() > hour + JOB_PATIENCE
        if status not in FINAL_IMPORT_STATUSES and not is_late:
            return False
        mailing.mailjet_job_id = False
        if status == "Completed":
            self._get_late_exclusions(mailing)._release()
        return True

    @api.model
    def _wait_for_campaign(self, mailing, client):
        """Go on waiting, unless Mailjet has accepted the departure and then made a
        draft of it again, put it away, or given its sending up. The date of its
        delivery, which it may have kept, proves nothing."""
        hour = mailing.programmed_date or mailing.departure_date
        now = fields.Datetime.now()
        if now < hour + QUIET_PERIOD:
            return self.WAIT
        draft = self._find_draft(mailing, client)
        if not draft:
            return self._lose_draft(mailing)
        if draft["Status"] >= DRAFT_PROGRAMMED:
            jobs = client.get_send_jobs(mailing.mailjet_draft_id)
            if jobs and jobs[-1]["Status"] in GIVEN_UP_STATUSES:
                return self._find_given_up(mailing, client)
            if now >= hour + FOLLOW_PATIENCE:
                self._tell_of_patience(mailing)
            self.env["mailjet.delivery"]._look_again(mailing, now + FOLLOW_INTERVAL)
            return self.AGAIN
        self._withdraw(mailing)
        self.env["mailjet.delivery"]._fail(
            mailing,
            self.env._(
                "Mailjet accepted the mailing but did not send it: its campaign is a "
                "draft again. Nothing was sent. Find the cause at Mailjet, such as a "
                "sender that is no longer active, then click “Retry”. If it stops "
                "here again, check at Mailjet that nobody received it, then cancel "
                "sending and send the mailing again."
            ),
        )
        return self.AGAIN

    @api.model
    def _find_given_up(self, mailing, client):
        """Stop a mailing whose sending Mailjet gave up before it made a campaign of it.
        Its draft is taken back, so that Mailjet does not send it later on after all.
        """
        try:
            client.unschedule_draft(mailing.mailjet_draft_id)
        except (MailjetNotFoundError, MailjetRefusedError) as error:
            _logger.info("Mailing %s is not taken back: %s", mailing.id, error)
        self._withdraw(mailing)
        self.env["mailjet.delivery"]._fail(
            mailing,
            self.env._(
                "Mailjet accepted the mailing, then gave up sending it. Find the "
                "cause at Mailjet, and check there that nobody received it, then "
                "click “Retry”. If it stops here again, cancel sending and send the "
                "mailing again."
            ),
        )
        return self.AGAIN

    @api.model
    def _tell_of_patience(self, mailing):
        """Tell once that Mailjet has not begun to send: it may do so at any moment, so
        that nothing can be done from here."""
        message = self.env._(
            "Mailjet accepted the mailing hours ago but has not started sending it."
        )
        if mailing.delivery_message == message:
            return
        mailing.delivery_message = message
        self.env["mailjet.delivery.notice"]._tell(
            mailing,
            message,
            self.env._(
                "Check the campaign at Mailjet, and ask Mailjet support what is "
                "blocking it. Do not send the mailing again: Mailjet may still send "
                "it."
            ),
        )
