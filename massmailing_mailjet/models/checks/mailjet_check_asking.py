from odoo import api, models

from ...tools import checks_email, checks_mailing
from ...tools.email_reader import read_email
from ..composition.mailjet_mailing_asking import ASKING
from .check_messages_measuring import ASKING_MESSAGES
from .mailjet_check import Check

CHECKS = {"question": Check("content", reads=True, versioned=True)}


class MailjetCheck(models.AbstractModel):
    """Checks that a mailing that asks for permission to measure asks, and is not
    measured itself."""

    _inherit = "mailjet.check"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | CHECKS

    @api.model
    def _get_sentences(self):
        return super()._get_sentences() | ASKING_MESSAGES

    @api.model
    def _is_due(self, name, facts):
        if name == "question" and facts.mailing.purpose != ASKING:
            return False
        return super()._is_due(name, facts)

    def _find_question(self, facts):
        mailing = facts.mailing
        body = mailing.body_html if facts.is_visual else mailing.body_code
        return checks_email.check_question(read_email(str(body or "")))

    def _find_measuring(self, facts):
        findings = super()._find_measuring(facts)
        if facts.mailing.purpose != ASKING:
            return findings
        return checks_mailing.check_asking(any(findings))
