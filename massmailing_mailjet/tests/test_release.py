from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..models.delivery import mailjet_campaign_cancel, mailjet_campaign_upload
from .common import EVERYONE, DeliveryCase


@tagged("post_install", "-at_install")
class TestRelease(DeliveryCase):
    """A large mailing that is stopped: the user does not wait for its rows."""

    def setUp(self):
        super().setUp()
        self.env.company.mailjet_undo_minutes = 3
        # Every mailing is large, and every row a chunk of its own.
        for module, name, value in (
            (mailjet_campaign_cancel, "RELEASE_AT_ONCE", 0),
            (mailjet_campaign_upload, "UPLOAD_ROWS", 1),
        ):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _prepare(self):
        """Return a mailing whose rows are at Mailjet, and that can still be undone."""
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "schedule")
        self.assertEqual(self._statuses(mailing), ["outgoing"] * 3)
        return mailing

    def _statuses(self, mailing):
        self.env.invalidate_all()
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        return sorted(rows.mapped("status"))

    def _release_one(self, mailing):
        """Let the cron take one step, as if it were killed after it."""
        mailing.sudo().mailjet_campaign_ids._delivery_step_release(None)

    def test_undoing_touches_no_row(self):
        mailing = self._prepare()
        with self.assertQueryCount(200):
            mailing.action_cancel()
        self.assertEqual(self._statuses(mailing), ["outgoing"] * 3)
        self.assertEqual(mailing.delivery_step, "release")
        self.assertFalse(mailing.mailjet_campaign_ids.mailjet_draft_id)
        self.assertIn("nobody receives this mailing", mailing.delivery_message)
        self.assertIn("nobody receives", "".join(mailing.message_ids.mapped("body")))
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(self._statuses(mailing), ["pending"] * 3)
        self.assertFalse(mailing.delivery_message)
        self.assertIn("Emails not sent: 3", "".join(mailing.message_ids.mapped("body")))
        self._run_later(hours=1)
        self.assertFalse(self.mailjet.sent)
        self.assertCountsAddUp(mailing)

    def test_nothing_can_be_done_meanwhile(self):
        mailing = self._prepare()
        mailing.action_cancel()
        self.assertFalse(mailing.get_progress()["can_stop"])
        for action, words in (
            (mailing.action_send, "cannot be changed"),
            (mailing.action_cancel, "already being stopped"),
            (mailing.action_retry, "does not allow this"),
            (mailing.unlink, "kept as proof"),
            (lambda: mailing.write({"subject": "Other"}), "cannot be changed"),
            (lambda: mailing.load_ids.action_unload(), "cannot be changed"),
        ):
            with self.assertRefused(words):
                action()

    def test_a_crash_in_the_middle_goes_on(self):
        mailing = self._prepare()
        mailing.action_cancel()
        self._release_one(mailing)
        self.assertEqual(self._statuses(mailing), ["outgoing"] * 2 + ["pending"])
        self.assertEqual(mailing.delivery_step, "release")
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(
            self.env["mailjet.upload"].search([("mailing_id", "=", mailing.id)])
        )
        self._send(mailing)
        self._run_later(minutes=4)
        self.assertSentOnce(mailing)
        self.assertEqual(len(self.mailjet.lists), 2)

    def test_it_needs_no_answer_of_mailjets(self):
        """Neither keys nor a network, and no account that is this database's."""
        mailing = self._prepare()
        mailing.action_cancel()
        self.account.write({"api_key": False, "api_secret": False})
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "other")
        calls = len(self.mailjet.calls)
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(len(self.mailjet.calls), calls)

    def test_what_was_not_prepared_is_stopped_at_once(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=5))
        mailing.action_cancel()
        self.assertEqual(mailing.state, "draft")

    def test_a_failed_one_is_released_too(self):
        self.mailjet.set(refused_text="ann@")
        self.mailjet.refuse("POST campaigndraft", "Not now")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual((mailing.state, mailing.failed_count), ("failed", 1))
        mailing.action_cancel()
        self.assertEqual(mailing.delivery_step, "release")
        self._run_later(minutes=1)
        self.assertEqual(self._statuses(mailing), ["pending"] * 3)
        self.assertEqual((mailing.failed_count, mailing.sent_count), (0, 0))

    def test_another_hour_waits_for_the_release(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=5))
        self._run_cron()
        new = self.clock + timedelta(minutes=9)
        mailing.action_schedule(new)
        self.assertEqual(mailing.delivery_step, "release")
        with self.assertRefused("already being stopped"):
            mailing.action_schedule(new)
        self._run_later(minutes=1)
        self.assertEqual(mailing.schedule_date, new.replace(microsecond=0))
        self._run_later(minutes=10)
        self.assertSentOnce(mailing, EVERYONE)

    def test_what_mailjet_held_is_released_after_it_was_withdrawn(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        self.assertTrue(mailing.mailjet_campaign_ids._is_held())
        mailing.action_cancel()
        self.assertEqual(mailing.delivery_step, "unschedule")
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(self._statuses(mailing), ["pending"] * 3)
