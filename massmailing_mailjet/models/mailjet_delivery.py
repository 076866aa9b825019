import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import (
    ACTIVE_STATES,
    DELIVERY_STEPS,
    DRAFT_PROGRAMMED,
    FINAL_IMPORT_STATUSES,
)
from ..exceptions import MailjetError, MailjetRefusedError, MailjetRetryError

_logger = logging.getLogger(__name__)

# Seconds between two looks at a job within one run of the cron: most mailings are
# small, and theirs is done within seconds. After that the cron comes back.
POLL_DELAYS = (1, 1, 2, 3, 4)
POLL_INTERVAL = timedelta(seconds=30)

# Minutes until Mailjet is asked again after it was busy or did not answer.
RETRY_DELAYS = (1, 2, 5, 10, 20, 30)

# How long a departure that got no answer is given to show at Mailjet before it is
# asked for once more.
QUIET_PERIOD = timedelta(minutes=5)

# Times that a departure is asked for before a person has to look.
MAX_DEPARTURES = 2

# How long before its hour a scheduled mailing is prepared: its recipients have to
# be at Mailjet by then.
PREPARATION = timedelta(minutes=2)
PREPARATION_PER_ROW = timedelta(milliseconds=1)

# Addresses of one bulk call. https://dev.mailjet.com/email/guides/contact-management/
BULK_SIZE = 500

STEP_NAMES = [name for name, _label in DELIVERY_STEPS]


class MailjetDelivery(models.AbstractModel):
    """The engine that takes a mailing through Mailjet, step by remote step.

    Each step is one transaction: it asks Mailjet what exists, makes at most one call
    that changes something, and commits what it learned. A step cut short at any point
    is simply taken again. The one call that must never be made twice, the departure,
    is announced in a transaction of its own before it is made.

    A step method ``_step_<name>(mailing, client)`` returns ``DONE`` (go on with the
    next step), ``AGAIN`` (commit and take this step again), ``WAIT`` (the same, a
    little later) or ``ANNOUNCED`` (commit, then let the mailing depart).
    """

    _name = "mailjet.delivery"
    _description = "Mass Mailing Delivery"

    DONE = "done"
    AGAIN = "again"
    WAIT = "wait"
    ANNOUNCED = "announced"

    # === WHAT BUTTONS WANT === #

    @api.model
    def _enqueue(self, mailing, date, schedule_type):
        """Let the cron send the mailing: now, or so that it departs at that date."""
        mailing.sudo().write(
            {
                "state": "in_queue",
                "schedule_type": schedule_type,
                "schedule_date": date if schedule_type == "scheduled" else False,
                "delivery_step": STEP_NAMES[0],
                "delivery_message": False,
                "retry_count": 0,
            }
        )
        preparation = PREPARATION + mailing.planned_count * PREPARATION_PER_ROW
        self._look_again(mailing.sudo(), date - preparation)

    @api.model
    def _cancel(self, mailing):
        """Stop a mailing that has not departed; what Mailjet holds of it is left
        behind under a name that is not used again.

        :raise UserError: when it has departed
        """
        self._assert_state(mailing, ("in_queue", "preparing", "failed"))
        if mailing.departure_date:
            raise UserError(self.env._("This mailing has left and cannot be stopped."))
        self.env["mailjet.recipient"]._release(mailing)
        self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)]).unlink()
        mailing.write(
            {
                "state": "cancelled",
                "schedule_date": False,
                "next_action_date": False,
                "delivery_step": False,
                "delivery_message": False,
                "mailjet_list_id": False,
                "mailjet_job_id": False,
                "mailjet_draft_id": False,
                "sending_number": mailing.sending_number + 1,
            }
        )

    @api.model
    def _retry(self, mailing):
        """Go on with a failed sending at the step where it stopped."""
        self._assert_state(mailing, ("failed",))
        mailing.write(
            {
                "state": "sending" if mailing.departure_date else "preparing",
                "delivery_message": False,
                "retry_count": 0,
                "departure_count": 0,
            }
        )
        self.env["mailjet.upload"].search(
            [("mailing_id", "=", mailing.id), ("state", "!=", "done")]
        ).write({"state": "draft"})
        self._look_again(mailing, fields.Datetime.now())

    @api.model
    def _assert_state(self, mailing, states):
        """Lock the mailing and complain when it is in none of the states.

        :raise UserError: saying so
        """
        mailing.lock_for_update(allow_referencing=True)
        mailing.invalidate_recordset()
        if mailing.state not in states:
            raise UserError(
                self.env._(
                    "The mailing “%s” is not in a state that allows this.", mailing.name
                )
            )

    # === LOOP === #

    @api.model
    def _cron_process(self):
        """Advance every mailing that is due."""
        due = self.env["mailjet.mailing"].search(self._get_due_domain())
        for index, mailing in enumerate(due, start=1):
            # What the responsible is told is in the responsible's language.
            mailing = mailing.with_context(lang=mailing._get_language())
            mailing.env[self._name]._process(mailing)
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - index)

    @api.model
    def _process(self, mailing):
        """Advance one mailing until it is done, fails, or has to wait for longer
        than this run should."""
        delays = iter(POLL_DELAYS)
        announced = None
        while self._lock(mailing):
            outcome = self._take_step(mailing, announced)
            announced = outcome == self.ANNOUNCED and mailing.departure_date
            delay = next(delays, None) if outcome == self.WAIT else 0
            if delay is None:
                self._look_again(mailing, fields.Datetime.now() + POLL_INTERVAL)
            self.env["ir.cron"]._commit_progress()
            if delay:
                time.sleep(delay)

    @api.model
    def _lock(self, mailing):
        """Return whether the mailing is ours for a step: due, and neither cancelled
        nor in the hands of another worker."""
        if not mailing.try_lock_for_update(allow_referencing=True):
            return False
        mailing.invalidate_recordset()
        return bool(mailing.filtered_domain(self._get_due_domain()))

    @api.model
    def _take_step(self, mailing, announced):
        """Take the mailing's current step; whatever goes wrong is written on the
        mailing and never raised, so that one mailing cannot hold up another.

        :param announced: date of the departure that this very run has just
            announced, if any: only then may it depart without asking first
        """
        name = mailing.delivery_step or STEP_NAMES[0]
        departs = announced and announced == mailing.departure_date
        method = self._depart if departs else getattr(self, f"_step_{name}")
        try:
            with self.env.cr.savepoint(), mailing.account_id._client() as client:
                outcome = method(mailing, client)
                if outcome == self.DONE:
                    self._go_on(mailing, name)
            return outcome
        except MailjetRetryError as error:
            self._postpone(mailing, error)
        except MailjetError as error:
            self._fail(mailing, mailing.account_id._explain(error))
        except UserError as error:
            self._fail(mailing, str(error))
        except Exception:  # noqa: BLE001 - one broken mailing must not stop the others
            _logger.exception("Mailing %s failed at step %s", mailing.id, name)
            self._fail(
                mailing,
                self.env._(
                    "Something unexpected happened. The administrator finds "
                    "the details in the server's log."
                ),
            )
        return self.AGAIN

    @api.model
    def _go_on(self, mailing, name):
        """Move on to the step after this one."""
        following = STEP_NAMES[STEP_NAMES.index(name) + 1 :]
        mailing.write(
            {
                "delivery_step": following[0] if following else False,
                "retry_count": 0,
                "delivery_message": False,
            }
        )

    @api.model
    def _postpone(self, mailing, error):
        """Come back later, each time a little later."""
        delay = RETRY_DELAYS[min(mailing.retry_count, len(RETRY_DELAYS) - 1)]
        mailing.write(
            {
                "retry_count": mailing.retry_count + 1,
                "delivery_message": mailing.account_id._explain(error),
            }
        )
        self._look_again(mailing, fields.Datetime.now() + timedelta(minutes=delay))
        _logger.info("Mailing %s waits %s min: %s", mailing.id, delay, error)

    @api.model
    def _fail(self, mailing, message):
        """Stop the mailing, keep everything, and tell the responsible why."""
        mailing.write(
            {"state": "failed", "delivery_message": message, "next_action_date": False}
        )
        mailing.message_post(
            body=self.env._("The sending has stopped. %s", message),
            partner_ids=mailing.user_id.partner_id.ids,
        )

    @api.model
    def _look_again(self, mailing, date):
        """Let the cron look at the mailing at that date."""
        mailing.next_action_date = date
        self.env.ref("massmailing_mailjet.ir_cron_delivery")._trigger(at=date)

    @api.model
    def _get_due_domain(self):
        """Return the domain of the mailings that have something to do now."""
        return Domain("state", "in", ACTIVE_STATES) & Domain(
            "next_action_date", "<=", fields.Datetime.now()
        )

    @api.model
    def _get_list_name(self, mailing):
        """Return the name of the mailing's list at Mailjet: of this database, this
        mailing and this attempt, and of no other."""
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        return f"odoo-{database}-{mailing.id}-{mailing.sending_number}"

    @api.model
    def _get_draft_values(self, mailing):
        """Return the campaign draft of a mailing. ``html2`` is the mode for HTML that
        comes by the API. https://dev.mailjet.com/email/reference/campaigns/drafts/"""
        subject, _html, _text = self.env["mailjet.message"]._compose(mailing)
        return {
            "Locale": mailing._get_language(),
            "Subject": subject,
            "Title": mailing.name,
            "Sender": mailing.sender_name,
            "SenderName": mailing.sender_name,
            "SenderEmail": mailing.sender_email,
            "ReplyEmail": mailing.reply_to or mailing.sender_email,
            "ContactsListID": int(mailing.mailjet_list_id),
            "EditMode": "html2",
        }

    # === STEPS === #

    @api.model
    def _step_freeze(self, mailing, _client):
        """Fix who gets the mailing, from what the records say now."""
        self.env["mailjet.recipient"]._refresh(mailing)
        self.env["mailjet.check"]._assert_steps(mailing, ("recipients", "sending"))
        self.env["mailjet.upload"]._create_chunks(mailing)
        mailing.state = "preparing"
        return self.DONE

    @api.model
    def _step_list(self, mailing, client):
        """One list for this mailing alone; its name says whose it is."""
        name = self._get_list_name(mailing)
        mailing.mailjet_list_id = client.find_list(name) or client.create_list(name)
        return self.DONE

    @api.model
    def _step_properties(self, mailing, client):
        variables = mailing._get_used_variables()
        client.ensure_properties(
            [variable._as_tuple().property_name for variable in variables]
        )
        return self.DONE

    @api.model
    def _step_upload(self, mailing, client):
        """Hand the chunks over one after the other: Mailjet takes one import at a
        time for a list."""
        upload = self.env["mailjet.upload"].search(
            [("mailing_id", "=", mailing.id), ("state", "!=", "done")], limit=1
        )
        if not upload:
            return self.DONE
        return self.WAIT if upload._advance(client) else self.AGAIN

    @api.model
    def _step_import(self, mailing, client):
        """Depart only with as many members as were handed over.

        :raise UserError: when Mailjet still holds fewer after a while
        """
        Recipient = self.env["mailjet.recipient"]
        Recipient._update_counts(mailing)
        expected = Recipient.search_count(
            [("mailing_id", "=", mailing.id), ("status", "=", "outgoing")]
        )
        listed = client.count_members(mailing.mailjet_list_id)
        if not expected:
            raise UserError(
                self.env._("Mailjet refused every address. Nothing was sent.")
            )
        if listed == expected:
            return self.DONE
        message = self.env._(
            "Of %(expected)s addresses, Mailjet lists %(listed)s.",
            expected=expected,
            listed=listed,
        )
        if mailing.retry_count < len(POLL_DELAYS):
            mailing.write(
                {"retry_count": mailing.retry_count + 1, "delivery_message": message}
            )
            return self.WAIT
        raise UserError(self.env._("%s Nothing was sent.", message))

    @api.model
    def _step_draft(self, mailing, client):
        drafts = client.find_drafts(mailing.mailjet_list_id)
        mailing.mailjet_draft_id = (
            str(drafts[0]["ID"])
            if drafts
            else client.create_draft(self._get_draft_values(mailing))
        )
        return self.DONE

    @api.model
    def _step_content(self, mailing, client):
        """Hand the content over and read it back: what was cut or changed on the way
        is handed over again."""
        _subject, html, text = self.env["mailjet.message"]._compose(mailing)
        client.set_content(mailing.mailjet_draft_id, html, text)
        if client.get_content(mailing.mailjet_draft_id) != (html, text):
            raise MailjetRetryError("The content at Mailjet is not what was sent.")
        return self.DONE

    @api.model
    def _step_schedule(self, mailing, _client):
        """Wait for the hour that the user chose."""
        if mailing.schedule_date and mailing.schedule_date > fields.Datetime.now():
            self._look_again(mailing, mailing.schedule_date)
            return self.AGAIN
        return self.DONE

    @api.model
    def _step_recheck(self, mailing, client):
        """Take out who unsubscribed, or was excluded otherwise, since the list was
        fixed."""
        if mailing.mailjet_job_id:
            job = client.get_member_job(mailing.mailjet_list_id, mailing.mailjet_job_id)
            if job["Status"] not in FINAL_IMPORT_STATUSES:
                return self.WAIT
            if job["Status"] != "Completed":
                raise UserError(
                    self.env._(
                        "Mailjet could not take late exclusions out of the "
                        "list. Nothing was sent."
                    )
                )
            rows = self._get_late_exclusions(mailing)
            rows.write({"status": "pending", "upload_id": False})
            mailing.mailjet_job_id = False
            return self.AGAIN
        self.env["mailjet.recipient"]._judge(mailing, only_stricter=True)
        rows = self._get_late_exclusions(mailing)
        if not rows:
            return self.DONE
        mailing.mailjet_job_id = client.unsubscribe_members(
            mailing.mailjet_list_id, rows.mapped("email_normalized")
        )
        return self.AGAIN

    @api.model
    def _get_late_exclusions(self, mailing):
        """Return the first rows that are in the list and must not be mailed any
        more, always the same ones until they are released."""
        return self.env["mailjet.recipient"].search(
            [
                ("mailing_id", "=", mailing.id),
                ("status", "=", "outgoing"),
                ("verdict", "=", "excluded"),
            ],
            order="id",
            limit=BULK_SIZE,
        )

    @api.model
    def _step_departure(self, mailing, client):
        """Announce the departure, which is committed before the call is made.

        Whoever finds an announcement that is not its own asks Mailjet whether the
        draft left, and announces once more only after a quiet period.
        """
        now = fields.Datetime.now()
        if mailing.departure_date:
            if self._has_departed(mailing, client):
                return self.DONE
            if now < mailing.departure_date + QUIET_PERIOD:
                return self.WAIT
            if mailing.departure_count >= MAX_DEPARTURES:
                raise UserError(
                    self.env._(
                        "Mailjet did not confirm the departure, and its "
                        "campaign is still a draft. Nothing was sent."
                    )
                )
        mailing.write(
            {
                "departure_date": now,
                "departure_count": mailing.departure_count + 1,
                "state": "sending",
            }
        )
        return self.ANNOUNCED

    @api.model
    def _depart(self, mailing, client):
        """Make the call. An answer that does not come is not a no: the next look at
        the mailing asks Mailjet."""
        try:
            client.send_draft(mailing.mailjet_draft_id)
        except MailjetRefusedError:
            if not self._has_departed(mailing, client):
                raise
        return self.DONE

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
            return self.WAIT
        self.env["mailjet.recipient"]._mark_sent(mailing)
        mailing.write(
            {
                "mailjet_campaign_id": campaign_id,
                "state": "done",
                "sent_date": mailing.departure_date,
                "next_action_date": False,
            }
        )
        mailing.message_post(
            body=self.env._(
                "The mailing has left. E-mails sent: %s", mailing.sent_count
            )
        )
        self._count_quota(mailing, client)
        return self.DONE

    @api.model
    def _count_quota(self, mailing, client):
        """Bring the month's figures up to date; Mailjet's own lag behind."""
        account = mailing.account_id
        counted = account.sent_this_month + mailing.sent_count
        try:
            counted = max(counted, client.count_sent(account._month_start()))
        except MailjetError as error:
            _logger.info("Account %s was not refreshed: %s", account.id, error)
        account.sent_this_month = counted
