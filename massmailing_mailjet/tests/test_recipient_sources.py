from unittest.mock import patch

from odoo.tests import Form, tagged, users

from ..models.recipients import mailjet_mailing_sources
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestRecipientSources(MailjetCase):
    """What the menus of step 3 offer, and what targets say of their members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.filters"].search([("model_id", "=", "res.partner")]).unlink()

    @users("mailer")
    def test_without_a_filter_all_records_are_offered(self):
        mailing = self._make_mailing()
        sources = mailing.get_sources()
        self.assertEqual(sources["filters"]["items"], [])
        [everyone] = sources["kinds"]
        mailing.action_load_all(everyone["kind"])
        self.assertEqual(mailing.load_ids.name, "All contacts")
        self.assertEqual(
            everyone["label"], f"All contacts ({mailing.recipient_count:,})"
        )
        self.assertEqual(mailing.contact_count, mailing.recipient_count)

    @users("mailer")
    def test_all_of_another_kind_are_refused(self):
        mailing = self._make_mailing()
        with self.assertRefused("does not accept"):
            mailing.action_load_all("lead")
        with self.assertRefused("does not accept"):
            self._make_mailing(recipient_type="target").action_load_all()

    @users("mailer")
    def test_a_menu_counts_no_further_than_it_has_to(self):
        mailing = self._make_mailing()
        with patch.object(mailjet_mailing_sources, "COUNT_LIMIT", 2):
            [everyone] = mailing.get_sources()["kinds"]
        self.assertEqual(everyone["label"], "All contacts (2+)")

    @users("mailer")
    def test_a_mailing_to_targets_offers_them_and_every_kind(self):
        Target = self.env["mailjet.target"]
        target = Target.create({"name": "! North", "contact_ids": self.ann.ids})
        elsewhere = Target.sudo().create(
            {
                "name": "! Elsewhere",
                "company_id": self._make_stranger().company_id.id,
            }
        )
        mailing = self._make_mailing(recipient_type="target")
        sources = mailing.get_sources()
        self.assertEqual(
            [kind["kind"] for kind in sources["kinds"]], ["contact", "account", "lead"]
        )
        items = sources["targets"]["items"]
        self.assertIn({"id": target.id, "name": "! North"}, items)
        self.assertNotIn(elsewhere.id, [item["id"] for item in items])

    @users("mailer")
    def test_own_and_shared_filters_are_offered(self):
        shared = self._make_filter("Shared", self.people)
        own = self._make_filter("Own", self.people)
        own.sudo().user_ids = self.user
        strange = self._make_filter("Strange", self.people)
        strange.sudo().user_ids = self.manager
        self._make_filter("Leads", self._make_lead("lead@example.com"))
        mailing = self._make_mailing()
        filters = mailing.get_sources()["filters"]
        self.assertEqual(
            {item["id"] for item in filters["items"]},
            {shared.id, own.id},
        )
        self.assertFalse(filters["more"])
        with patch.object(mailjet_mailing_sources, "LISTED", 1):
            filters = mailing.get_sources()["filters"]
        self.assertEqual((len(filters["items"]), filters["more"]), (1, True))

    @users("mailer")
    def test_the_wizard_begins_with_what_the_menu_says(self):
        action = self._make_mailing().action_add_recipients("addresses")
        wizard = self.env["mailjet.recipient.add"].with_context(**action["context"])
        self.assertEqual(Form(wizard).source, "addresses")

    @users("mailer")
    def test_a_target_says_who_its_members_are(self):
        target = self.env["mailjet.target"].create(
            {
                "name": "Some",
                "contact_domain": "[('city', '=', 'Oslo')]",
                "account_domain": "[]",
            }
        )
        self.assertEqual(
            (target.contact_scope, target.account_scope, target.lead_scope),
            ("By conditions", "All records", "None"),
        )
        target.contact_ids = self.bob
        self.assertEqual(target.contact_scope, "By conditions, or selected")
        target.contact_domain = False
        self.assertEqual(target.contact_scope, "1 record selected")
