import logging
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...const import SENT_STATUSES
from ...exceptions import MailjetAuthError, MailjetNotFoundError, MailjetRefusedError
from ...tools.mailjet_vocabulary import DRAFT, DRAFT_PROGRAMMED, GIVEN_UP_STATUSES
from ..counting import say_count
from ..recipients.mailjet_verdict import FEW_ROWS
from ..sentence import get_facts, say
from .outcome import AGAIN, ANNOUNCED, DONE, WAIT, Notice, fail, look_again, move_on

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# How long to wait for the effect of an unanswered call to send, before it is made once
# more.
QUIET_PERIOD = timedelta(minutes=5)

# How long Mailjet may take to start sending what it has accepted before the responsible
# is notified, and how often it is polled meanwhile.
FOLLOW_PATIENCE = timedelta(hours=2)
FOLLOW_INTERVAL = timedelta(minutes=5)

# How often the call to send may go unanswered before someone has to check.
MAX_SENDS = 2

# Mailjet rejects a scheduled time as a property, which it names.
DATE_REFUSED = re.compile(r'\bProperty "?Date\b|"Date":')


class MailjetCampaign(models.Model):
    """The steps from the call that sends a campaign, which may only be made once, to
    Mailjet's campaign."""

    _inherit = "mailjet.campaign"

    # === THE CALL === #

    def _delivery_step_send(self, client):
        """Announce the call that sends; this is committed before the call is made.

        A run that finds another run's announcement asks Mailjet whether the draft was
        sent, and announces again only after a quiet period.
        """
        draft = self._find_draft(client)
        if not draft:
            return self._fail_lost_draft()
        if not self.send_requested_date:
            return self._announce_send(client, draft)
        if self._is_accepted_draft(draft):
            return DONE
        if fields.Datetime.now() < self.send_requested_date + QUIET_PERIOD:
            return WAIT
        self._reset_send_request()
        if self.send_attempts >= MAX_SENDS:
            return fail(
                say(
                    self.env,
                    _lt(
                        "Mailjet did not confirm the sending, and its campaign is "
                        "still a draft. Nothing was sent."
                    ),
                )
            )
        return AGAIN

    def _announce_send(self, client, draft):
        """Record that the call is about to be made, and for which time; a previous
        unanswered call may have arrived after all.

        :param draft: Mailjet's row of it, as it is now
        :raise UserError: if the month's quota is no longer sufficient
        """
        now = fields.Datetime.now()
        hour = self._get_mailjet_hour()
        if not hour and self.schedule_date and self.schedule_date > now:
            # The scheduled time has become too close for Mailjet meanwhile.
            self.delivery_step = "schedule"
            return AGAIN
        if not self.account_id._has_fresh_count():
            self.account_id._refresh_sent_this_month(client)
        self._assert_quota()
        self._assert_untracked()
        self.write(
            {
                "send_requested_date": now,
                "send_attempts": self.send_attempts + 1,
                "mailjet_schedule_date": hour,
                "state": "preparing" if hour else "sending",
            }
        )
        return DONE if self._is_accepted_draft(draft) else ANNOUNCED

    def _make_send_call(self, client):
        """Make the call. A missing answer does not mean failure: the next step asks
        Mailjet."""
        try:
            if self.mailjet_schedule_date:
                client.schedule_draft(self.mailjet_draft_id, self.mailjet_schedule_date)
            else:
                client.send_draft(self.mailjet_draft_id)
        except (MailjetRefusedError, MailjetNotFoundError) as error:
            draft = self._find_draft(client)
            if not draft:
                return self._fail_lost_draft()
            if self._is_accepted_draft(draft):
                return DONE
            return self._handle_send_refusal(client, error)
        except MailjetAuthError as error:
            return self._handle_send_refusal(client, error)
        return move_on(many_rows=self.mailing_id.planned_count > FEW_ROWS)

    def _handle_send_refusal(self, client, error):
        """Stop a campaign that Mailjet has refused to send; if it only rejected the
        scheduled time, wait for it in Odoo."""
        hour_refused = self.mailjet_schedule_date and DATE_REFUSED.search(str(error))
        self._reset_send_request()
        if hour_refused:
            self.write({"schedule_locally": True, "delivery_step": "schedule"})
            return AGAIN
        return fail(self.account_id._diagnose(error, client))

    def _reset_send_request(self):
        """Revoke the announcement, since nothing was sent. Anyone who unsubscribes
        before the next one is removed first."""
        self.write(
            {
                "send_requested_date": False,
                "mailjet_schedule_date": False,
                "delivery_step": "recheck",
            }
        )

    # === THE DRAFT === #

    def _find_draft(self, client):
        """Return the row of the draft, or None if it was deleted or archived."""
        try:
            draft = client.get_draft(self.mailjet_draft_id)
        except MailjetNotFoundError:
            return None
        return draft if draft["Status"] >= DRAFT else None

    @api.model
    def _is_accepted_draft(self, draft):
        """Return whether Mailjet has accepted to send a draft."""
        return draft["Status"] >= DRAFT_PROGRAMMED or bool(draft.get("DeliveredAt"))

    def _fail_lost_draft(self):
        """Stop a campaign whose draft was deleted or archived at Mailjet; another is
        created if the user retries."""
        if self.delivery_step == "follow":
            message = say(
                self.env,
                _lt(
                    "Mailjet accepted the mailing, but its campaign was then deleted "
                    "or archived there. Check at Mailjet that nobody received it. "
                    "“Retry” then creates another campaign."
                ),
            )
        else:
            message = say(
                self.env,
                _lt(
                    "The campaign of this mailing was deleted or archived at Mailjet. "
                    "Nothing was sent. “Retry” creates another campaign."
                ),
            )
        self._reset_send_request()
        self.write({"delivery_step": "draft", "mailjet_draft_id": False})
        return fail(message)

    # === THE CAMPAIGN === #

    def _delivery_step_follow(self, client):
        """Wait until Mailjet has made the campaign of the draft."""
        row = client.find_campaign(self.mailjet_draft_id)
        if not row:
            return self._wait_for_campaign(client)
        if self.mailjet_job_id and not self._settle_late_exclusions(client):
            return WAIT
        if self.env["mailjet.recipient"]._mark_sent(self):
            return AGAIN
        mailing, is_last = self.mailing_id, self._is_last()
        if is_last:
            mailing._update_counts()
        self.write(
            {
                "mailjet_campaign_id": str(row["ID"]),
                "state": "done",
                "sent_date": self.mailjet_schedule_date or self.send_requested_date,
                "sent_count": self._count_sent(),
                "next_action_date": False,
            }
        )
        if not is_last:
            mailing.sent_count = sum(mailing.mailjet_campaign_ids.mapped("sent_count"))
        self._note_tracking(row)
        mailing.message_post(
            body=self._say(
                say_count(
                    self.env,
                    self.sent_count,
                    self.env._("The mailing was sent to %(count)s recipient."),
                    self.env._("The mailing was sent to %(count)s recipients."),
                )
            )
        )
        self.account_id._refresh_sent_this_month(client)
        return DONE

    def _is_last(self):
        """Return whether all other campaigns of the mailing were sent: then its
        recipients are counted, and not before, for each of them."""
        others = self.mailing_id.mailjet_campaign_ids - self
        return all(campaign.state == "done" for campaign in others)

    def _count_sent(self):
        """Return to how many recipients the campaign was sent; the mailing has just
        counted all of its own."""
        if not self.is_part:
            return self.mailing_id.sent_count
        domain = self._get_domain(("status", "in", SENT_STATUSES))
        return self.env["mailjet.recipient"].search_count(domain)

    def _wait_for_campaign(self, client):
        """Keep waiting, unless Mailjet accepted the mailing and then turned it back
        into a draft, archived it, or gave up sending it. The draft's delivery date,
        which it may have kept, proves nothing."""
        hour = self.mailjet_schedule_date or self.send_requested_date
        now = fields.Datetime.now()
        if now < hour + QUIET_PERIOD:
            return WAIT
        draft = self._find_draft(client)
        if not draft:
            return self._fail_lost_draft()
        if draft["Status"] >= DRAFT_PROGRAMMED:
            jobs = client.get_send_jobs(self.mailjet_draft_id)
            if jobs and jobs[-1]["Status"] in GIVEN_UP_STATUSES:
                return self._fail_given_up_send(client)
            notice = now >= hour + FOLLOW_PATIENCE and self._get_patience_notice()
            return look_again(now + FOLLOW_INTERVAL, notice=notice or None)
        self._reset_send_request()
        return fail(
            say(
                self.env,
                _lt(
                    "Mailjet accepted the mailing but did not send it: its campaign is "
                    "a draft again. Nothing was sent. Find the cause at Mailjet, such "
                    "as a sender that is no longer active, then click “Retry”. If it "
                    "stops here again, check at Mailjet that nobody received it, then "
                    "cancel sending and send the mailing again."
                ),
            )
        )

    def _fail_given_up_send(self, client):
        """Stop a campaign that Mailjet accepted and then gave up sending. Its
        draft is unscheduled, so that Mailjet does not send it later after all.
        """
        try:
            client.unschedule_draft(self.mailjet_draft_id)
        except (MailjetNotFoundError, MailjetRefusedError) as error:
            _logger.info("Campaign %s is not taken back: %s", self.id, error)
        self._reset_send_request()
        return fail(
            say(
                self.env,
                _lt(
                    "Mailjet accepted the mailing, then gave up sending it. Find the "
                    "cause at Mailjet, and check there that nobody received it, then "
                    "click “Retry”. If it stops here again, cancel sending and send "
                    "the mailing again."
                ),
            )
        )

    def _get_patience_notice(self):
        """Return, once, the notice that Mailjet has not started to send: it may do so
        at any moment, so nothing can be done from here."""
        message = say(
            self.env,
            _lt(
                "Mailjet accepted the mailing hours ago but has not started sending it."
            ),
        )
        if self.delivery_message == message:
            return None
        self.delivery_facts = get_facts(message)
        todo = self.env._(
            "Check the campaign at Mailjet, and ask Mailjet support what is "
            "blocking it. Do not send the mailing again: Mailjet may still send "
            "it."
        )
        return Notice(message, todo)
