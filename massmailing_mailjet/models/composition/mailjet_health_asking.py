from odoo import api, models

from .mailjet_mailing_asking import ASKING


class MailjetHealthOperation(models.AbstractModel):
    """Tells when recipients were last asked whether they may be measured, where the
    company's rule needs their consent."""

    _inherit = "mailjet.health.operation"

    @api.model
    def _check_asking(self, account):
        company = account.company_id or self.env.company
        if not account.last_sync or company._get_mailjet_measuring_rule() == "all":
            return False
        title = self.env._("Permission to measure")
        ask = self._button(self.env._("Ask for permission"), "action_ask")
        asked = self.env["mailjet.mailing"].search(
            [
                ("purpose", "=", ASKING),
                ("company_id", "=", company.id),
                ("sent_date", "!=", False),
            ],
            order="sent_date desc",
            limit=1,
        )
        if not asked:
            sentence = self.env._(
                "Nobody has been asked yet. A ready-made mailing asks, without being "
                "measured itself."
            )
            return self._card(title, "unknown", sentence, ask)
        sentence = self.env._("Last asked on %s.", self._date(asked.sent_date))
        return self._card(title, "ok", sentence, ask)
