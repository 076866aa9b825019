from lxml import etree

from odoo.tests import new_test_user, tagged

from .statistics_common import StatisticsCase


@tagged("post_install", "-at_install")
class TestHistory(StatisticsCase):
    """The mass mailings that a contact, an account or a lead was in."""

    def assertHistory(self, record, names):
        """Check the number on the record's button, and the rows that it opens."""
        seen = record.with_user(self.user)
        action = seen.action_view_massmailings()
        self.assertIn(record.display_name, action["display_name"])
        self.assertEqual(seen.massmailing_count, 1 if names else 0)
        self.assertEqual(self._people(action), sorted(names))

    def test_a_contact(self):
        self.assertHistory(self.ann, ["ann"])

    def test_the_newest_mailing_comes_first(self):
        later = self._make_mailing(self.ann).sudo()
        self._row(later, self.ann).sudo().status = "sent"
        later.write({"state": "done", "sent_date": "2020-01-01 08:00:00"})
        action = self.ann.with_user(self.user).action_view_massmailings()
        Recipient = self.env["mailjet.recipient"].with_user(self.user)
        for kind, arch in self._get_archs(action).items():
            rows = Recipient.search(action["domain"], order=arch.get("default_order"))
            with self.subTest(kind):
                self.assertEqual(rows.mailing_id.ids, [self.mailing.id, later.id])

    def test_the_mailing_is_shown_not_the_person(self):
        action = self.ann.with_user(self.user).action_view_massmailings()
        for kind, arch in self._get_archs(action).items():
            shown = {
                field.get("name")
                for field in arch.iter("field")
                if field.get("optional") != "hide"
            }
            with self.subTest(kind):
                self.assertLessEqual({"mailing_id", "sent_date", "status"}, shown)
                self.assertFalse(shown & {"name", "email"})

    def _get_archs(self, action):
        """Return the list and the cards that an action opens, as the user has them."""
        Recipient = self.env["mailjet.recipient"].with_user(self.user)
        return {
            kind: etree.fromstring(Recipient.get_view(view, kind)["arch"])
            for view, kind in action["views"]
            if kind in ("list", "kanban")
        }

    def test_an_account_with_its_contacts(self):
        account = self.env["res.partner"].create(
            {"name": "Works", "is_company": True, "email": "works@example.com"}
        )
        floor = self.env["res.partner"].create(
            {"name": "Floor", "parent_id": account.id}
        )
        self.assertHistory(account, [])
        self.ann.parent_id = account
        self.bob.parent_id = floor
        self.env.invalidate_all()
        self.assertHistory(account, ["ann", "bob"])
        self.assertHistory(floor, ["bob"])

    def test_a_lead_by_its_address(self):
        self.assertHistory(self._make_lead("ann@example.com"), ["ann"])
        self.assertHistory(self._make_lead("nobody@example.com"), [])

    def test_a_lead_of_a_mailing(self):
        lead = self._make_lead("lead@example.com")
        mailing = self._make_mailing(lead, recipient_type="lead").sudo()
        self.assertHistory(lead, [])
        self._row(mailing, lead).sudo().status = "sent"
        self.env.invalidate_all()
        self.assertHistory(lead, ["lead"])

    def test_records_without_an_address_share_no_history(self):
        nobody = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        for record in nobody:
            self.assertHistory(record, [])

    def test_many_records_take_as_few_queries_as_one(self):
        people = self.people.with_user(self.user)
        people.mapped("massmailing_count")
        self.env.invalidate_all()
        people.mapped("email_normalized")
        with self.assertQueryCount(3):
            people.mapped("massmailing_count")

    def test_only_who_may_see_mailings_sees_the_number(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        for user, seen in ((self.user, True), (outsider, False)):
            for model in ("res.partner", "crm.lead"):
                with self.subTest(user.login, model=model):
                    names = self.env[model].with_user(user)._fields
                    field = names["massmailing_count"]
                    self.assertEqual(
                        self.env[model]
                        .with_user(user)
                        ._has_field_access(field, "read"),
                        seen,
                    )
