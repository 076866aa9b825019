from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..mailjet_mailing_campaigns import Part
from ..sentence import say

_lt = LazyTranslate(__name__)


class MailjetMailing(models.Model):
    """Recipients who may not be measured get the mailing from the account without
    tracking. Whoever may not be measured in one way is not measured at all: a key is
    tracked as a whole."""

    _inherit = "mailjet.mailing"

    def _get_divisions(self, people=None):
        """Divide the recipients by whether they may be measured."""
        divisions = super()._get_divisions(people)
        parts = self._get_measuring_parts() if people is None else []
        return [*divisions, parts] if parts else divisions

    def _get_measuring_parts(self):
        """Return the :class:`Part` of those who may be measured and that of the others;
        none if there are no others, or no account for them."""
        account = self._get_unmeasured_account()
        if not account or not self._has_unmeasured():
            return []
        values = {"account_id": account.id, "is_unmeasured": True}
        return [
            Part("", {}, self._may_measure()),
            Part(say(self.env, _lt("Not measured")), values),
        ]

    def _get_unmeasured_account(self):
        """Return the account that sends to those who may not be measured; none if the
        mailing's own measures nobody."""
        account = self.sudo().account_id
        if account.measures == "off":
            return account.browse()
        return account.unmeasured_account_id

    def _may_measure(self):
        """Return the SQL of whether recipients ``r`` of the mailing may be measured."""
        company_id = SQL("%s", self.company_id.id)
        return self.env["mailjet.measuring"]._may_measure_all(company_id)

    def _find_unmeasured(self):
        """Return the query of the rows to send that may not be measured."""
        query = self._get_send_query()
        query.add_where(SQL("NOT (%s)", self._may_measure()))
        return query

    def _has_unmeasured(self):
        query = self._find_unmeasured()
        query.limit = 1
        self.env.flush_all()
        return bool(self.env.execute_query(query.select(SQL("r.id"))))
