from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...tools import checks_recipients
from ..checks.mailjet_check import Check
from ..counting import Counted

_lt = LazyTranslate(__name__)

CHECKS = {"role_addresses": Check("recipients"), "legal_basis": Check("recipients")}

SENTENCES = {
    "role_addresses": (
        Counted(
            _lt("%(count)s recipient is a role address, such as info@ or contact@."),
            _lt("%(count)s recipients are role addresses, such as info@ or contact@."),
        ),
        _lt(
            "Such an address belongs to no one in particular, and its readers may "
            "not know you. Deselect these recipients, or accept."
        ),
    ),
    "no_basis": (
        Counted(
            _lt("%(count)s recipient has neither a legal basis nor a proof of opt-in."),
            _lt(
                "%(count)s recipients have neither a legal basis nor a proof of opt-in."
            ),
        ),
        _lt(
            "Choose in the list of loads why your company may write to these people, "
            "or deselect them."
        ),
    ),
}


class MailjetCheck(models.AbstractModel):
    """The checks of the people whom a mailing is sent to."""

    _inherit = "mailjet.check"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | CHECKS

    @api.model
    def _get_sentences(self):
        return super()._get_sentences() | SENTENCES

    @api.model
    def _is_due(self, name, facts):
        if name == "legal_basis" and not facts.mailing.company_id._is_in_europe():
            return False
        return super()._is_due(name, facts)

    def _find_role_addresses(self, facts):
        counts = facts.mailing._count_basis(facts.is_brief)
        return checks_recipients.check_role_addresses(counts.get("role_addresses"))

    def _find_legal_basis(self, facts):
        counts = facts.mailing._count_basis(facts.is_brief)
        return checks_recipients.check_legal_basis(counts.get("no_basis"))
