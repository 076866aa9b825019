from odoo import api, fields, models
from odoo.tools import SQL

from .const import MEASURING_CHOICES, MEASURING_KINDS, MEASURING_SOURCES

UNKNOWN = dict.fromkeys((kind for kind, _label in MEASURING_KINDS), "unknown")


class MailjetMeasuring(models.Model):
    """The only store of what the owners of addresses have chosen about measuring, apart
    for openings and clicks, with the proof. Without a choice it is unknown.

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
    company_id = fields.Many2one("res.company", ondelete="set null", readonly=True)
    ended_date = fields.Datetime(string="Replaced on", readonly=True)

    # One choice at a time: `_store` ends the one before.
    _email_kind_uniq = models.UniqueIndex(
        "(email, kind) WHERE ended_date IS NULL AND email IS NOT NULL"
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
    def _get_choices(self, emails):
        """Return what addresses have chosen, as ``{email: {kind: choice}}``: "granted",
        "refused" or "unknown".

        :param emails: normalized addresses
        """
        choices = {email: dict(UNKNOWN) for email in emails}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.email, m.kind, m.choice FROM mailjet_measuring m
                 WHERE m.email = ANY(%s) AND m.ended_date IS NULL %s
                """,
                list(emails),
                self.env["mailjet.consent.key"]._union_forgotten_choices(emails),
            )
        )
        for email, kind, choice in rows:
            choices[email][kind] = choice
        return choices

    @api.model
    def _find_answered(self):
        """Return the query of the ``email`` of those who have answered about both
        openings and clicks."""
        return SQL(
            """
            SELECT email FROM mailjet_measuring
             WHERE ended_date IS NULL AND email IS NOT NULL
          GROUP BY email HAVING count(*) = %s
            """,
            len(MEASURING_KINDS),
        )

    @api.model
    def _get_text(self, company):
        """Return the text by which a company asks for the choice now."""
        return self.env["mailjet.measuring.text"]._get_text(company)
