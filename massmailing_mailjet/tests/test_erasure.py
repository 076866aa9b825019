import base64
import json

from odoo.tests import tagged, users

from .erasure_common import ADDRESS, ODOO_TABLES, QUEUE, ErasureCase


@tagged("post_install", "-at_install")
class TestErasure(ErasureCase):
    """No table holds an erased address any more, and the export holds the same."""

    def test_no_table_holds_the_address_of_an_erased_contact(self):
        draft = self._make_mailing(self.people)
        draft.action_load_addresses(f"{ADDRESS}, bob@example.com")
        draft.load_ids[0].sudo().unmatched = f"nobody@example.com\n{ADDRESS}"
        sent = self._make_mailing(self.people)
        self._send(sent)
        self.env["mailjet.mailing.test"].with_user(self.user).create(
            {"mailing_id": draft.id, "email_to": ADDRESS}
        ).action_send()
        self.account.health_test_email = ADDRESS
        self.env["mailjet.suppression"].create(
            {"account_id": self.account.id, "email": ADDRESS, "origin": "mailjet"}
        )
        self.env["mailjet.exclusion"].create(
            {
                "load_id": draft.load_ids[0].id,
                "mailing_id": draft.id,
                "email_normalized": ADDRESS,
            }
        )
        link = self.env["mailjet.link"].create(
            {"mailing_id": sent.id, "url": "https://example.com/?m=ann%40example.com"}
        )
        row = self._row(sent, self.ann).sudo()
        row.bounce_reason = f"mailbox {ADDRESS} is full"
        self.assertIn("mailjet_recipient.email", self._find_address())
        self._erase()
        self.assertEqual(self._find_address(), [])
        self.assertEqual(link.url, "https://example.com/?m=[erased]")
        self.assertFalse(row.email)
        self.assertEqual(row.status, "sent")
        self.assertFalse(row.bounce_reason)

    def test_mailjet_deletes_the_contact_too(self):
        self._send(self._make_mailing(self.people))
        self.assertIn(ADDRESS, self._get_contacts())
        cron = self.env.ref("massmailing_mailjet.ir_cron_retention_archive")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._erase()
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.assertEqual(self._find_address(ignored=ODOO_TABLES), [f"{QUEUE}.email"])
        data = self._export()
        self.assertEqual(data["to_be_deleted_at_mailjet"], ["Test account"])
        self._delete_contacts()
        self.assertNotIn(ADDRESS, self._get_contacts())
        self.assertIn("bob@example.com", self._get_contacts())
        self.assertEqual(self._find_address(ignored=ODOO_TABLES), [])
        self.assertEqual(self._export()["to_be_deleted_at_mailjet"], [])

    def test_only_accounts_of_the_companies_of_the_user_lose_the_contact(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.account.company_id = other
        self._erase()
        self.assertNotIn(
            self.account, self.env["mailjet.contact.deletion"].search([]).account_id
        )

    def test_no_note_of_the_add_on_holds_the_address(self):
        mailing = self._make_mailing(self.people)
        mailing.sudo().delivery_facts = f"Refused by Mailjet: {ADDRESS}"
        mailing.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"Look at {ADDRESS}",
            note=f"{ADDRESS} was refused",
            user_id=self.user.id,
        )
        self.account.sudo().connection_facts = f"{ADDRESS} is unknown"
        target = self.env["mailjet.target"].create(
            {
                "name": f"But {ADDRESS}",
                "active": False,
                "lead_domain": f'[("email_from", "!=", "{ADDRESS}")]',
                "contact_domain": f'[("email", "!=", "{ADDRESS}")]',
            }
        )
        self.env["mailjet.link.check"].create(
            {
                "url": f"https://example.com/?m={ADDRESS}",
                "outcome": "200",
                "checked_date": self.clock,
            }
        )
        self._erase()
        self.assertEqual(self._find_address(), [])
        self.assertEqual(target.contact_domain, '[("email", "!=", "[erased]")]')
        self.assertIn("[erased] was refused", mailing.activity_ids.note)

    def test_a_file_of_addresses_goes(self):
        draft = self._make_mailing()
        wizard = self.env["mailjet.recipient.add"].create(
            {
                "mailing_id": draft.id,
                "source": "addresses",
                "kind": "contact",
                "file": base64.b64encode(ADDRESS.encode()),
            }
        )
        self._erase()
        self.assertFalse(wizard.file)

    def test_an_event_that_could_not_be_read_goes(self):
        Event = self.env["mailjet.event"]
        bodies = (
            b'[{"event": "open", "email": "%s' % ADDRESS.encode(),
            b'[{"event": "open", \x00"email": "%s' % ADDRESS.encode(),
            b'[{"event": "open", "email": "x%s' % ADDRESS.encode(),
        )
        for body in bodies:
            Event._receive(self.account, body)
        self.assertEqual(Event.search_count([("reason", "=", "malformed")]), 3)
        self._erase()
        self.assertEqual(Event.search_count([("reason", "=", "malformed")]), 1)

    def test_a_job_of_mailjet_is_remembered_without_the_address(self):
        Suppression = self.env["mailjet.suppression"]
        Suppression._note_job(self.account, "1", [ADDRESS, "bob@example.com"], False)
        self._erase()
        self.assertEqual(self._find_address(), [])
        job = self.account.sudo().exclusion_jobs["1"]
        self.assertEqual(job["emails"], ["bob@example.com"])

    def test_a_longer_address_that_ends_alike_stays(self):
        self.env["res.partner"].create({"name": "Joann", "email": f"jo-{ADDRESS}"})
        draft = self._make_mailing()
        draft.action_load_addresses(f"{ADDRESS}, jo-{ADDRESS}")
        self._erase()
        self.assertIn(f"jo-{ADDRESS}", self._rows(draft))
        self.assertIn(f'"jo-{ADDRESS}"', draft.load_ids[0].domain)

    def test_a_lead_without_contact_is_erased(self):
        lead = self._make_lead("lead@example.com", user_id=self.manager.id)
        draft = self._make_mailing(lead, self.manager, recipient_type="lead")
        self._erase(lead)
        self.assertEqual(self._rows(draft), {})
        self.assertEqual(self._find_address("lead@example.com"), [])

    def test_mailings_that_name_the_address_to_their_readers_are_listed(self):
        self._make_mailing(body_code=f"<p>Write to jo{ADDRESS}</p>")
        naming = self._make_mailing(body_code=f"<p>Write to <a>{ADDRESS.upper()}</a>")
        naming |= self._make_mailing(subject=f"News of {ADDRESS}")
        wizard = self.env["mailjet.personal.data"].with_user(self.manager)
        wizard = wizard.create({"partner_ids": self.ann.ids})
        self.assertEqual(wizard.naming_ids, naming)
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        self.assertCountEqual(data["named_in"], naming.mapped("display_name"))
        wizard.action_erase()
        self.assertIn(ADDRESS, naming[1].subject)
        nobody = wizard.create({"partner_ids": self.env.company.partner_id.ids})
        nobody.partner_ids.email = False
        self.assertFalse(nobody.naming_ids)

    def test_a_note_keeps_what_it_says_without_the_address(self):
        mailing = self._make_mailing(self.people)
        note = mailing.sudo().message_post(body=f"Asked {ADDRESS} twice")
        self._erase()
        self.assertIn("Asked [erased] twice", note.body)

    def _export(self):
        """Return what the manager downloads of Ann."""
        wizard = self.env["mailjet.personal.data"].with_user(self.manager)
        wizard = wizard.create({"partner_ids": self.ann.ids})
        wizard.action_export()
        return json.loads(base64.b64decode(wizard.export_file))

    @users("mail_manager")
    def test_the_file_that_was_handed_out_goes_too(self):
        wizard = (
            self.env["mailjet.personal.data"]
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )
        wizard.action_export()
        self.assertTrue(wizard.export_file)
        self._erase()
        self.assertFalse(wizard.export_file)

    def test_what_is_erased_is_what_is_handed_out(self):
        draft = self._make_mailing(self.people)
        draft.action_load_addresses(f"{ADDRESS}, x{ADDRESS}")
        draft.sudo().message_post(body=f"Asked {ADDRESS}")
        draft.sudo().delivery_facts = f"Refused: {ADDRESS}"
        draft.sudo().activity_schedule(
            "mail.mail_activity_data_todo", summary=f"Ask {ADDRESS}"
        )
        self.env["mailjet.target"].create({"name": f"Like {ADDRESS}"})
        self.env["mailjet.suppression"].create(
            {"account_id": self.account.id, "email": ADDRESS, "origin": "mailjet"}
        )
        wizard = (
            self.env["mailjet.personal.data"]
            .with_user(self.manager)
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        self.assertEqual(len(data["mailings"]), 1)
        self.assertEqual(
            [row["mailing"] for row in data["pasted_lists"]], [draft.display_name]
        )
        self.assertEqual(
            [row["account"] for row in data["excluded_at_mailjet"]], ["Test account"]
        )
        self.assertEqual([row["text"] for row in data["notes"]], [f"Asked {ADDRESS}"])
        self.assertEqual(data["messages"], [f"Refused: {ADDRESS}"])
        self.assertEqual(data["targets"], [f"Like {ADDRESS}"])
        self.assertEqual(
            data["activities"], [{"summary": f"Ask {ADDRESS}", "text": ""}]
        )
