from unittest.mock import patch

from odoo.tests import tagged

from ..models.delivery import (
    mailjet_campaign_upload,
    mailjet_delivery,
    mailjet_upload,
)
from .common import EVERYONE, DeliveryCase
from .mailjet import IMPORT_ERRORS, UPLOAD


@tagged("post_install", "-at_install")
class TestUpload(DeliveryCase):
    """A mailing's recipients on their way into Mailjet's list."""

    # === CHUNKS === #

    def test_chunks(self):
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 2):
            self._send(mailing)
        self.assertEqual(self.mailjet.count("POST csvimport"), 2)
        self.assertSentOnce(mailing)

    def test_chunks_are_cut_where_their_bytes_are_too_many(self):
        values = {"subject": "s", "body_code": "<p>b</p>"}
        head = len(f"email,{self._preferences_property()}\n")
        for lines, chunks in ((1, 3), (2, 2), (3, 1)):
            with self._case(lines=lines):
                mailing = self._make_mailing(self.people, **values)
                last = max(self._row(mailing, record).id for record in self.people)
                line = len(f"ann@example.com,{last}-{'0' * 32}\r\n")
                size = head + lines * line
                with patch.object(mailjet_upload, "UPLOAD_BYTES", size):
                    self._send(mailing)
                self.assertEqual(len(self.mailjet.uploads), chunks)
                self.assertSentOnce(mailing)

    def test_a_sending_goes_on_at_the_chunk_where_it_stopped(self):
        for call in (UPLOAD, "POST csvimport"):
            with self._case(call=call):
                self.mailjet.fail(call, "hang", skip=1)
                mailing = self._make_mailing(self.people)
                with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 1):
                    self._send(mailing)
                self._run_later(minutes=2)
                self.assertSentOnce(mailing)
                for chunk_call in (UPLOAD, "POST csvimport"):
                    repeated = chunk_call == call
                    self.assertEqual(self.mailjet.count(chunk_call), 3 + repeated)

    def test_rows_are_outgoing_from_their_chunk_on(self):
        """What is not handed over yet can still be counted as not sent."""
        self.mailjet.reply(UPLOAD, 401)
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 2):
            self._send(mailing)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(rows.mapped("status"), ["pending"] * 3)
        mailing.action_retry()
        self._run_cron()
        self.assertSentOnce(mailing)

    def test_chunks_are_handed_over_while_another_is_imported(self):
        self.mailjet.set(stalled_jobs="csv")
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 1):
            self._send(mailing)
        self.assertEqual(self.mailjet.count(UPLOAD), 3)
        self.assertEqual(self.mailjet.count("POST csvimport"), 1)
        self.mailjet.set(stalled_jobs="")
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)

    def test_the_last_import_ends_the_step(self):
        """Uploading, importing and asking whether that is done: nothing comes after."""
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        steps = []
        with patch.object(mailjet_delivery, "RUN_SECONDS", 0):
            while mailing.delivery_step != "import":
                steps.append(mailing.delivery_step)
                self._run_cron()
        self.assertEqual(steps.count("upload"), 3)

    def test_an_import_whose_answer_was_lost_is_found_again(self):
        self.mailjet.fail("POST csvimport", "hang", "after")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count("POST csvimport"), 1)
        self.assertSentOnce(mailing)

    def test_an_unreadable_list_of_refused_rows_is_asked_for_again(self):
        for text in ("<html><h1>Maintenance</h1></html>", "email,error\nbob@e"):
            with self._case(text=text):
                self.mailjet.set(refused_text="bob@")
                self.mailjet.reply(IMPORT_ERRORS, 200, text)
                mailing = self._make_mailing(self.people)
                self._send(mailing)
                self._run_later(minutes=2)
                self.assertSentOnce(mailing, EVERYONE - {"bob@example.com"})

    def test_an_incomplete_list_of_refused_rows_is_asked_for_again(self):
        self.mailjet.set(refused_text="ann@,bob@")
        cut = "email,error\nbob@example.com,###Invalid email###email"
        self.mailjet.reply(IMPORT_ERRORS, 200, cut)
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertSentOnce(mailing, {"cat@example.com"})

    # === WHAT MAILJET MAKES OF THEM === #

    def test_rows_that_mailjet_refuses_fail_alone(self):
        self.mailjet.set(refused_text="bob@")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertSentOnce(mailing, EVERYONE - {"bob@example.com"})
        row = self.env["mailjet.recipient"].search(
            [("status", "=", "failed"), ("mailing_id", "=", mailing.id)]
        )
        self.assertEqual(
            (row.partner_id, row.failure_reason), (self.bob, "Invalid email")
        )
        self.assertEqual((mailing.failed_count, mailing.sent_count), (1, 2))

    def test_no_sending_when_everyone_is_refused(self):
        self.mailjet.set(refused_text="@example.com")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("every address", mailing.delivery_message)

    def test_no_sending_with_fewer_members_than_were_handed_over(self):
        mailing = self._make_mailing(self.people)
        self.mailjet.set(dropped_text="ann@")
        self._send(mailing)
        for _look in range(13):
            self._run_later(minutes=1)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("expected: 3. Listed by Mailjet: 2", mailing.delivery_message)
        self.assertFalse(self.mailjet.sent)
        self.mailjet.set(dropped_text="")
        mailing.action_retry()
        self._run_cron()
        self.assertEqual(self.mailjet.count(UPLOAD), 2)
        self.assertSentOnce(mailing)

    def test_a_running_import_is_waited_for(self):
        for status in ("Importing", "In Progress", "Pending"):
            self.mailjet.set(stalled_jobs="csv", job_words=[status] * 3)
            mailing = self._make_mailing(self.people)
            self._send(mailing)
            self.assertEqual(
                (mailing.state, mailing.delivery_step), ("preparing", "upload")
            )
            self.assertFalse(self.mailjet.sent)
        self.mailjet.set(stalled_jobs="")
        self._run_later(minutes=1)
        self.assertEqual(len(self.mailjet.sent), 3)

    def test_an_import_that_mailjet_gives_up_can_be_retried(self):
        self.mailjet.set(failed_jobs="csv")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.mailjet.set(failed_jobs="")
        mailing.action_retry()
        self._run_cron()
        self.assertSentOnce(mailing)
