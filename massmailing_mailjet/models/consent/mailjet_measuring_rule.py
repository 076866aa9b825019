from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import CONSENT_COUNTRIES, MEASURING_KINDS

# The country of a recipient ``r``, or none.
COUNTRY = SQL(
    """
    COALESCE((SELECT l.country_id FROM crm_lead l WHERE l.id = r.lead_id),
             (SELECT p.country_id FROM res_partner p
               WHERE p.id = COALESCE(r.partner_id, (SELECT l.partner_id FROM crm_lead l
                                                     WHERE l.id = r.lead_id))))
    """
)


class MailjetMeasuring(models.Model):
    """Whether recipients may be measured: by what they have chosen, the rule of the
    company, and their country."""

    _inherit = "mailjet.measuring"

    @api.model
    def _may_measure(self, kind, company_id):
        """Return the SQL of whether openings or clicks of recipients ``r`` may be
        measured: rows with ``email_normalized``, ``partner_id`` and ``lead_id``.

        :param str kind: "open" or "click"
        :param SQL company_id: of the mailing
        """
        return SQL(
            """
            (CASE WHEN %(needs_consent)s
                  THEN %(choice)s = 'granted'
                  ELSE %(choice)s IS DISTINCT FROM 'refused' END IS TRUE)
            """,
            needs_consent=self._needs_consent(company_id),
            choice=SQL(
                """
                (SELECT m.choice FROM mailjet_measuring m
                  WHERE m.email = r.email_normalized AND m.kind = %s
                    AND m.ended_date IS NULL)
                """,
                kind,
            ),
        )

    @api.model
    def _may_measure_all(self, company_id):
        """Return the SQL of whether both openings and clicks may be measured."""
        return SQL(" AND ").join(
            self._may_measure(kind, company_id) for kind, _label in MEASURING_KINDS
        )

    @api.model
    def _needs_consent(self, company_id):
        """Return the SQL of whether a recipient ``r`` is measured only with consent."""
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE).grouped(
            lambda company: company._get_mailjet_measuring_rule()
        )
        ids = {rule: list(found.ids) for rule, found in companies.items()}
        consent, unless_refused = ids.get("consent", []), ids.get("unless_refused", [])
        codes = [("code", "in", CONSENT_COUNTRIES)]
        # What belongs to no company yet is measured as the strictest one allows.
        return SQL(
            "(COALESCE(%(company)s = ANY(%(consent)s), %(is_strict)s)"
            " OR %(company)s = ANY(%(unless_refused)s)"
            " AND %(country)s = ANY(%(countries)s))",
            company=company_id,
            consent=consent,
            is_strict=bool(consent),
            unless_refused=unless_refused,
            country=COUNTRY,
            countries=self.env["res.country"].sudo().search(codes).ids,
        )
