from functools import cached_property
from hashlib import sha256

from odoo import fields
from odoo.tools import is_html_empty

from ...tools.email_reader import read_email
from ...tools.stock_content import read_lines
from ...tools.variables import find_variables
from ..address_faults import explain_fault


class CheckFacts:
    """The facts of a mailing that the checks need, each computed once and only if a
    check needs it.

    :param datetime date: when it is to be sent; None for now
    :param bool is_brief: whether many rows are not to be read
    :param version: the version whose email ``mailing`` has; empty for the mailing's own
    """

    def __init__(self, mailing, date=None, is_brief=False, version=()):
        self._mailing = mailing
        self._version = version
        self.version = version.display_name if version else ""
        self.env = mailing.env
        self.date = date
        self.is_brief = is_brief
        self.now = fields.Datetime.now()

    @property
    def mailing(self):
        """The mailing, with the email of the version: until that of another is."""
        if not self._version:
            return self._mailing
        return self._mailing._with_version(self._version)

    @cached_property
    def is_visual(self):
        return self.mailing.composition != "html"

    @cached_property
    def is_empty(self):
        """Whether the email has no content."""
        if self.is_visual:
            return is_html_empty(self.mailing.body_html)
        return not (self.mailing.body_code or "").strip()

    @cached_property
    def parts(self):
        """Subject, HTML and plain text as uploaded to Mailjet."""
        return self.mailing._compose()[:3]

    @cached_property
    def email(self):
        """What a reader sees of the HTML."""
        return read_email(self.parts[1])

    @cached_property
    def text(self):
        """The plain text without the links that every email has."""
        return self.mailing.body_text or self.mailing._derive_text()

    @cached_property
    def stock_texts(self):
        """The lines that are left of a theme or a building block of Odoo."""
        if not self.is_visual:
            return []
        stock = self.env["mailjet.stock"]._get_texts()
        lines = read_lines(str(self.mailing.body_html or ""))
        return [line for line in lines if line in stock]

    @cached_property
    def texts(self):
        return self.mailing._get_texts()

    @cached_property
    def known_variables(self):
        return self.mailing._get_variables_by_name()

    @cached_property
    def variables(self):
        """The variables that the texts use."""
        return find_variables(*self.texts)

    @cached_property
    def composed_texts(self):
        """What recipients would read, after the variables have been replaced."""
        return *self.parts, self.email.words, self.email.written

    @cached_property
    def hidden_variables(self):
        """The variables that the responsible or the current user may not read."""
        users = self.mailing.user_id or self.mailing.create_uid
        if not self.env.su:
            users |= self.env.user
        return {
            name
            for name in self.variables & self.known_variables.keys()
            if not self.known_variables[name]._can_be_read_by(users)
        }

    @cached_property
    def company(self):
        """The company that sends the mailing, with all of its data."""
        return self.mailing.company_id.sudo()

    @property
    def requires_company_details(self):
        """Whether the email has to say who sends it, without a block that does."""
        return self.company._is_in_europe() and not self.mailing.has_company_details

    @cached_property
    def reply_fault(self):
        """Why the reply address is invalid, in a sentence."""
        reply_to = self.mailing.reply_to
        return explain_fault(self.env, reply_to) if reply_to else ""

    @cached_property
    def sender(self):
        """The validated sender that covers the mailing's address."""
        return self.mailing.account_id._covering_sender(self.mailing.sender_email)

    @cached_property
    def senders(self):
        """How many emails come from which salesperson; None if that is not known, or
        no question."""
        return self.mailing._count_senders(self.is_brief)

    @cached_property
    def unmeasured_count(self):
        """The number of rows to send that may not be measured."""
        return self.mailing._count_unmeasured(self.is_brief)

    @cached_property
    def unmeasured_account(self):
        """The account that sends to those who may not be measured; none if there are
        none of them."""
        account = self.mailing.sudo().account_id
        if account.measures == "off":
            return account
        other = self.mailing._get_unmeasured_account()
        return other if other and self.unmeasured_count else account.browse()

    @cached_property
    def validated_senders(self):
        """The validated senders of all emails, by the domain of the address."""
        own = self.senders.own if self.senders else ()
        emails = [self.mailing.sender_email or "", *(person.email for person in own)]
        covering = self.mailing.account_id._covering_sender
        return {email.rpartition("@")[2]: covering(email) for email in reversed(emails)}

    @cached_property
    def versions(self):
        """The facts of each version, which has an email of its own."""
        return [
            CheckFacts(self._mailing, self.date, self.is_brief, version)
            for version in self._mailing.version_ids
        ]

    @cached_property
    def content(self):
        """The fingerprint of what recipients would get."""
        mailing = self.mailing
        sender = (mailing.sender_email, mailing.sender_name, mailing.reply_to)
        if mailing.from_salesperson:
            sender += ("from_salesperson",)
        parts = [part for facts in (self, *self.versions) for part in facts.parts]
        return sha256(repr((*parts, *sender)).encode()).hexdigest()

    @cached_property
    def urls(self):
        """The URLs of the links of all versions, each once."""
        emails = [self.email, *(facts.email for facts in self.versions)]
        return list(
            dict.fromkeys(link.url.strip() for email in emails for link in email.links)
        )
