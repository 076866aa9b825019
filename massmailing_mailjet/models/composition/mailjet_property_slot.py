from datetime import timedelta
from itertools import count

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

# How long a campaign may take to send after Mailjet has started: until then the values
# of its recipients stay unchanged.
SENDING = timedelta(hours=2)
SENDING_PER_ROW = timedelta(milliseconds=10)


class MailjetPropertySlot(models.Model):
    """A number in the names of a mailing's contact properties. No other mailing that is
    on its way through the same account has it.

    Mailjet stores one value for each contact and property, for all of an account's
    campaigns, so that no mailing may write what the recipients of another still read.
    All campaigns of a mailing share its slot, however far apart they are sent: each
    address is in one of them at most, and neither the address of a row nor its campaign
    changes from the division of the mailing until all of it was sent or stopped. So a
    portion, a retry or the winner of a test never writes the values of anyone who is in
    another campaign.
    """

    _name = "mailjet.property.slot"
    _description = "Names of contact properties in use"
    _log_access = False

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", readonly=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True, readonly=True
    )
    number = fields.Integer(required=True, readonly=True)
    taken_date = fields.Datetime(string="Taken on", readonly=True)

    _account_number_uniq = models.UniqueIndex("(account_id, number)")

    @api.model
    def _take(self, mailing, account):
        """Return the number of the slot that a mailing has in an account: the smallest
        one that no other mailing has, if it has none yet."""
        self.env.flush_all()
        self._free(account)
        return self._take_again(mailing, account) or self._take_new(mailing, account)

    @api.model
    def _free(self, account):
        """Free the slots of mailings that Mailjet will not send any more, except for
        rows that another transaction has locked."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailjet_property_slot WHERE id IN (
                    SELECT id FROM mailjet_property_slot slot
                     WHERE account_id = %s AND NOT EXISTS (
                           SELECT FROM mailjet_campaign c
                            WHERE c.mailing_id = slot.mailing_id
                              AND c.account_id = slot.account_id
                              AND (c.state <> 'done' OR c.sent_date + %s
                                   + COALESCE(c.sent_count, 0) * %s >= %s))
                       FOR UPDATE SKIP LOCKED)
                """,
                account.id,
                SENDING,
                SENDING_PER_ROW,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.model
    def _take_again(self, mailing, account):
        """Return the number that the mailing has already; None if it has none. It is
        written, so that a transaction that began before cannot free it."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE mailjet_property_slot SET taken_date = %s
                 WHERE id = (SELECT min(id) FROM mailjet_property_slot
                              WHERE mailing_id = %s AND account_id = %s)
             RETURNING number
                """,
                fields.Datetime.now(),
                mailing.id,
                account.id,
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _take_new(self, mailing, account):
        rows = self.env.execute_query(
            SQL(
                "SELECT number FROM mailjet_property_slot WHERE account_id = %s",
                account.id,
            )
        )
        taken = {number for (number,) in rows}
        return next(
            number
            for number in count(1)
            if number not in taken and self._try(mailing, account, number)
        )

    @api.model
    def _try(self, mailing, account, number):
        """Take a slot and return whether it was free: another worker may have taken it
        since this transaction began, which only the unique index can tell."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO mailjet_property_slot
                               (account_id, mailing_id, number, taken_date)
                        VALUES (%s, %s, %s, %s)
                        """,
                        account.id,
                        mailing.id,
                        number,
                        fields.Datetime.now(),
                    )
                )
        except UniqueViolation:
            return False
        return True
