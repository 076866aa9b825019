import base64

from odoo.tests import Form, tagged, users

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestRecipientAdd(MailjetCase):
    """Recipients by a condition, by their addresses, and from a list of records."""

    @users("mailer")
    def test_by_a_condition(self):
        mailing = self._make_mailing()
        form = self._form(mailing)
        form.domain = f"[('id', 'in', {self.people.ids})]"
        form.save().action_load()
        self.assertEqual(mailing.recipient_count, 3)
        self.assertEqual(mailing.load_ids.name, "Condition")

    @users("mailer")
    def test_no_condition_is_all_records(self):
        mailing = self._make_mailing()
        self._form(mailing).save().action_load()
        self.assertEqual(mailing.load_ids.name, "All contacts")

    @users("mailer")
    def test_by_addresses_pasted_and_in_a_file(self):
        mailing = self._make_mailing()
        form = self._form(mailing)
        form.source = "addresses"
        wizard = form.save()
        with self.assertRefused("Paste addresses"):
            wizard.action_load()
        wizard.addresses = "ann@example.com"
        wizard.file = base64.b64encode("Zo\xeb;bob@example.com".encode("cp1252"))
        wizard.action_load()
        self.assertEqual(
            set(self._rows(mailing)), {"ann@example.com", "Bob@Example.com"}
        )
        self.assertFalse(wizard.unmatched)

    @users("mailer")
    def test_addresses_that_no_record_has_are_shown(self):
        mailing = self._make_mailing()
        form = self._form(mailing)
        form.source = "addresses"
        form.addresses = "ann@example.com, new@example.com"
        wizard = form.save()
        action = wizard.action_load()
        self.assertEqual(wizard.unmatched, "new@example.com")
        self.assertEqual(action["params"]["next"]["res_id"], wizard.id)
        self.assertEqual(wizard.action_close()["tag"], "soft_reload")

    @users("mailer")
    def test_a_target_mailing_asks_for_the_kind(self):
        lead = self._make_lead("lead@example.com")
        mailing = self._make_mailing(recipient_type="target")
        form = self._form(mailing)
        form.kind = "lead"
        self.assertEqual(form.kind_model, "crm.lead")
        form.domain = f"[('id', '=', {lead.id})]"
        form.save().action_load()
        self.assertEqual(mailing.lead_count, 1)

    def _form(self, mailing):
        action = mailing.action_add_recipients()
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    # === FROM A LIST === #

    @users("mailer")
    def test_selected_contacts_go_to_a_mailing(self):
        self.cat.is_company = True
        mailing = self._make_mailing()
        form = self._add(self.people)
        self.assertEqual((form.contact_count, form.account_count), (2, 1))
        form.mailing_id = mailing
        action = form.save().action_add()
        self.assertEqual(action["res_id"], mailing.id)
        self.assertEqual(
            set(self._rows(mailing)), {"ann@example.com", "Bob@Example.com"}
        )

    @users("mailer")
    def test_selected_records_make_a_new_mailing(self):
        lead = self._make_lead("lead@example.com")
        company = self.cat
        company.sudo().is_company = True
        for records, recipient_type in (
            (self.ann, "contact"),
            (company, "account"),
            (self.people, "target"),
            (lead, "lead"),
        ):
            form = self._add(records)
            form.mailing_type = "new"
            form.name = "From a list"
            action = form.save().action_add()
            mailing = self.env["mailjet.mailing"].browse(action["res_id"])
            self.assertEqual(mailing.recipient_type, recipient_type)
            self.assertEqual(mailing.recipient_count, len(records))

    @users("mailer")
    def test_the_whole_search_result_is_added(self):
        self.env["ir.config_parameter"].sudo().set_param("web.active_ids_limit", 2)
        domain = [("id", "in", self.people.ids)]
        mailing = self._make_mailing()
        form = self._add(self.people[:2], active_domain=domain)
        self.assertEqual(form.contact_count, 3)
        form.mailing_id = mailing
        form.save().action_add()
        self.assertEqual(mailing.recipient_count, 3)

    @users("mailer")
    def test_what_the_mailing_does_not_take_is_refused(self):
        form = self._add(self._make_lead("lead@example.com"))
        form.mailing_id = self._make_mailing()
        wizard = form.save()
        with self.assertRefused("accepts none"):
            wizard.action_add()
        wizard.mailing_id = False
        with self.assertRefused("Choose a mailing"):
            wizard.action_add()

    def _add(self, records, **context):
        return Form(
            self.env["mailjet.mailing.add"].with_context(
                active_model=records._name, active_ids=records.ids, **context
            )
        )
