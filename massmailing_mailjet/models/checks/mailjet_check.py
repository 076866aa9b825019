from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import checks_email, checks_mailing
from ...tools.finding import RED, name_some
from ..counting import Counted
from ..sentence import join, say, say_counted
from .check_messages import SENTENCES


class Check(NamedTuple):
    """A check: the step in which its findings are fixed, whether any of them can block,
    whether it reads the email, which makes it pointless for an empty one, and whether
    it is of an email, and so of each version."""

    step: str
    blocks: bool = False
    reads: bool = False
    versioned: bool = False


# Our checks, in the order in which their findings are listed. Each is a method
# `_find_<name>` here, and a pure function of `tools.checks_…`. Other add-ons may add
# more: `_get_checks`.
CHECKS = {
    "topic": Check("details", blocks=True),
    "details": Check("details", blocks=True),
    "sender": Check("details", blocks=True),
    "domain": Check("details"),
    "subject": Check("details", blocks=True, versioned=True),
    "salespersons": Check("details"),
    "preview": Check("details", versioned=True),
    "company_details": Check("details", reads=True, versioned=True),
    "company_data": Check("details"),
    "body": Check("content", blocks=True, versioned=True),
    "variables": Check("content", blocks=True, versioned=True),
    "unsubscribe": Check("content", blocks=True, reads=True, versioned=True),
    "links": Check("content", blocks=True, reads=True, versioned=True),
    "image_texts": Check("content", reads=True, versioned=True),
    "image_addresses": Check("content", reads=True, versioned=True),
    "size": Check("content", reads=True, versioned=True),
    "text": Check("content", reads=True, versioned=True),
    "leftovers": Check("content", reads=True, versioned=True),
    "placeholders": Check("content", reads=True, versioned=True),
    "recipients": Check("recipients", blocks=True),
    "languages": Check("recipients"),
    "measuring": Check("recipients", blocks=True),
    "measuring_account": Check("recipients", blocks=True),
    "empty_values": Check("recipients", reads=True),
    "quota": Check("sending", blocks=True),
    "date": Check("sending", blocks=True),
    "test": Check("sending", reads=True),
    "answers": Check("sending", reads=True),
}


class MailjetCheck(models.AbstractModel):
    """The checks before a mailing is sent. The messages of the findings are in
    ``check_messages``; the list in step 4 is in ``mailjet_mailing_check``.

    Red findings block sending the mailing; amber ones are shown in step 4, where a user
    can accept them. Neither keeps anyone in a step.
    """

    _name = "mailjet.check"
    _description = "Mass mailing check"

    # === EXTENSION POINTS === #

    @api.model
    def _get_checks(self):
        """Return all checks by name; each has a method ``_find_<name>`` that takes a
        :class:`CheckFacts` and returns findings."""
        return CHECKS

    @api.model
    def _get_sentences(self):
        """Return the message of a finding, and the advice, by its code."""
        return SENTENCES

    # === RUNNING THE CHECKS === #

    @api.model
    def _find_blocking(self, facts, steps):
        """Return the findings of these steps that block sending."""
        names = [
            name
            for name, check in self._get_checks().items()
            if check.step in steps and check.blocks
        ]
        return [
            finding
            for findings in self._find(facts, names).values()
            for finding in findings
            if finding.level == RED
        ]

    @api.model
    def _find_all(self, facts):
        """Return the findings of every check by its name: an empty list for a check
        that found nothing, no entry for one that was not due."""
        return self._find(facts, self._get_checks())

    @api.model
    def _refuse(self, findings):
        """Raise if there are findings.

        :raise UserError: with one line for each
        """
        lines = [join(self.env, self._phrase(finding)) for finding in findings]
        if lines:
            raise UserError(join(self.env, lines, "\n"))

    @api.model
    def _say(self, finding):
        """Return the message of a finding, and the advice, as plain texts."""
        sentence, advice = self._phrase(finding)
        return str(sentence), str(advice)

    @api.model
    def _phrase(self, finding):
        """Return the message of a finding, and the advice, as sentences."""
        values = {
            name: name_some(value) if isinstance(value, list) else value
            for name, value in finding.values.items()
        }
        sentences = self._get_sentences()[finding.code]
        sentence, advice = (self._fill(sentence, values) for sentence in sentences)
        if finding.version:
            sentence = join(self.env, [finding.version, sentence], " – ")
        return sentence, advice

    @api.model
    def _fill(self, sentence, values):
        if isinstance(sentence, Counted):
            return say_counted(self.env, sentence, **values)
        return sentence and say(self.env, sentence, **values)

    # === THE CHECKS === #

    @api.model
    def _find(self, facts, names):
        found = {}
        for name in names:
            versions = self._get_facts_of_versions(name, facts)
            if due := [each for each in versions if self._is_due(name, each)]:
                found[name] = [
                    finding for each in due for finding in self._find_in(name, each)
                ]
        return found

    @api.model
    def _get_facts_of_versions(self, name, facts):
        is_versioned = self._get_checks()[name].versioned
        return [facts, *facts.versions] if is_versioned else [facts]

    @api.model
    def _find_in(self, name, facts):
        """Return the findings of a check in one version."""
        findings = getattr(self, f"_find_{name}")(facts)
        if not facts.version:
            return findings
        return [finding._replace(version=facts.version) for finding in findings]

    @api.model
    def _is_due(self, name, facts):
        if self._get_checks()[name].reads and facts.is_empty:
            return False
        if name == "topic":
            return facts.mailing.has_topics and not facts.mailing.purpose
        if name == "salespersons":
            return facts.mailing.from_salesperson
        return name != "answers" or facts.mailing.company_id.mailjet_check_links

    def _find_topic(self, facts):
        return checks_mailing.check_topic(bool(facts.mailing.topic_id))

    def _find_details(self, facts):
        wanted = (
            "sender_email",
            "sender_name",
            "online_version_text",
            "unsubscribe_text",
        )
        texts = {name: facts.mailing[name] for name in wanted}
        return checks_mailing.check_details(texts, facts.reply_fault)

    def _find_sender(self, facts):
        return checks_mailing.check_sender(
            facts.mailing.sender_email, bool(facts.sender)
        )

    def _find_domain(self, facts):
        own = (facts.mailing.sender_email or "").rpartition("@")[2]
        for domain, sender in facts.validated_senders.items():
            yield from checks_mailing.check_domain(
                sender and domain,
                sender.spf_status or "",
                sender.dkim_status or "",
                what="" if domain == own else domain,
            )

    def _find_salespersons(self, facts):
        if not facts.senders:
            return []
        own, refused, without = facts.senders
        names = {person.name: count for person, count in refused.items()}
        return checks_mailing.check_salespersons(len(own), names, without)

    def _find_subject(self, facts):
        return checks_mailing.check_subject(facts.mailing.subject)

    def _find_preview(self, facts):
        return checks_mailing.check_preview(facts.mailing.preview)

    def _find_body(self, facts):
        html = str(facts.mailing.body_html or "")
        return checks_email.check_body(html, facts.is_empty, facts.is_visual)

    def _find_variables(self, facts):
        yield from checks_email.check_variables(
            facts.variables, facts.known_variables, facts.texts, facts.composed_texts
        )
        yield from checks_email.check_hidden_variables(facts.hidden_variables)

    def _find_unsubscribe(self, facts):
        return checks_email.check_unsubscribe(facts.email)

    def _find_links(self, facts):
        return checks_email.check_links(facts.email)

    def _find_image_texts(self, facts):
        return checks_email.check_image_texts(facts.email)

    def _find_image_addresses(self, facts):
        return checks_email.check_image_addresses(facts.email)

    def _find_size(self, facts):
        return checks_email.check_size(facts.email)

    def _find_text(self, facts):
        return checks_email.check_text(facts.text)

    def _find_leftovers(self, facts):
        subject, _html, _text = facts.parts
        return checks_email.check_leftovers(
            subject, facts.mailing.preview, facts.email.written, facts.text
        )

    def _find_placeholders(self, facts):
        return checks_email.check_placeholders(
            facts.email,
            facts.mailing.subject,
            facts.mailing.preview,
            stock=facts.stock_texts,
        )

    def _find_recipients(self, facts):
        mailing = facts.mailing
        return checks_mailing.check_recipients(
            mailing.recipient_count, mailing.planned_count
        )

    def _find_empty_values(self, facts):
        found = facts.mailing._count_empty_values(facts.is_brief)
        for version, counts in found.items():
            name = version.display_name if version else ""
            for finding in checks_mailing.check_empty_values(counts):
                yield finding._replace(version=name)

    def _find_quota(self, facts):
        # Later months have a quota of their own, which is checked when it is sent.
        mailing = facts.mailing
        account, campaigns = mailing.account_id, mailing.sudo().mailjet_campaign_ids
        return checks_mailing.check_quota(
            self._count_due(facts)[0],
            account.monthly_limit,
            account._get_remaining(mailing.schedule_date, campaigns),
        )

    def _count_due(self, facts):
        """Return how many emails the mailing's own account sends this month, and how
        many another one."""
        return facts.mailing._count_planned_this_month(facts.date), 0

    def _find_date(self, facts):
        return checks_mailing.check_date(facts.date, facts.now)

    def _find_test(self, facts):
        return checks_mailing.check_test(
            facts.mailing.tested_content or "", facts.content
        )

    def _find_answers(self, facts):
        return checks_mailing.check_answers(
            self.env["mailjet.link.check"]._get_outcomes(facts.urls)
        )
