from odoo.tests import tagged

from .recipient_load_common import RecipientLoadCase


@tagged("post_install", "-at_install")
class TestRecipientTarget(RecipientLoadCase):
    """Loading the people of a target, or leaving them out."""

    def test_the_members_of_a_target_are_excluded(self):
        self.cat.is_company = True
        lead = self._make_lead("BOB@example.com")
        target = self.env["mailjet.target"].create(
            {"name": "Not these", "account_ids": self.cat.ids, "lead_ids": lead.ids}
        )
        mailing = self._make_mailing(self.people)
        message = mailing.action_exclude_target(target.id)["params"]["message"]
        self.assertIn("now excluded: 1", message)
        self.assertEqual(self._rows(mailing)["Bob@Example.com"], "excluded_target")
        self.assertEqual(mailing.excluded_target_count, 1)
        self.assertCountsAddUp(mailing)
        loads = mailing.load_ids.filtered(lambda load: load.mode == "exclude")
        self.assertEqual(set(loads.mapped("kind")), {"account", "lead"})
        target.lead_ids = False
        of_leads = loads.filtered(lambda load: load.kind == "lead")
        wizard = self._refresh(of_leads)
        self.assertEqual((wizard.add_count, wizard.remove_count), (0, 1))
        self.assertEqual(wizard.remove_names, "bob@example.com")
        wizard.action_refresh()
        self.assertEqual(mailing.excluded_target_count, 0)
        loads.action_unload()
        self.assertFalse(self.env["mailjet.exclusion"].search([]))
        self.assertEqual(len(mailing.load_ids), 1)

    def test_a_target_is_shared_out_over_the_kinds(self):
        self.cat.is_company = True
        lead = self.env["crm.lead"].create(
            {"name": "L", "email_from": "lead@example.com", "user_id": self.user.id}
        )
        target = self.env["mailjet.target"].create(
            {
                "name": "Mixed",
                "contact_domain": f"[('id', 'in', {self.people.ids})]",
                "account_ids": self.cat.ids,
                "lead_ids": lead.ids,
            }
        )
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(
            sorted(rows.mapped("kind")), ["account", "contact", "contact", "lead"]
        )
        self.assertEqual((target.contact_count, target.account_count), (2, 1))
        self.assertCountsAddUp(mailing)

    def test_a_target_stays_with_its_mailings(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        target = self.env["mailjet.target"].create(
            {"name": "All", "contact_domain": str([("id", "in", self.people.ids)])}
        )
        home = target.company_id
        target.company_id = elsewhere
        target.company_id = home
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        with self.assertRefused("cannot be changed"), self.env.cr.savepoint():
            target.company_id = elsewhere
        target.company_id = False
        target.company_id = home

    def test_a_target_with_a_broken_condition(self):
        Target = self.env["mailjet.target"].with_user(self.user)
        for domain in ("[('id', '=',", "[('no_such_field', '=', 1)]", "nothing"):
            with self.subTest(domain), self.assertRefused("cannot be evaluated"):
                Target.create({"name": "Broken", "lead_domain": domain})
        target = Target.create({"name": "Fine", "lead_domain": "[('name', '=', 'x')]"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailjet_target SET lead_domain = '[(1)' WHERE id = %s", [target.id]
        )
        target.invalidate_recordset()
        self.assertEqual(target.lead_count, 0)
        mailing = self._make_mailing(recipient_type="target")
        with self.assertRefused("can no longer be evaluated"):
            mailing.action_load_target(target.id)
