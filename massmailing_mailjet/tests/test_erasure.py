"""Whoever is erased is not mailed, and no table holds the address any more."""

import base64
import json
from datetime import datetime, timedelta

from odoo.tests import tagged, users
from odoo.tools import SQL

from .common import DeliveryCase
from .feedback_common import FeedbackCase

ADDRESS = "ann@example.com"

# Where Odoo itself keeps the contact and what was logged about it.
ODOO_TABLES = (
    "res_partner",
    "crm_lead",
    "mail_blacklist",
    "mail_tracking_value",
    "mail_mail",
    "mail_notification",
)


@tagged("post_install", "-at_install")
class TestErasure(DeliveryCase):
    def _erase(self, records=None):
        records = records or self.ann
        wizard = (
            self.env["mailjet.personal.data"]
            .with_user(self.manager)
            .with_context(active_model=records._name, active_ids=records.ids)
            .create({})
        )
        wizard.action_erase()
        self.env.invalidate_all()

    def _find_address(self, address=ADDRESS, ignored=ODOO_TABLES):
        """Return the tables and columns in which a text holds the address."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                """
                SELECT c.table_name, c.column_name FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                   AND c.data_type IN ('text', 'character varying', 'json', 'jsonb')
                """
            )
        )
        found = []
        for table, column in columns:
            if table in ignored:
                continue
            query = SQL(
                "SELECT FROM %s WHERE %s::text ~* %s LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                rf"(?<![\w.+-]){address}",
            )
            self.env.cr.execute(query)
            if self.env.cr.rowcount:
                found.append(f"{table}.{column}")
        return found

    # === NO ADDRESS IS LEFT === #

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

    def test_no_note_of_the_add_on_holds_the_address(self):
        mailing = self._make_mailing(self.people)
        mailing.sudo().delivery_message = f"Refused by Mailjet: {ADDRESS}"
        mailing.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"Look at {ADDRESS}",
            note=f"{ADDRESS} was refused",
            user_id=self.user.id,
        )
        self.account.sudo().connection_error = f"{ADDRESS} is unknown"
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

    # === ODOO'S BLACKLIST === #

    def _get_entry(self, address=ADDRESS):
        Blacklist = self.env["mail.blacklist"].with_context(active_test=False)
        return Blacklist.search([("email", "=", address)])

    def _vacuum(self):
        self.env["mailjet.erasure"]._gc_erased()
        self.env.invalidate_all()

    def test_an_entry_of_ours_goes_with_the_last_record_of_the_address(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        lead = self._make_lead(ADDRESS)
        self._erase()
        self._vacuum()
        self.assertTrue(self._get_entry().active)
        self.ann.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)
        lead.unlink()
        self._vacuum()
        self.assertEqual(self._find_address(ignored=("mail_tracking_value",)), [])

    def test_an_entry_that_protects_nobody_goes_at_once(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertFalse(self._get_entry().active)
        self._erase()
        self.assertFalse(self._get_entry())

    def test_an_entry_made_by_somebody_stays(self):
        self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))._add(
            ADDRESS
        )
        self._erase()
        self.ann.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)

    def test_an_address_that_comes_back_is_blacklisted_again(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self._erase()
        self.ann.unlink()
        self._vacuum()
        self.assertFalse(self._get_entry())
        again = self.env["res.partner"].create({"name": "Ann", "email": ADDRESS})
        self.env.flush_all()
        self.assertTrue(again.massmailing_unsubscribed)
        self.assertTrue(self._get_entry().active)
        self.assertTrue(again.is_blacklisted)
        again.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)

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

    # === THE EXPORT HOLDS THE SAME === #

    def test_what_is_erased_is_what_is_handed_out(self):
        draft = self._make_mailing(self.people)
        draft.action_load_addresses(f"{ADDRESS}, x{ADDRESS}")
        draft.sudo().message_post(body=f"Asked {ADDRESS}")
        draft.sudo().delivery_message = f"Refused: {ADDRESS}"
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

    # === WHILE A MAILING IS ON ITS WAY === #

    def _hold(self):
        """Return a mailing that Mailjet holds for an hour later, 45 minutes on."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_cron()
        self._run_later(minutes=45)
        self.assertEqual(mailing.delivery_step, "scheduled")
        return mailing

    def test_who_is_erased_while_mailjet_waits_is_not_mailed(self):
        mailing = self._hold()
        row = self._row(mailing, self.ann).sudo()
        self._erase()
        self.assertEqual((row.verdict, row.exclusion_reason), ("excluded", "deleted"))
        self.assertFalse(row.partner_id)
        self._run_later(minutes=6)
        self._run_later(minutes=1)
        self.assertFalse(row.email_normalized)
        self._strike()
        self._run_later(minutes=10)
        self.assertSentOnce(mailing, {"bob@example.com", "cat@example.com"})
        self.assertEqual(self._find_address(), [])
        self.assertCountsAddUp(mailing)

    def test_who_is_erased_before_the_upload_is_not_handed_over(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self._erase()
        self._run_cron()
        self.assertSentOnce(mailing, {"bob@example.com", "cat@example.com"})
        self.assertEqual(self._find_address(), [])
        self.assertCountsAddUp(mailing)

    def test_who_is_erased_after_a_failure_is_not_mailed_by_a_retry(self):
        for step in ("upload", "draft"):
            with self.subTest(step=step):
                self._check_failure(step)

    def _check_failure(self, step):
        person = self.env["res.partner"].create(
            {"name": step, "email": f"{step}@example.com"}
        )
        mailing = self._make_mailing(self.bob | person)
        mailing.action_send()
        mailing.sudo().write({"state": "preparing"})
        for _number in range(20):
            if mailing.delivery_step == step:
                break
            self._run_one_step(mailing)
        mailing.sudo().write({"state": "failed"})
        self._erase(person)
        mailing.action_retry()
        self._run_cron()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self.mailjet.sent[-1], {"bob@example.com"})
        self.env["mailjet.erasure"]._finish()
        self.assertEqual(self._find_address(f"{step}@example.com"), [])

    def _run_one_step(self, mailing):
        delivery = self.env["mailjet.delivery"]
        with mailing.account_id._client() as client:
            clients = type("Clients", (), {"get": lambda _self, _account: client})()
            delivery._take_step(mailing.sudo(), clients, None)


@tagged("post_install", "-at_install")
class TestLateReports(FeedbackCase):
    """What Mailjet reports of an erased address is dropped, but for its refusals."""

    def setUp(self):
        super().setUp()
        wizard = (
            self.env["mailjet.personal.data"]
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )
        wizard.action_erase()

    def _events_of(self, email):
        return self.env["mailjet.event"].search_count([("email", "=", email)])

    def test_an_opening_is_dropped(self):
        self._tell(self._event("open"), self._event("open", "bob@example.com"))
        self.assertEqual(self._events_of("ann@example.com"), 0)
        self.assertEqual(self._events_of("bob@example.com"), 1)

    def test_an_unsubscription_holds_without_the_address(self):
        self._tell(self._event("unsub"))
        self.assertEqual(self._events_of("ann@example.com"), 0)
        Consent = self.env["mailjet.consent"]
        self.assertFalse(Consent.search([("email", "=", "ann@example.com")]))
        self.assertTrue(self.ann.massmailing_unsubscribed)

    def test_what_mailjet_excludes_does_not_bring_the_address_back(self):
        self.ann.email = False
        Suppression = self.env["mailjet.suppression"]
        Suppression._take_over(
            self.account, [("ann@example.com", None)], datetime(2026, 3, 1)
        )
        self.env["mailjet.erasure"]._drop_suppressions(self.account)
        self.assertFalse(Suppression.search([("email", "=", "ann@example.com")]))
