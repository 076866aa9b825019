from odoo import api, fields, models
from odoo.tools import SQL

from .mailjet_key_mixin import DIGEST

ACTS = [
    ("opened", "Consent record opened"),
    ("printed", "Consent record printed"),
    ("erased", "Mass mailing data erased"),
    ("archived", "Archived after a long time without contact"),
]


class MailjetConsentAct(models.Model):
    """The log of what users did about an address that leaves no other trace: who has
    opened or printed its consent record, who has erased its data, and who has confirmed
    that it is archived.

    Rows are only added, by :meth:`_log`, and nobody changes or deletes them. The act
    about an erased address keeps a digest of it, see ``mailjet.consent.key``.
    """

    _name = "mailjet.consent.act"
    _description = "Act of a user about an address"
    _order = "date desc, id desc"
    _rec_name = "kind"
    _log_access = False

    email = fields.Char(string="Address", readonly=True)
    digest = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    kind = fields.Selection(ACTS, string="Act", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        ondelete="restrict",
        readonly=True,
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies concerned",
        readonly=True,
        help="The companies whose data the user saw or erased.",
    )

    _email_idx = models.Index("(email) WHERE email IS NOT NULL")
    _digest_idx = models.Index("(digest) WHERE digest IS NOT NULL")

    @api.model
    def _log(self, emails, kind):
        """Log an act of the user about addresses, in the user's current companies.

        :param emails: normalized addresses
        :param kind: one of :data:`ACTS`
        """
        now = fields.Datetime.now()
        self.sudo().create(
            [
                {
                    "email": email,
                    "kind": kind,
                    "date": now,
                    "user_id": self.env.uid,
                    "company_ids": self.env.companies.ids,
                }
                for email in emails
            ]
        )
        self._forget_erased(emails)

    @api.model
    def _forget_erased(self, emails):
        """Replace those of the addresses that were erased by their digests."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_consent_act a SET digest = x.digest, email = NULL
                  FROM mailjet_consent_key k, mailjet_erasure x
                 WHERE a.email = ANY(%s) AND x.digest = %s
                """,
                list(emails),
                SQL(DIGEST, SQL("a.email")),
            )
        )
        self.invalidate_model()
