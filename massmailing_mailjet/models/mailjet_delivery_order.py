from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import ACTIVE_STATES, DELIVERY_STEPS

# How long before its hour a scheduled mailing is prepared: its recipients have to be
# at Mailjet by then, which needs hours for large imports, and Mailjet wants a
# schedule some minutes ahead.
# https://dev.mailjet.com/email/guides/contact-management/
PREPARATION = timedelta(minutes=20)
PREPARATION_PER_ROW = timedelta(milliseconds=10)


class MailjetDeliveryOrder(models.AbstractModel):
    """What the buttons want of the engine. They change the state of a mailing and wake
    the cron; Mailjet is told by the engine alone."""

    _name = "mailjet.delivery.order"
    _description = "Mass Mailing Delivery Order"

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
        self._give_up(mailing)
        return self._conclude(mailing)

    @api.model
    def _move(self, mailing, date, schedule_type):
        """Let a mailing that has not departed depart at another time. It is prepared
        anew: names and exclusions are then those of its new hour.

        :raise UserError: when it has departed
        """
        self._assert_stoppable(mailing, ("in_queue", "preparing"))
        if mailing._is_held():
            return self._withdraw(mailing, date)
        self._give_up(mailing)
        return self._enqueue(mailing, date, schedule_type)

    @api.model
    def _retry(self, mailing):
        """Go on with a failed sending at the step where it stopped."""
        self._assert_state(mailing, ("failed",))
        mailing.write(
            {
                "state": "sending" if mailing.departure_date else "preparing",
                "delivery_message": False,
                "mailjet_job_id": False,
                "retry_count": 0,
                "departure_count": 0,
            }
        )
        self.env["mailjet.upload"].search(
            [("mailing_id", "=", mailing.id), ("state", "!=", "done")]
        ).write({"state": "draft"})
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
                "delivery_message": False,
                "retry_count": 0,
            }
        )
        self.env["mailjet.delivery"]._look_again(mailing, fields.Datetime.now())

    @api.model
    def _after_withdrawal(self, mailing):
        """Go on with a mailing that Mailjet has confirmed not to hold any more."""
        new_date = mailing.new_date
        self._give_up(mailing)
        if new_date:
            self._enqueue(mailing, new_date, "scheduled")
        else:
            self._conclude(mailing)

    @api.model
    def _give_up(self, mailing):
        """Forget this attempt; what Mailjet holds of it is left behind under a name
        that is not used again."""
        self.env["mailjet.ledger"]._release(mailing)
        self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)]).unlink()
        mailing._thaw_message()
        mailing.write(
            {
                **self._clean_slate(),
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
                "sending_number": mailing.sending_number + 1,
            }
        )

    @api.model
    def _conclude(self, mailing):
        """Leave a stopped mailing to be changed, and say how many got nothing."""
        message = self.env._(
            "The sending was stopped. E-mails not sent: %s", mailing.planned_count
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
            self._give_up(mailing)
            self._conclude(mailing)

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
            "retry_count": 0,
        }

    # === CHECKS === #

    @api.model
    def _assert_stoppable(self, mailing, states):
        """Lock the mailing and complain when it has departed.

        :raise UserError: saying so
        """
        self._assert_state(mailing, states)
        if mailing.departure_date and not mailing._is_held():
            raise UserError(self.env._("This mailing has left and cannot be stopped."))

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
            raise UserError(
                self.env._(
                    "The mailing “%s” is not in a state that allows this.", mailing.name
                )
            )
