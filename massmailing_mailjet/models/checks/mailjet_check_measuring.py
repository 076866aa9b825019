from odoo import api, models

from ...tools import checks_mailing
from .check_messages_measuring import MEASURING


class MailjetCheck(models.AbstractModel):
    """Checks that nobody is measured who may not be."""

    _inherit = "mailjet.check"

    @api.model
    def _get_sentences(self):
        return {**super()._get_sentences(), **MEASURING}

    @api.model
    def _is_due(self, name, facts):
        if name == "measuring_account" and not facts.unmeasured_account:
            return False
        return super()._is_due(name, facts)

    def _find_measuring(self, facts):
        mailing = facts.mailing
        if mailing.account_id.measures == "off" or mailing._get_unmeasured_account():
            return []
        return checks_mailing.check_measuring(facts.unmeasured_count)

    def _find_measuring_account(self, facts):
        account, email = facts.unmeasured_account, facts.mailing.sender_email or ""
        return checks_mailing.check_measuring_account(
            account.name,
            email,
            is_allowed=bool(account._covering_sender(email)),
            is_tracked=account.tracking_fault == "tracked",
        )

    def _find_quota(self, facts):
        """Check the quota of the account without tracking, too."""
        yield from super()._find_quota(facts)
        account = facts.unmeasured_account
        if account and account != facts.mailing.account_id:
            mailing = facts.mailing
            campaigns = mailing.sudo().mailjet_campaign_ids
            yield from checks_mailing.check_quota(
                self._count_due(facts)[1],
                account.monthly_limit,
                account._get_remaining(mailing.schedule_date, campaigns),
                what=account.name,
            )

    def _count_due(self, facts):
        """Return how many emails the accounts with and without tracking send this
        month; portions are taken for measured."""
        planned = super()._count_due(facts)[0]
        account = facts.unmeasured_account
        if not account or account == facts.mailing.account_id:
            return planned, 0
        unmeasured = min(facts.unmeasured_count, planned)
        return planned - unmeasured, unmeasured
