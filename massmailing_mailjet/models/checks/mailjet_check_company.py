from odoo import api, models

from ...tools import checks_mailing


class MailjetCheck(models.AbstractModel):
    """The checks of whether an email says who sends it."""

    _inherit = "mailjet.check"

    @api.model
    def _is_due(self, name, facts):
        if name == "company_details" and not facts.requires_company_details:
            return False
        if name == "company_data" and not facts.mailing.has_company_details:
            return False
        return super()._is_due(name, facts)

    def _find_company_details(self, facts):
        company = facts.company
        return checks_mailing.check_company_details(
            facts.email.words, company.name, (company.street, company.city)
        )

    def _find_company_data(self, facts):
        missing = facts.company._get_missing_details()
        return checks_mailing.check_company_data(facts.company.name, missing)
