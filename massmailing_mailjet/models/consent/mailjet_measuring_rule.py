from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .const import CONSENT_COUNTRIES, MEASURING_KINDS


class MailjetMeasuring(models.Model):
    """Whether recipients may be measured: by what they have chosen, the rule of the
    company, and their country."""

    _inherit = "mailjet.measuring"

    @api.model
    def _may_measure(self, kind, company_id, alias="r"):
        """Return the SQL of whether openings or clicks of recipients may be measured.

        :param str kind: "open" or "click"
        :param SQL company_id: of the mailing
        :param str alias: of rows with ``email_normalized``, ``partner_id``, ``lead_id``
        """
        return SQL(
            """
            (CASE WHEN %(needs_consent)s
                  THEN %(choice)s = 'granted'
                  ELSE %(choice)s IS DISTINCT FROM 'refused' END IS TRUE)
            """,
            needs_consent=self._needs_consent(company_id, alias),
            choice=SQL(
                """
                (SELECT choice.choice FROM mailjet_measuring choice
                  WHERE choice.email = %s AND choice.kind = %s
                    AND choice.ended_date IS NULL)
                """,
                SQL.identifier(alias, "email_normalized"),
                kind,
            ),
        )

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
        choices = SQL(
            "FROM mailjet_measuring choice WHERE choice.email = r.email_normalized"
            " AND choice.ended_date IS NULL AND choice.choice"
        )
        return SQL(
            """
            (CASE WHEN %(needs_consent)s
                  THEN (SELECT count(*) %(choices)s = 'granted') = %(kinds)s
                  ELSE NOT EXISTS (SELECT %(choices)s = 'refused') END)
            """,
            needs_consent=self._needs_consent(company_id, "r"),
            choices=choices,
            kinds=len(MEASURING_KINDS),
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
