from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import ACTIVE_STATES, DELIVERY_STEPS, MOVING_STATES, RELEASE_STEP
from .mailjet_delivery import NO_TROUBLE

# How long before its hour a scheduled mailing is prepared: its recipients have to be
# at Mailjet by then, which needs hours for large imports, and Mailjet wants a
# schedule some minutes ahead.
# https://dev.mailjet.com/email/guides/contact-management/
PREPARATION = timedelta(minutes=20)
PREPARATION_PER_ROW = timedelta(milliseconds=10)

# The rows of a mailing that is stopped are released while the user waits, up to so
# many; those of a larger one by the cron, which may take minutes.
RELEASE_AT_ONCE = 2_000


class MailjetDeliveryOrder(models.AbstractModel):
    """What the buttons want of the engine. They change the state of a mailing and wake
    the cron; Mailjet is told by the engine alone."""

    _name = "mailjet.delivery.order"
    _description = "Mass mailing sending requests"

    @api.model
    def _enqueue(self, mailing, date, schedule_type):
        """Let the cron send the mailing: now, or so that it departs at that date. One
        sent now can be undone for the minutes that its company has chosen."""
        scheduled = schedule_type == "scheduled"
        undo = timedelta(minutes=mailing.company_id.mailjet_undo_minutes)
        mailing.write(
            {
                **self._clean_slate(),
                "state": "in_queue",
                "schedule_type": schedule_type,
                "schedule_date": date if scheduled else False,
                "undo_date": date + undo if undo and not scheduled else False,
                "delivery_step": DELIVERY_STEPS[0][0],
            }
        )
        self.env["mailjet.delivery.notice"]._settle(mailing)
        preparation = PREPARATION + mailing.planned_count * PREPARATION_PER_ROW
        start = date - preparation if scheduled else date
        self.env["mailjet.delivery"]._look_again(mailing, start)

    @api.model
    def _cancel(self, mailing):
        """Stop a mailing that has not departed. What Mailjet holds already is withdrawn
        by the engine, which asks Mailjet whether it worked.

        :raise UserError: when it has departed
        """
        self._assert_stoppable(mailing, ("in_queue", "preparing", "failed"))
        if mailing._is_held():
            return self._withdraw(mailing, False)
        return self._give_up(mailing, False)

    @api.model
    def _move(self, mailing, date, schedule_type):
        """Let a mailing that has not departed depart at another time. It is prepared
        anew: names and exclusions are then those of its new hour.

        :raise UserError: when it has departed
        """
        self._assert_stoppable(mailing, ("in_queue", "preparing"))
        if mailing._is_held():
            return self._withdraw(mailing, date)
        mailing.schedule_type = schedule_type
        return self._give_up(mailing, date)

    @api.model
    def _retry(self, mailing):
        """Go on with a failed sending at the step where it stopped, or with one that
        makes no progress."""
        self._assert_state(mailing, ("failed", *MOVING_STATES))
        if mailing.state != "failed" and not mailing.is_stalled:
            self._refuse_state(mailing)
        values = {**NO_TROUBLE, "delivery_message": False}
        if mailing.state == "failed":
            values["state"] = "sending" if mailing.departure_date else "preparing"
        if not mailing.departure_date:
            # A job that took late exclusions out of the list is begun again; once the
            # mailing has departed, who was taken out is still to be asked.
            values |= {"mailjet_job_id": False, "departure_count": 0}
        mailing.write(values)
        self.env["mailjet.upload"].search(
            [("mailing_id", "=", mailing.id), ("state", "!=", "done")]
        )._begin_again()
        self.env["mailjet.delivery.notice"]._settle(mailing)
        self.env["mailjet.delivery"]._look_again(mailing, fields.Datetime.now())

    # === WITHDRAWING === #

    @api.model
    def _withdraw(self, mailing, new_date):
        """Let the engine take back what Mailjet holds.

        :param new_date: the hour for which it is to be prepared again, if any
        """
        mailing.write(
            {
                "delivery_step": "unschedule",
                "new_date": new_date,
                "schedule_type": "scheduled",
                "delivery_message": False,
                **NO_TROUBLE,
            }
        )
        self.env["mailjet.delivery"]._look_again(mailing, fields.Datetime.now())

    @api.model
    def _after_withdrawal(self, mailing):
        """Go on with a mailing that Mailjet has confirmed not to hold any more."""
        self._give_up(mailing, mailing.new_date)

    # === GIVING AN ATTEMPT UP === #

    @api.model
    def _give_up(self, mailing, new_date):
        """Forget this attempt; what Mailjet holds of it is left behind under a name
        that is not used again. The rows of a large mailing are released later on, and
        until then nobody can change or send it.

        :param new_date: when it is to be sent instead, if at all
        """
        mailing._thaw_message()
        mailing.write(
            {
                **self._clean_slate(),
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
                "sending_number": mailing.sending_number + 1,
                "new_date": new_date,
            }
        )
        self.env["mailjet.delivery.notice"]._settle(mailing)
        uploads = self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)])
        if not uploads:
            # Its recipients were not fixed yet.
            return self._after_release(mailing)
        if mailing.recipient_count <= RELEASE_AT_ONCE:
            uploads._release()
            return self._after_release(mailing)
        message = self.env._(
            "Sending is canceled: nobody receives this mailing. Its recipients are "
            "being reset, which takes a few minutes; the mailing cannot be changed "
            "until then."
        )
        mailing.write(
            {
                "state": "preparing",
                "delivery_step": RELEASE_STEP[0],
                "delivery_message": message,
            }
        )
        mailing.message_post(body=message)
        return self.env["mailjet.delivery"]._look_again(mailing, fields.Datetime.now())

    @api.model
    def _after_release(self, mailing):
        """Go on with a mailing of whose attempt nothing is left."""
        if mailing.new_date:
            self._enqueue(mailing, mailing.new_date, mailing.schedule_type)
        else:
            self._conclude(mailing)

    @api.model
    def _conclude(self, mailing):
        """Leave a stopped mailing to be changed, and say how many got nothing."""
        message = self.env._(
            "Sending was stopped. Emails not sent: %s", mailing.planned_count
        )
        mailing.write(
            {
                "state": "cancelled",
                "schedule_date": False,
                "next_action_date": False,
                "delivery_step": False,
                "delivery_message": message,
            }
        )
        mailing.message_post(body=message)
        self.env["mailjet.delivery.notice"]._settle(mailing)

    @api.model
    def _cancel_copied(self, account):
        """Cancel what was on its way when this database was copied from another; what
        had departed is followed from here as well."""
        mailings = self.env["mailjet.mailing"].search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ACTIVE_STATES),
                ("departure_date", "=", False),
            ]
        )
        for mailing in mailings:
            self._give_up(mailing, False)

    @api.model
    def _clean_slate(self):
        """Return the values of the engine's fields before a sending begins."""
        return {
            "departure_date": False,
            "departure_count": 0,
            "programmed_date": False,
            "new_date": False,
            "undo_date": False,
            "is_late": False,
            "is_waiting_here": False,
            "delivery_message": False,
            **NO_TROUBLE,
        }

    # === CHECKS === #

    @api.model
    def _assert_stoppable(self, mailing, states):
        """Lock the mailing and complain when it has departed.

        :raise UserError: saying so
        """
        self._assert_state(mailing, states)
        if mailing.delivery_step == RELEASE_STEP[0]:
            raise UserError(
                self.env._("This mailing is already being stopped. Please wait.")
            )
        if mailing.departure_date and not mailing._is_held():
            raise UserError(
                self.env._("This mailing was sent and can no longer be stopped.")
            )

    @api.model
    def _assert_state(self, mailing, states):
        """Lock the mailing and complain when it is in none of the states.

        :raise UserError: saying so
        """
        # Wait for the engine's call: it holds the mailing for its whole step.
        self.env.execute_query(
            SQL(
                "SELECT id FROM mailjet_mailing WHERE id = %s FOR NO KEY UPDATE",
                mailing.id,
            )
        )
        mailing.invalidate_recordset()
        if mailing.state not in states:
            self._refuse_state(mailing)

    @api.model
    def _refuse_state(self, mailing):
        raise UserError(
            self.env._(
                "The state of the mailing “%s” does not allow this.", mailing.name
            )
        )
