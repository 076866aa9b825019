from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .const import CONSENT_COUNTRIES, MEASURING_KINDS


class MailjetMeasuring(models.Model):
    """Whether recipients may be measured by a company: by what they have chosen towards
    it, its rule, and their country."""

    _inherit = "mailjet.measuring"

    @api.model
    def _may_measure(self, kind, company_id, alias="r"):
        """Return the SQL of whether openings or clicks of recipients may be measured.

        :param str kind: "open" or "click"
        :param SQL company_id: of the mailing
        :param str alias: of rows with ``email_normalized``, ``partner_id``, ``lead_id``
        """
        return self._may_measure_kinds([kind], company_id, alias)

    @api.model
    def _is_measured(self, kind):
        """Return the SQL of whether openings or clicks of recipients' rows ``r`` are
        measured: they were when the mailing was sent, and still may be."""
        company = SQL("(SELECT company_id FROM mailjet_mailing WHERE id=r.mailing_id)")
        may_measure = self._may_measure(kind, company)
        return SQL("(r.is_unmeasured IS NOT TRUE AND %s)", may_measure)

    @api.model
    def _may_measure_all(self, company_id):
        """Return the SQL of whether both openings and clicks of recipients ``r`` may be
        measured: the same as of each, with the fewest look-ups, for many rows."""
        kinds = [kind for kind, _label in MEASURING_KINDS]
        return self._may_measure_kinds(kinds, company_id, "r")

    @api.model
    def _may_measure_kinds(self, kinds, company_id, alias):
        """Return the SQL of whether recipients may be measured in all of these ways."""
        granted = (
            self._has_chosen("granted", [kind], company_id, alias) for kind in kinds
        )
        return SQL(
            "(CASE WHEN %s THEN %s ELSE NOT %s END)",
            self._needs_consent(company_id, alias),
            SQL(" AND ").join(granted),
            self._has_chosen("refused", kinds, company_id, alias),
        )

    @api.model
    def _has_chosen(self, choice, kinds, company_id, alias):
        """Return the SQL of whether a recipient has granted or refused a company one of
        these kinds of measuring."""
        return SQL(
            """
            EXISTS (SELECT FROM mailjet_measuring choice
                     WHERE choice.email = %s AND choice.kind = ANY(%s)
                       AND choice.choice = %s AND %s)
            """,
            SQL.identifier(alias, "email_normalized"),
            kinds,
            choice,
            self._counts_for(company_id),
        )

    @api.model
    def _needs_consent(self, company_id, alias):
        """Return the SQL of whether a recipient is measured only with consent."""
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
            country=_find_country(alias),
            countries=self.env["res.country"].sudo().search(codes).ids,
        )


def _find_country(alias):
    """Return the SQL of the country of a recipient, or none."""
    return SQL(
        """
        (SELECT COALESCE(lead.country_id, record.country_id)
           FROM (SELECT) nothing LEFT JOIN crm_lead lead ON lead.id = %(lead)s
      LEFT JOIN res_partner record
             ON record.id = COALESCE(%(partner)s, lead.partner_id))
        """,
        lead=SQL.identifier(alias, "lead_id"),
        partner=SQL.identifier(alias, "partner_id"),
    )
