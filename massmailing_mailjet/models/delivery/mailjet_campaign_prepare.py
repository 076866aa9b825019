from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...const import DELIVERY_STEP_NAMES
from ...exceptions import MailjetRetryError
from ...tools.mailjet_vocabulary import DRAFT, DRAFT_PROGRAMMED
from ..sentence import say
from .outcome import AGAIN, DONE, move_on, retry

_lt = LazyTranslate(__name__)

# How often the content is uploaded again if Mailjet returns a different one.
CONTENT_LOOKS = 2

# The step after the recipients are finalized, which one campaign does for all.
FIRST_REMOTE_STEP = DELIVERY_STEP_NAMES[1]


class MailjetCampaign(models.Model):
    """The steps that prepare a campaign at Mailjet, except for its recipients
    (``mailjet_campaign_upload``)."""

    _inherit = "mailjet.campaign"

    def _delivery_step_freeze(self, _client):
        """Finalize the recipients, from the current records, divide them into campaigns
        and freeze the content of each."""
        mailing = self.mailing_id
        self.env["mailjet.record.sync"]._refresh(mailing)
        mailing._assert_steps(("content", "recipients", "sending"))
        campaigns = mailing._divide(self)
        mailing._mark_unmeasured(campaigns)
        for campaign in campaigns:
            campaign._create_uploads()
            campaign._freeze_message()
            if campaign != self:
                campaign.delivery_step = FIRST_REMOTE_STEP
            campaign._await_turn()
        return move_on(many_rows=len(campaigns) > 1)

    def _await_turn(self):
        """Prepare a campaign whose recipients are finalized: now, or shortly before its
        date, so that it is sent to nobody who is excluded until then."""
        now = fields.Datetime.now()
        start = self._get_start()
        self.state = "in_queue" if start > now else "preparing"
        if start > now or not self.next_action_date:
            self._set_next_action(start)

    def _end_waiting(self):
        """Exclude whoever must no longer be mailed from a campaign that has waited for
        its turn, and return whether anyone is left."""
        self._apply_exclusions()
        self.state = "preparing"
        domain = self._get_domain(("status", "=", "pending"), ("verdict", "=", "send"))
        return bool(self.env["mailjet.recipient"].search_count(domain, limit=1))

    def _delivery_step_list(self, client):
        """Create a contact list for this campaign only, identified by its name."""
        if self._is_in_line() and not self._end_waiting():
            note = self.env._("All of its recipients were excluded meanwhile.")
            self.mailing_id.message_post(body=self._say(note))
            self._give_up_attempt()
            return AGAIN
        name = self._get_list_name()
        self.mailjet_list_id = client.find_list(name) or client.create_list(name)
        self._record_list(name)
        return DONE

    def _delivery_step_properties(self, client):
        if not self.frozen_values:
            # The sending started before messages were frozen.
            self._freeze_message()
        message = self._get_message()
        client.ensure_properties(list(message.values["properties"]))
        return DONE

    def _delivery_step_draft(self, client):
        """Use the existing draft of our list, or create one: also if it was deleted or
        archived in Mailjet's own application.

        :raise UserError: if the draft was sent already: then the list is not ours
        """
        drafts = [
            draft
            for draft in client.find_drafts(self.mailjet_list_id)
            if draft["Status"] >= DRAFT
        ]
        if any(draft["Status"] >= DRAFT_PROGRAMMED for draft in drafts):
            raise UserError(
                say(
                    self.env,
                    _lt(
                        "Mailjet has already sent a campaign to this mailing's list, "
                        "possibly from a copy of this database. Nothing was sent now. "
                        "Cancel sending, check at Mailjet, then send again."
                    ),
                )
            )
        self.mailjet_draft_id = (
            str(drafts[0]["ID"])
            if drafts
            else client.create_draft(self._get_draft_values())
        )
        return DONE

    def _delivery_step_content(self, client):
        """Upload the content and read it back; if it was cut or changed, upload it
        again."""
        _subject, html, text, *_rest = self._get_message()
        client.set_content(self.mailjet_draft_id, html, text)
        returned = client.get_content(self.mailjet_draft_id)
        if [part.split() for part in returned] == [html.split(), text.split()]:
            return DONE
        if self.content_looks < CONTENT_LOOKS:
            self.content_looks += 1
            return retry(
                MailjetRetryError("The content at Mailjet is not what was sent.")
            )
        raise UserError(
            say(
                self.env,
                _lt(
                    "Mailjet changes the content of this email. Nothing was sent. "
                    "Check its draft at Mailjet, or compose the email again."
                ),
            )
        )

    # === WHAT MAILJET GETS === #

    def _get_list_name(self):
        """Return the name of the campaign's list at Mailjet, unique to this database,
        this mailing, this attempt and this campaign."""
        prefix = self.env["mailjet.list"]._get_prefix(self.account_id)
        number = f"-{self.sequence}" if self.sequence > 1 else ""
        return f"{prefix}{self.mailing_id.id}-{self.attempt}{number}"

    def _record_list(self, name):
        """Record the list of the campaign, once."""
        values = {"name": name, "account_id": self.account_id.id}
        lists = self.env["mailjet.list"]
        if not lists.search_count([(key, "=", values[key]) for key in values], limit=1):
            lists.create(
                {
                    **values,
                    "mailing_id": self.mailing_id.id,
                    "mailjet_id": self.mailjet_list_id,
                }
            )

    def _has_lost_list(self):
        """Return whether Odoo has deleted the list of the campaign at Mailjet."""
        self.ensure_one()
        domain = [
            ("account_id", "=", self.account_id.id),
            ("mailjet_id", "=", self.mailjet_list_id),
            ("deleted_date", "!=", False),
        ]
        return bool(self.env["mailjet.list"].sudo().search_count(domain, limit=1))

    def _get_draft_values(self):
        """Return the values of the campaign's draft. ``html2`` is the mode for
        HTML uploaded by the API.
        https://dev.mailjet.com/email/reference/campaigns/drafts/"""
        message, mailing = self._get_message(), self._get_content()
        return {
            "Locale": message.locale,
            "Subject": message.subject,
            "Title": f"{message.title} ({self.name})" if self.name else message.title,
            "Sender": mailing.sender_name,
            "SenderName": mailing.sender_name,
            "SenderEmail": mailing.sender_email,
            "ReplyEmail": mailing.reply_to or mailing.sender_email,
            "ContactsListID": int(self.mailjet_list_id),
            "EditMode": "html2",
        }
