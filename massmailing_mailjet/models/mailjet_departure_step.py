from datetime import timedelta

from odoo import api, fields, models

from ..const import DRAFT_PROGRAMMED
from ..exceptions import (
    MailjetAuthError,
    MailjetNotFoundError,
    MailjetRefusedError,
)

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

# Mailjet's refusal of an hour names the field.
DATE_FIELD = "date"


class MailjetDepartureStep(models.AbstractModel):
    """The remote steps of a sending from its hour on, which ``mailjet.delivery.step``
    takes over: the call that may be made once only, and what follows from it."""

    _name = "mailjet.departure.step"
    _description = "Mass Mailing Departure Step"

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
        if not mailing.departure_date:
            return self._announce(mailing, client)
        if self._has_departed(mailing, client):
            return self.DONE
        if fields.Datetime.now() < mailing.departure_date + QUIET_PERIOD:
            return self.WAIT
        self._withdraw(mailing)
        if mailing.departure_count >= MAX_DEPARTURES:
            self.env["mailjet.delivery"]._fail(
                mailing,
                self.env._(
                    "Mailjet did not confirm the departure, and its campaign is "
                    "still a draft. Nothing was sent."
                ),
            )
        return self.AGAIN

    @api.model
    def _announce(self, mailing, client):
        """Write down that the call is about to be made, and for which hour; a call of
        before that got no answer may have arrived after all.

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
        return self.DONE if self._has_departed(mailing, client) else self.ANNOUNCED

    @api.model
    def _depart(self, mailing, client):
        """Make the call. An answer that does not come is not a no: the next look at
        the mailing asks Mailjet."""
        try:
            if mailing.programmed_date:
                client.schedule_draft(mailing.mailjet_draft_id, mailing.programmed_date)
            else:
                client.send_draft(mailing.mailjet_draft_id)
        except MailjetRefusedError as error:
            if self._has_departed(mailing, client):
                return self.DONE
            return self._refuse_departure(mailing, error)
        except (MailjetAuthError, MailjetNotFoundError) as error:
            return self._refuse_departure(mailing, error)
        return self.DONE

    @api.model
    def _refuse_departure(self, mailing, error):
        """Stop a mailing whose departure Mailjet has refused; if it was the hour that
        it refused, wait for the hour here."""
        hour_refused = mailing.programmed_date and DATE_FIELD in str(error).lower()
        self._withdraw(mailing)
        if hour_refused:
            mailing.write({"is_waiting_here": True, "delivery_step": "schedule"})
        else:
            message = mailing.account_id._explain(error)
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
    def _has_departed(self, mailing, client):
        """Return whether Mailjet has accepted the departure of the draft."""
        draft = client.get_draft(mailing.mailjet_draft_id)
        return draft["Status"] >= DRAFT_PROGRAMMED or bool(draft.get("DeliveredAt"))

    @api.model
    def _step_follow(self, mailing, client):
        """Wait until Mailjet has made the campaign of the draft."""
        campaign_id = client.find_campaign(mailing.mailjet_draft_id)
        if not campaign_id:
            return self._wait_for_campaign(mailing, client)
        if self.env["mailjet.ledger"]._mark_sent(mailing):
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
            body=self.env._(
                "The mailing has left. E-mails sent: %s", mailing.sent_count
            )
        )
        self._count_quota(mailing, client)
        return self.DONE

    @api.model
    def _wait_for_campaign(self, mailing, client):
        """Go on waiting, unless Mailjet has accepted the departure and then made a
        draft of it again, or put it away: something at Mailjet has kept it from
        leaving. The date of its delivery, which it may have kept, proves nothing."""
        hour = mailing.programmed_date or mailing.departure_date
        now = fields.Datetime.now()
        if now < hour + QUIET_PERIOD:
            return self.WAIT
        if client.get_draft(mailing.mailjet_draft_id)["Status"] >= DRAFT_PROGRAMMED:
            if now >= hour + FOLLOW_PATIENCE:
                self._tell_of_patience(mailing)
            self.env["mailjet.delivery"]._look_again(mailing, now + FOLLOW_INTERVAL)
            return self.AGAIN
        self._withdraw(mailing)
        self.env["mailjet.delivery"]._fail(
            mailing,
            self.env._(
                "Mailjet accepted the mailing but did not send it: its campaign is a "
                "draft again. Nothing was sent. Look for the cause at Mailjet, such as "
                "a sender that is no longer active, then press “Retry”. If it stops "
                "here again, check at Mailjet that nobody got it, then cancel the "
                "sending and send the mailing anew."
            ),
        )
        return self.AGAIN

    @api.model
    def _tell_of_patience(self, mailing):
        """Tell once that Mailjet has not begun to send: it may do so at any moment, so
        that nothing can be done from here."""
        message = self.env._(
            "Mailjet has accepted the mailing, but has not begun to send it for hours."
        )
        if mailing.delivery_message == message:
            return
        mailing.delivery_message = message
        self.env["mailjet.delivery.notice"]._tell(
            mailing,
            message,
            self.env._(
                "Look at the campaign at Mailjet, and ask Mailjet's support what holds "
                "it up. Do not send the mailing again: Mailjet may still send it."
            ),
        )

    @api.model
    def _count_quota(self, mailing, client):
        """Add the mailing to the month's count; Mailjet's own lags behind."""
        account = mailing.account_id
        account._take_count(account._get_count_of_month() + mailing.sent_count)
        account._refresh_sent_this_month(client)
