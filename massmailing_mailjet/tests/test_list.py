from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import mailjet_feedback_client
from .common import DeliveryCase

ATTEMPT = "odoo.addons.massmailing_mailjet.models.attempt"


@tagged("post_install", "-at_install")
class TestList(DeliveryCase):
    """The lists that sendings have made at Mailjet, and their end."""

    def setUp(self):
        super().setUp()
        self.env.company.mailjet_list_days = 30

    def _clean(self, days):
        """Let the cron clean up so many days later."""
        self.env.flush_all()
        with freeze_time(self.clock) as clock, self.enter_registry_test_mode():
            clock.tick(days * 24 * 3600)
            self.env.ref("massmailing_mailjet.ir_cron_list").method_direct_trigger()

    def _send_one(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        return mailing, self.env["mailjet.list"].search(
            [("mailing_id", "=", mailing.id)]
        )

    @property
    def deleted(self):
        return [bool(row["is_deleted"]) for row in self.mailjet.lists]

    def test_a_list_is_deleted_after_its_days(self):
        _mailing, row = self._send_one()
        self._clean(29)
        self.assertEqual(self.deleted, [False])
        self._clean(31)
        self.assertEqual(self.deleted, [True])
        self.assertTrue(row.deleted_date)
        calls = len(self.mailjet.calls)
        self._clean(32)
        self.assertEqual(len(self.mailjet.calls), calls)

    def test_lists_can_be_kept(self):
        self.env.company.mailjet_list_days = 0
        self._send_one()
        self._clean(4000)
        self.assertEqual(self.deleted, [False])

    def test_who_unsubscribed_is_read_before(self):
        lead = self._make_lead("ann@example.com")
        _mailing, row = self._send_one()
        self.mailjet.unsubscribe("ann@example.com")
        self._clean(31)
        self.assertEqual(self.mailjet.count("GET contact/*"), 1)
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertTrue(lead.massmailing_unsubscribed)
        self.assertIn("Newsletter", self.ann.massmailing_unsubscribed_reason)
        self.assertFalse(self.bob.massmailing_unsubscribed)
        self.assertEqual(row.unsubscribed_count, 1)

    def test_many_who_unsubscribed_are_read_with_their_list(self):
        self._send_one()
        self.mailjet.unsubscribe("ann@example.com")
        self.mailjet.unsubscribe("cat@example.com")
        with patch.object(mailjet_feedback_client, "MANY_CONTACTS", 1):
            self._clean(31)
        self.assertEqual(self.mailjet.count("GET contact/*"), 0)
        self.assertEqual(
            self.people.filtered("massmailing_unsubscribed"), self.ann | self.cat
        )

    def test_who_was_taken_out_by_us_has_not_unsubscribed(self):
        mailing = self._make_mailing(self.people)
        self.env.company.mailjet_undo_minutes = 3
        self._send(mailing)
        self.ann.active = False
        self._run_later(minutes=4)
        self.assertEqual(self.mailjet.unsubscribed, {"ann@example.com"})
        self._clean(31)
        self.assertEqual(self.deleted, [True])
        self.assertFalse(self.ann.massmailing_unsubscribed)

    @mute_logger(ATTEMPT)
    def test_a_list_of_another_name_is_not_ours(self):
        self._send_one()
        (theirs,) = self.mailjet.lists
        for name in ("Customers", f"{theirs['name']}0"):
            self.mailjet.ask("PUT", f"contactslist/{theirs['id']}", {"Name": name})
            self._clean(31)
            self.assertEqual(self.deleted, [False])

    def test_a_copy_deletes_nothing_of_the_original(self):
        self._send_one()
        self.env["ir.config_parameter"].set_param("database.uuid", "copy-of-it")
        self.account.action_confirm_database()
        with mute_logger(ATTEMPT):
            self._clean(31)
        self.assertEqual(self.deleted, [False])

    def test_what_is_not_read_is_not_deleted(self):
        for call, kind in (
            ("GET contactslist/*", "hang"),
            ("GET listrecipient", "500"),
            ("GET contact/*", "given"),
            ("DELETE contactslist/*", "hang"),
            ("GET contactslist/*", "given"),
        ):
            with self._case(call=call, kind=kind):
                _mailing, row = self._send_one()
                self.mailjet.unsubscribe("ann@example.com")
                self.mailjet.fail(call, kind, status=401)
                self._clean(31)
                self.assertFalse(row.deleted_date)
                self._clean(32)
                self.assertTrue(row.deleted_date)

    def test_the_list_of_a_given_up_sending_goes_too(self):
        self.env.company.mailjet_undo_minutes = 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._clean(31)
        self.assertEqual(self.deleted, [False])
        mailing.action_cancel()
        self._clean(31)
        self.assertEqual(self.deleted, [True])

    def test_a_list_that_is_gone_already(self):
        _mailing, row = self._send_one()
        self.mailjet.reply("GET contactslist/*", 404, "")
        self._clean(31)
        self.assertTrue(row.deleted_date)
