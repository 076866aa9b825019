import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, is_html_empty

from ..tools.personalization import find_variables

# What the visual editor writes for a block with a condition or a dynamic field.
CONDITIONAL = re.compile(r"<[^>]*\s(t-[a-z-]+|data-filter-domain)\s*=")


class MailjetCheck(models.AbstractModel):
    """What each step asks for before the next one, one method for each. A check
    yields sentences that say what to do; nothing yielded means that all is well."""

    _name = "mailjet.check"
    _description = "Mass Mailing Check"

    @api.model
    def _assert_steps(self, mailing, steps):
        """Complain about everything that is missing in the steps.

        :raise UserError: with one line for each thing to do
        """
        problems = [
            problem
            for step in steps
            for problem in getattr(self, f"_check_{step}")(mailing)
        ]
        if problems:
            raise UserError("\n".join(problems))

    @api.model
    def _check_details(self, mailing):
        wanted = {
            "subject": self.env._("Enter a subject."),
            "sender_email": self.env._("Choose the sender's address."),
            "sender_name": self.env._("Enter the alias that recipients see."),
            "online_version_text": self.env._("Enter the text of the online version."),
            "unsubscribe_text": self.env._("Enter the text of the unsubscribe link."),
        }
        for field, sentence in wanted.items():
            if not (mailing[field] or "").strip():
                yield sentence
        if mailing.reply_to and not email_normalize(mailing.reply_to):
            yield self.env._(
                "“%s” is not an e-mail address to reply to.", mailing.reply_to
            )

    @api.model
    def _check_content(self, mailing):
        if mailing.composition == "html":
            empty = not (mailing.body_code or "").strip()
        else:
            empty = is_html_empty(mailing.body_html)
        if empty:
            yield self.env._("The e-mail is empty: compose it first.")
        if mailing.composition != "html" and CONDITIONAL.search(
            mailing.body_html or ""
        ):
            yield self.env._(
                "A block of the e-mail is visible for some recipients only, or holds a "
                "field of Odoo. Mailjet knows neither: remove the condition, and use "
                "variables such as $contacts-firstname$."
            )
        known = mailing._get_catalogue().keys()
        unknown = find_variables(*mailing._get_texts()) - known
        if unknown:
            tokens = ", ".join(sorted(variable.token for variable in unknown))
            yield self.env._("No variable of this name exists: %s", tokens)

    @api.model
    def _check_recipients(self, mailing):
        if not mailing.recipient_count:
            yield self.env._("Load the recipients first.")
        elif not mailing.planned_count:
            yield self.env._(
                "None of the rows loaded can be mailed. The column “Reason” tells why."
            )

    @api.model
    def _check_sending(self, mailing):
        if problem := mailing.account_id._explain_quota(mailing):
            yield problem
