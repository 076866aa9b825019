from odoo import api, fields, models
from odoo.tools import SQL

from .const import MEASURING_CHOICES, MEASURING_KINDS, MEASURING_SOURCES

UNKNOWN = dict.fromkeys((kind for kind, _label in MEASURING_KINDS), "unknown")


class MailjetMeasuring(models.Model):
    """The only store of what the owners of addresses have chosen about measuring, apart
    for openings and clicks, with the proof. Without a choice it is unknown.

    A choice is made towards one company, and says nothing of another one. Once its
    company is deleted, a refusal counts for every company that the address has told
    nothing itself; permission counts for none.

    Choices are only added, see :meth:`_choose`: a new one ends the one before. A
    refusal whose address was erased keeps a digest of it, see ``mailjet.consent.key``.
    """

    _name = "mailjet.measuring"
    _description = "Choice about measuring"
    _order = "date desc, id desc"
    _rec_name = "email"

    email = fields.Char(string="Address", index="trigram")
    digest = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    kind = fields.Selection(MEASURING_KINDS, string="Measured", required=True)
    choice = fields.Selection(MEASURING_CHOICES, required=True)
    date = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    source = fields.Selection(
        MEASURING_SOURCES, required=True, readonly=True, default="user"
    )
    source_text = fields.Char(
        string="Where it comes from",
        help="For example: paper form of the trade fair, May 2026. The proof of a "
        "choice that the recipient has not made here.",
    )
    text_id = fields.Many2one(
        "mailjet.measuring.text",
        string="Text shown",
        ondelete="restrict",
        readonly=True,
        index="btree_not_null",
    )
    lang = fields.Char(string="Language of the text", readonly=True)
    ip = fields.Char(string="IP address", readonly=True)
    agent = fields.Char(string="Browser or program", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Entered by", ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="set null",
        default=lambda self: self.env.company,
        help="The choice is only about what this company measures. If empty, the "
        "company was deleted: a refusal then counts for every company without a "
        "choice of its own.",
    )
    ended_date = fields.Datetime(string="Ended on", readonly=True)

    # One choice at a time of each company: `_store` ends the one before. What an
    # address has chosen is looked up in this order.
    _email_kind_uniq = models.UniqueIndex(
        "(email, kind, company_id) WHERE ended_date IS NULL AND email IS NOT NULL"
    )
    _digest_idx = models.Index("(digest) WHERE digest IS NOT NULL")
    _granted_proved = models.Constraint(
        """CHECK(choice <> 'granted'
                 OR source = 'recipient' AND text_id IS NOT NULL
                 OR user_id IS NOT NULL AND source_text <> '')""",
        "Permission to measure needs a proof: the text that the recipient has "
        "answered, or who entered it and where it comes from.",
    )

    @api.depends("email")
    def _compute_display_name(self):
        for choice in self:
            is_erased = bool(choice._origin) and not choice.email
            choice.display_name = (
                self.env._("(no address)") if is_erased else choice.email
            )

    # === READING === #

    @api.model
    def _get_choices(self, company, emails):
        """Return what addresses have chosen towards a company, as ``{email: {kind:
        choice}}``: "granted", "refused" or "unknown".

        :param emails: normalized addresses
        """
        choices = {email: dict(UNKNOWN) for email in emails}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT choice.email, choice.kind, choice.choice
                  FROM (SELECT company_id, email, kind, choice, ended_date
                          FROM mailjet_measuring WHERE email = ANY(%s) %s) choice
                 WHERE %s
                """,
                list(emails),
                self.env["mailjet.consent.key"]._union_forgotten_choices(emails),
                self._counts_for(SQL("%s", company.id)),
            )
        )
        for email, kind, choice in rows:
            choices[email][kind] = choice
        return choices

    @api.model
    def _counts_for(self, company_id):
        """Return the SQL of whether a choice ``choice`` is in force and counts for a
        company: its own does, and a refusal without a company unless there is its own.
        For what belongs to no company, every refusal counts.

        :param SQL company_id: the id of the company, which may depend on outer queries
        """
        # COALESCE also keeps PostgreSQL from looking an address up twice.
        return SQL(
            """
            choice.ended_date IS NULL
            AND COALESCE(choice.company_id = %(company)s, choice.choice = 'refused')
            AND (choice.company_id = %(company)s
                 OR NOT EXISTS (SELECT FROM mailjet_measuring own
                                 WHERE own.email = choice.email
                                   AND own.kind = choice.kind
                                   AND own.company_id = %(company)s
                                   AND own.ended_date IS NULL))
            """,
            company=company_id,
        )

    @api.model
    def _find_answered(self, company):
        """Return the query of the ``email`` of those who have answered a company about
        both openings and clicks."""
        return SQL(
            """
            SELECT choice.email FROM mailjet_measuring choice
             WHERE choice.email IS NOT NULL AND %s
          GROUP BY choice.email HAVING count(DISTINCT choice.kind) = %s
            """,
            self._counts_for(SQL("%s", company.id)),
            len(MEASURING_KINDS),
        )

    @api.model
    def _get_text(self, company):
        """Return the text by which a company asks for the choice now."""
        return self.env["mailjet.measuring.text"]._get_text(company)
