from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .values_common import ValuesCase


@tagged("post_install", "-at_install")
class TestRights(ValuesCase):
    """The values of variables are for those who may read them."""

    def _assert_hidden(self, mailing, value):
        """Check that neither a user nor a manager sees or sends what the variable is
        worth."""
        for user in (self.user, self.manager):
            found = mailing.with_user(user)
            self.assertNotIn(value, str(found.get_preview()))
            with self.assertRefused("cannot read these variables"):
                found.action_send()

    def _hide(self, field):
        self.patch(field, "groups", "base.group_system")

    def test_fields_of_groups(self):
        self.ann.ref = "Topsecret"
        mailing = self._make_mailing(self.ann, subject="$contacts-reference$")
        self.assertEqual(mailing.get_preview()["subject"], "Topsecret")
        self._hide(self.env["res.partner"]._fields["ref"])
        self._assert_hidden(mailing, "Topsecret")
        admin = new_test_user(
            self.env,
            "mail_admin",
            "base.group_system,massmailing_mailjet.mailjet_group_manager",
        )
        # A responsible who may read them helps nobody who may not.
        mailing.user_id = admin
        self._assert_hidden(mailing, "Topsecret")
        self.assertEqual(mailing.with_user(admin).get_preview()["subject"], "Topsecret")
        mailing.with_user(admin).user_id = self.user
        with self.assertRefused("cannot read these variables"):
            mailing.with_user(admin).action_send()

    def test_rights_that_are_lost_before_the_freeze(self):
        mailing = self._make_mailing(self.ann, subject="$contacts-reference$!")
        mailing.action_send()
        self._hide(self.env["res.partner"]._fields["ref"])
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("cannot read these variables", mailing.delivery_message)
        self.assertFalse(self.mailjet.uploads)

    def test_models_of_groups(self):
        industry = self.env["res.partner.industry"].create({"name": "Topsecret"})
        self.ann.parent_id = self.env["res.partner"].create(
            {"name": "Co", "is_company": True, "industry_id": industry.id}
        )
        mailing = self._make_mailing(self.ann, subject="$accounts-industry$")
        self.assertEqual(mailing.get_preview()["subject"], "Topsecret")
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "res.partner.industry")]
        ).group_id = self.env.ref("base.group_system")
        self._assert_hidden(mailing, "Topsecret")
        with self.assertRaisesRegex(ValidationError, "not all Mass Mailing users"):
            self._make_variable("contact", "industry_id.name")

    def test_records_by_the_rules(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create(
            {"name": "Topsecret", "company_id": company.id}
        )
        lead = self._make_lead("dan@example.com", contact_name="Dan")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET partner_id = %s WHERE id = %s", hidden.id, lead.id)
        )
        self.env.invalidate_all()
        mailing = self._make_mailing(
            lead, recipient_type="lead", subject="$contacts-name|nobody$"
        )
        self.assertNotIn("Topsecret", str(mailing.get_preview()))
        self._send(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertNotIn("Topsecret", str(self._cells()))
