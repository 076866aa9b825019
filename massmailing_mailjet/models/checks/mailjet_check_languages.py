from odoo import models

from ...tools import checks_mailing


class MailjetCheck(models.AbstractModel):
    """Whether recipients speak languages that a mailing has no version in."""

    _inherit = "mailjet.check"

    def _find_languages(self, facts):
        mailing = facts.mailing
        if facts.is_brief or not mailing.planned_count:
            return []
        if not mailing._get_translations():
            return []
        counts = {
            mailing._name_language(code): count
            for code, count in mailing._count_without_version().items()
        }
        own = mailing._name_language(mailing._get_language())
        return checks_mailing.check_languages(counts, own)
