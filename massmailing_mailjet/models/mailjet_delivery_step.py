import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import DRAFT_PROGRAMMED, FINAL_IMPORT_STATUSES
from ..exceptions import (
    MailjetAuthError,
    MailjetError,
    MailjetNotFoundError,
    MailjetRefusedError,
    MailjetRetryError,
)

_logger = logging.getLogger(__name__)

# Looks at a list that holds fewer members than it should, before it is given up.
MEMBER_LOOKS = 5

# Times that the content is handed over again, when Mailjet returns another.
CONTENT_LOOKS = 2

# How long a departure that got no answer is given to show at Mailjet before it is
# asked for once more.
QUIET_PERIOD = timedelta(minutes=5)

# Times that a departure is asked for before a person has to look.
MAX_DEPARTURES = 2

# Addresses of one bulk call. https://dev.mailjet.com/email/guides/contact-management/
BULK_SIZE = 500


class MailjetDeliveryStep(models.AbstractModel):
    """The remote steps of a sending, one method for each step of
    ``const.DELIVERY_STEPS``.

    ``_step_<name>(mailing, client)`` asks Mailjet what exists, makes at most one call
    that changes something, and writes down what it learned; cut short at any point,
    it can simply be taken again. It returns ``DONE`` (go on with the next step),
    ``AGAIN`` (commit and take this step again), ``WAIT`` (the same, a little later)
    or ``ANNOUNCED`` (commit, then let the mailing depart).
    """

    _name = "mailjet.delivery.step"
    _description = "Mass Mailing Delivery Step"

    DONE = "done"
    AGAIN = "again"
    WAIT = "wait"
    ANNOUNCED = "announced"

    @api.model
    def _step_freeze(self, mailing, _client):
        """Fix who gets the mailing, from what the records say now."""
        self.env["mailjet.ledger"]._refresh(mailing)
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
        properties = self.env["mailjet.message"]._get_properties(mailing)
        client.ensure_properties(list(properties))
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
        self.env["mailjet.ledger"]._update_counts(mailing)
        expected = self.env["mailjet.recipient"].search_count(
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
        if mailing.retry_count < MEMBER_LOOKS:
            mailing.write(
                {"retry_count": mailing.retry_count + 1, "delivery_message": message}
            )
            return self.WAIT
        raise UserError(self.env._("%s Nothing was sent.", message))

    @api.model
    def _step_draft(self, mailing, client):
        """Use the draft that is there for our list, or create one.

        :raise UserError: when that draft has left already: then the list is another's
        """
        drafts = client.find_drafts(mailing.mailjet_list_id)
        if drafts and drafts[0]["Status"] >= DRAFT_PROGRAMMED:
            raise UserError(
                self.env._(
                    "Mailjet has already sent a campaign to this mailing's list; a "
                    "copy of this database may have done so. Nothing was sent now. "
                    "Cancel the sending, check at Mailjet, and send again."
                )
            )
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
        html, text = self.env["mailjet.message"]._compose(mailing)
        client.set_content(mailing.mailjet_draft_id, html, text)
        returned = client.get_content(mailing.mailjet_draft_id)
        if [part.split() for part in returned] == [html.split(), text.split()]:
            return self.DONE
        if mailing.retry_count < CONTENT_LOOKS:
            raise MailjetRetryError("The content at Mailjet is not what was sent.")
        raise UserError(
            self.env._(
                "Mailjet changes the content of this e-mail. Nothing was sent. Look at "
                "its draft at Mailjet, or compose the e-mail anew."
            )
        )

    @api.model
    def _step_schedule(self, mailing, _client):
        """Wait for the hour that the user chose."""
        if mailing.schedule_date and mailing.schedule_date > fields.Datetime.now():
            self.env["mailjet.delivery"]._look_again(mailing, mailing.schedule_date)
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
        ledger = self.env["mailjet.ledger"]
        ledger._refresh_records(mailing, only_issue=True)
        ledger._judge(mailing, only_stricter=True)
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
        if not mailing.departure_date:
            mailing.write(
                {
                    "departure_date": now,
                    "departure_count": mailing.departure_count + 1,
                    "state": "sending",
                }
            )
            return self.ANNOUNCED
        if self._has_departed(mailing, client):
            return self.DONE
        if now < mailing.departure_date + QUIET_PERIOD:
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
    def _depart(self, mailing, client):
        """Make the call. An answer that does not come is not a no: the next look at
        the mailing asks Mailjet."""
        try:
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
        """Stop a mailing whose departure Mailjet has refused."""
        self._withdraw(mailing)
        self.env["mailjet.delivery"]._fail(mailing, mailing.account_id._explain(error))
        return self.AGAIN

    @api.model
    def _withdraw(self, mailing):
        """Take the announcement back, since nothing has left. Who unsubscribes until
        the next one is taken out first."""
        mailing.write({"departure_date": False, "delivery_step": "recheck"})

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
        self.env["mailjet.ledger"]._mark_sent(mailing)
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

    # === WHAT MAILJET IS TOLD === #

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
        return {
            "Locale": mailing._get_language(),
            "Subject": self.env["mailjet.message"]._compose_subject(mailing),
            "Title": mailing.name,
            "Sender": mailing.sender_name,
            "SenderName": mailing.sender_name,
            "SenderEmail": mailing.sender_email,
            "ReplyEmail": mailing.reply_to or mailing.sender_email,
            "ContactsListID": int(mailing.mailjet_list_id),
            "EditMode": "html2",
        }
