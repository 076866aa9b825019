from odoo.tests import new_test_user

from .common import DeliveryCase


class SalespersonCase(DeliveryCase):
    """Ann belongs to Sam, whose address Mailjet allows; Bob to Tom, whose address it
    does not; Cat to nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sam = cls._make_salesperson("Sam Sells", "sam@example.org", function="Lead")
        cls.tom = cls._make_salesperson("Tom Trades", "tom@example.net")
        cls.user.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.ann.user_id = cls.sam
        cls.bob.user_id = cls.tom
        cls.cat.user_id = False

    @classmethod
    def _make_salesperson(cls, name, email, **values):
        return new_test_user(
            cls.env,
            name.lower().replace(" ", "_"),
            "sales_team.group_sale_salesman",
            name=name,
            email=email,
            **values,
        )

    def _make_personal(self, records=None, **values):
        """Return a mailing from the salespersons."""
        values = {"sender_name": "News", "reply_to": "desk@example.com", **values}
        return self._make_mailing(
            self.people if records is None else records, from_salesperson=True, **values
        )

    def _send_all(self, mailing):
        """Send a mailing as far as it gets; return its campaigns."""
        mailing.action_send()
        for _run in range(4):
            self._run_later(minutes=1)
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")
