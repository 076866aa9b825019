from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import KIND_MODEL
from .mailjet_mailing_retention import STAYING


class MailjetRetention(models.Model):
    """Asks prospects whether they want to stay in touch: a mailing takes those whom no
    other mailing asks, and nobody else is sent that mailing."""

    _inherit = "mailjet.retention"

    # === ACTION METHODS === #

    def action_ask(self):
        """Make the mailing that asks the chosen prospects of the current company, by
        default all of them, and open it.

        :raise UserError: if there is nobody to ask
        """
        self._check_manager()
        self._note_asked(self.env.company)
        chosen = self._get_chosen(
            ("state", "=", "found"),
            ("mailing_id", "=", False),
            ("company_id", "=", self.env.company.id),
        )
        action = self.env["mailjet.mailing"]._make_ready_mailing(STAYING)
        mailing = self.env["mailjet.mailing"].browse(action["res_id"])
        if not self._claim(mailing, chosen):
            raise UserError(
                self.env._(
                    "There is nobody to ask among these prospects of %s: they have "
                    "been asked, are in a mailing that is not sent yet, or have "
                    "unsubscribed.",
                    self.env.company.name,
                )
            )
        self._load(mailing)
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _claim(self, mailing, chosen):
        """Let a mailing ask the rows of a query that no other mailing asks, and return
        how many there are. A concurrent claim of one of them makes it fail.

        :raise psycopg2.OperationalError: to be retried in a new transaction
        """
        return self._update(
            mailing.company_id,
            SQL("mailing_id = %s", mailing.id),
            SQL(
                "t.state = 'found' AND t.mailing_id IS NULL AND t.id = ANY(%s)",
                list(chosen),
            ),
        )

    @api.model
    def _load(self, mailing):
        """Load the records of the prospects that a mailing asks."""
        name = self.env._("Prospects without contact")
        condition = str([("massmailing_asking_mailing_id", "=", mailing.id)])
        for kind in KIND_MODEL:
            mailing.action_load_domain(condition, kind, name)

    # === ANSWERS === #

    def _keep(self, visit):
        """Note that the owners of the addresses want to be kept.

        :param dict visit: ``ip`` and ``agent`` of the visitor
        """
        now = fields.Datetime.now()
        self.sudo().write(
            {
                "state": "kept",
                "last_contact_date": now,
                "contact_kind": "kept",
                "kept_date": now,
                "kept_ip": visit["ip"],
                "kept_agent": visit["agent"],
            }
        )
