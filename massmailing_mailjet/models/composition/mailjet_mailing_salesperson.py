from odoo import fields, models
from odoo.tools import SQL

from ..mailjet_mailing_campaigns import Part
from .mailjet_variable_value import get_rows


class MailjetMailing(models.Model):
    """A mailing that each recipient gets from the salesperson of its record: each
    salesperson sends a campaign.

    The salesperson is the ``seller`` of ``mailjet.variable.value``. One whose address
    Mailjet does not allow gets the replies all the same, to a campaign from the
    mailing's own sender. Whoever has no salesperson, or one without an address, gets
    the mailing from its own sender.
    """

    _inherit = "mailjet.mailing"

    from_salesperson = fields.Boolean(
        string="Send from the salesperson",
        help="Each recipient gets the email from the salesperson of the contact, "
        "account or lead, and replies go to that person. The mailing's own sender is "
        "used where Mailjet does not allow the salesperson's address, and for "
        "recipients without a salesperson.",
    )

    def _get_divisions(self, people=None):
        """Divide the recipients by their salesperson."""
        divisions = super()._get_divisions(people)
        parts = self._get_sender_parts(people) if self.from_salesperson else []
        return [*divisions, parts] if parts else divisions

    def _get_sender_parts(self, people=None):
        """Return a :class:`Part` for each salesperson who has rows to send, and one for
        all other rows; none if there is no such salesperson.

        :param people: whose salespersons only are looked up
        """
        parts = [
            Part(user.name, {"own_values": own_values}, SQL("seller.id = %s", user.id))
            for user in self._count_by_salesperson(people)
            for own_values in [self._get_sender_values(user)]
            if own_values
        ]
        return [*parts, Part(self.sender_name or "", {})] if parts else []

    def _count_by_salesperson(self, people=None):
        """Return the number of rows to send by their salesperson, in the order of the
        names, an empty record for those without one.

        :param people: some of :meth:`_get_people`, to look up only these
        """
        if people:
            query = self.env["mailjet.variable.value"]._get_query(
                SQL("r.id = ANY(%s)", people.ids), get_rows(people)
            )
            query.order = None
        else:
            query = self._get_send_query()
        query.groupby = SQL("seller.id")
        self.env.flush_all()
        counts = self.env.execute_query(query.select(SQL("seller.id, count(*)")))
        users = self.env["res.users"].sudo()
        counts = {users.browse(user or ()): count for user, count in counts}
        return {
            user: counts[user]
            for user in sorted(counts, key=lambda user: (user.name or "", user.id or 0))
        }

    def _get_sender_values(self, user):
        """Return the values of the mailing to the recipients of a salesperson: none if
        the salesperson has no address.

        :param user: with elevated rights
        """
        address = user.email_normalized
        if not address:
            return {}
        accounts = self.sudo().account_id | self._get_unmeasured_account()
        if not all(account._covering_sender(address) for account in accounts):
            return {"reply_to": address}
        return {
            "sender_name": user.name,
            "sender_email": address,
            "reply_to": address,
        }
