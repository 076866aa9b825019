from odoo import api, models
from odoo.exceptions import UserError

from ...const import DRAFT, DRAFT_PROGRAMMED
from ...exceptions import MailjetRetryError

# Looks at a list that holds other members than it should, before it is given up;
# within a minute or two, since Mailjet's counts may lag behind.
MEMBER_LOOKS = 12

# Times that the content is handed over again, when Mailjet returns another.
CONTENT_LOOKS = 2


class MailjetDeliveryStep(models.AbstractModel):
    """The remote steps of a sending, one method for each step of
    ``const.DELIVERY_STEPS``: here those that prepare it at Mailjet.

    ``_step_<name>(mailing, client)`` asks Mailjet what exists, makes at most one call
    that changes something, and writes down what it learned; cut short at any point,
    it can simply be taken again. It returns ``DONE`` (go on with the next step),
    ``AGAIN`` (commit and take this step again), ``WAIT`` (the same, a little later)
    or ``ANNOUNCED`` (commit, then let the mailing depart).
    """

    _name = "mailjet.delivery.step"
    _description = "Mass mailing delivery step"
    _inherit = "mailjet.hold.step"

    @api.model
    def _step_freeze(self, mailing, _client):
        """Fix who gets the mailing, from what the records say now, and what it says."""
        self.env["mailjet.record.sync"]._refresh(mailing)
        steps = ("content", "recipients", "sending")
        self.env["mailjet.check"]._assert_steps(mailing, steps)
        self.env["mailjet.upload"]._create_chunks(mailing)
        mailing._freeze_message()
        mailing.state = "preparing"
        return self.DONE

    @api.model
    def _step_list(self, mailing, client):
        """One list for this mailing alone; its name says whose it is."""
        name = self._get_list_name(mailing)
        mailing.mailjet_list_id = client.find_list(name) or client.create_list(name)
        self.env["mailjet.list"]._record(mailing, name)
        return self.DONE

    @api.model
    def _step_properties(self, mailing, client):
        if not mailing._get_frozen_message():
            # It was on its way before messages were frozen.
            mailing._freeze_message()
        message = self.env["mailjet.message"]._get(mailing)
        client.ensure_properties(list(message.values["properties"]))
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

        :raise UserError: when Mailjet has refused every address
        """
        mailing._update_counts()
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
            "Addresses expected: %(expected)s. Listed by Mailjet: %(listed)s.",
            expected=expected,
            listed=listed,
        )
        if mailing.member_looks < MEMBER_LOOKS:
            mailing.write(
                {"member_looks": mailing.member_looks + 1, "delivery_message": message}
            )
            return self.WAIT
        self.env["mailjet.upload"]._hand_over_again(mailing)
        mailing.delivery_step = "upload"
        self.env["mailjet.delivery"]._fail(
            mailing,
            self.env._(
                "%(figures)s Nothing was sent. “Retry” uploads the addresses again. "
                "If the numbers still differ, check the list %(list)s at Mailjet.",
                figures=message,
                list=self._get_list_name(mailing),
            ),
        )
        return self.AGAIN

    @api.model
    def _step_draft(self, mailing, client):
        """Use the draft that is there for our list, or create one: also when it was
        deleted or archived in Mailjet's own application.

        :raise UserError: when that draft has left already: then the list is another's
        """
        drafts = [
            draft
            for draft in client.find_drafts(mailing.mailjet_list_id)
            if draft["Status"] >= DRAFT
        ]
        if any(draft["Status"] >= DRAFT_PROGRAMMED for draft in drafts):
            raise UserError(
                self.env._(
                    "Mailjet has already sent a campaign to this mailing's list, "
                    "possibly from a copy of this database. Nothing was sent now. "
                    "Cancel sending, check at Mailjet, then send again."
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
        _subject, html, text, *_rest = self.env["mailjet.message"]._get(mailing)
        client.set_content(mailing.mailjet_draft_id, html, text)
        returned = client.get_content(mailing.mailjet_draft_id)
        if [part.split() for part in returned] == [html.split(), text.split()]:
            return self.DONE
        if mailing.content_looks < CONTENT_LOOKS:
            mailing.content_looks += 1
            self.env["mailjet.delivery"]._postpone(
                mailing,
                MailjetRetryError("The content at Mailjet is not what was sent."),
            )
            return self.AGAIN
        raise UserError(
            self.env._(
                "Mailjet changes the content of this email. Nothing was sent. Check "
                "its draft at Mailjet, or compose the email again."
            )
        )

    # === WHAT MAILJET IS TOLD === #

    @api.model
    def _get_list_name(self, mailing):
        """Return the name of the mailing's list at Mailjet: of this database, this
        mailing and this attempt, and of no other."""
        prefix = self.env["mailjet.list"]._get_prefix(mailing.account_id)
        return f"{prefix}{mailing.id}-{mailing.sending_number}"

    @api.model
    def _get_draft_values(self, mailing):
        """Return the campaign draft of a mailing. ``html2`` is the mode for HTML that
        comes by the API. https://dev.mailjet.com/email/reference/campaigns/drafts/"""
        message = self.env["mailjet.message"]._get(mailing)
        return {
            "Locale": message.locale,
            "Subject": message.subject,
            "Title": message.title,
            "Sender": mailing.sender_name,
            "SenderName": mailing.sender_name,
            "SenderEmail": mailing.sender_email,
            "ReplyEmail": mailing.reply_to or mailing.sender_email,
            "ContactsListID": int(mailing.mailjet_list_id),
            "EditMode": "html2",
        }
