import base64
import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.erasing import compile_names
from .erasure_common import ODOO_TABLES, QUEUE, ErasureCase
from .partition_common import NOTICE
from .salesperson_common import SalespersonCase

# Where Odoo keeps users, and what it has just told their browsers.
IGNORED = (*ODOO_TABLES, QUEUE, "res_users", "bus_bus")


@tagged("post_install", "-at_install")
class TestErasureCampaigns(ErasureCase, SalespersonCase):
    """What the campaigns of a mailing hold of people."""

    def _find(self, *texts):
        """Return where the texts are, except for what Odoo wrote of other records."""
        self.env["mail.message"].search([("model", "=", "res.partner")]).unlink()
        return {place for text in texts for place in self._find_address(text, IGNORED)}

    def test_names_are_found_as_they_are(self):
        pattern = compile_names({"Jo", "Jo Li", "A & B"})
        for text, expected in (
            ("Jo Li · First share", "- · First share"),
            ("Joan and Jo: sent", "Joan and -: sent"),
            ("<p>A &amp; B</p>", "<p>-</p>"),
            ("A & B", "-"),
        ):
            with self.subTest(text):
                self.assertEqual(pattern.sub("-", text), expected)

    def test_a_salesperson_is_erased_from_what_was_sent(self):
        mailing = self._make_personal()
        campaigns = self._send_all(mailing)
        self.assertIn("Sam Sells", campaigns[0].name)
        self._erase(self.sam.partner_id)
        self._erase(self.tom.partner_id)
        texts = ("sam@example.org", "Sam Sells", "tom@example.net", "Tom Trades")
        self.assertEqual(self._find(*texts), set())
        self.assertEqual(campaigns[0].name, "[erased]")
        senders = mailing.get_senders()["rows"]
        self.assertEqual(senders[0]["sender"], "[erased] <[erased]>")

    def test_a_salesperson_stays_the_sender_until_all_is_sent(self):
        mailing = self._make_personal(send_mode="canary")
        campaigns = self._send_all(mailing)
        waiting = campaigns.filtered(lambda campaign: campaign.state != "done")
        person = self.tom if "Tom" in waiting[0].name else self.sam
        address, name = person.email, person.name
        self._erase(person.partner_id)
        self.assertEqual(self._find(address, name), {"mailjet_campaign.own_values"})
        self.assertEqual(waiting[0].own_values["reply_to"], address)
        with mute_logger(NOTICE):
            mailing.action_send_rest()
            for _run in range(3):
                self._run_later(minutes=1)
        self.assertEqual(mailing.state, "done")
        self.env["mailjet.erasure"]._gc_erased()
        self.assertEqual(self._find(address, name), set())

    def test_a_first_share_that_names_an_address(self):
        """A load has the name of its filter, and so do the limits that it passed."""
        address = "ann@example.com"
        mailing = self._make_mailing()
        mailing.action_load_filter(self._make_filter(f"Not {address}", self.bob).id)
        mailing.sudo().canary_excess = [{"loads": [[f"Not {address}", 2]]}]
        self.env["ir.filters"].search([("name", "like", address)]).unlink()
        self.assertEqual(
            self._find(address),
            {"mailjet_mailing.canary_excess", "mailjet_recipient_load.name"},
        )
        self._erase()
        self.assertEqual(self._find(address), set())
        self.assertEqual(mailing.canary_excess, [{"loads": [["Not [erased]", 2]]}])

    def test_what_was_sent_from_a_person_is_handed_out(self):
        mailing = self._make_personal()
        self._send_all(mailing)
        wizard = self.env["mailjet.personal.data"].with_user(self.manager)
        wizard = wizard.create({"partner_ids": self.sam.partner_id.ids})
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        self.assertEqual(data["sent_from"], [mailing.display_name])
