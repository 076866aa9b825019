from odoo import models
from odoo.fields import Domain
from odoo.tools import formatLang

from ...const import KIND_DOMAIN, KIND_MODEL

# Up to how many records a menu counts: more would keep it from opening at once.
COUNT_LIMIT = 10_000
# How many filters or targets a menu lists; the others are found by a search.
LISTED = 8


class MailjetMailing(models.Model):
    """What the menus of step 3 offer: where recipients come from, and who is
    excluded."""

    _inherit = "mailjet.mailing"

    def action_load_all(self, kind=None):
        """Load every record of a kind that the user may see.

        :param str kind: ``contact``, ``account`` or ``lead``; only required for a
            mailing to targets, which accepts all three
        :raise UserError: if it cannot be used for this mailing
        """
        kind = self._check_kind(kind or self.recipient_type)
        return self.action_load_domain("[]", kind, self._get_name_of_all(kind))

    def get_sources(self):
        """Return what recipients can be added from, and be excluded by:

        - ``kinds``: each with its ``kind`` and a ``label`` with its number;
        - ``filters`` and ``targets``: the first ``items``, whether there are
          ``more``, and the ``domain`` that finds them all.
        """
        self.ensure_one()
        self.check_access("read")
        model = KIND_MODEL.get(self.recipient_type)
        owners = [self.env.uid, False]
        companies = [self.company_id.id, False]
        return {
            "kinds": [
                {"kind": kind, "label": self._get_label_of_all(kind)}
                for kind in self._get_kinds()
            ],
            "filters": self._list_sources(
                "ir.filters", [("model_id", "=", model), ("user_ids", "in", owners)]
            ),
            "targets": self._list_sources(
                "mailjet.target", [("company_id", "in", companies)]
            ),
        }

    def _list_sources(self, model, domain):
        found = self.env[model].search(domain, limit=LISTED + 1)
        return {
            "items": [
                {"id": record.id, "name": record.name} for record in found[:LISTED]
            ],
            "more": len(found) > LISTED,
            "domain": domain,
        }

    def _get_name_of_all(self, kind):
        """Return how the list of loads names every record of a kind."""
        return {
            "contact": self.env._("All contacts"),
            "account": self.env._("All accounts"),
            "lead": self.env._("All leads"),
        }[kind]

    def _get_label_of_all(self, kind):
        """Return the name of every record of a kind with their number, as far as it
        is counted."""
        records = self.env[KIND_MODEL[kind]].with_context(
            allowed_company_ids=self.company_id.ids
        )
        count = records.search_count(Domain(KIND_DOMAIN[kind]), limit=COUNT_LIMIT + 1)
        number = formatLang(self.env, min(count, COUNT_LIMIT), digits=0)
        return self.env._(
            "%(name)s (%(count)s)",
            name=self._get_name_of_all(kind),
            count=f"{number}+" if count > COUNT_LIMIT else number,
        )
