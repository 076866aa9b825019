from unittest.mock import patch

from odoo.tests import tagged

from ..models.delivery import mailjet_mailing_upload, mailjet_upload
from .common import EVERYONE, DeliveryCase
from .wire import TIMEOUT, Fault, answer


@tagged("post_install", "-at_install")
class TestUpload(DeliveryCase):
    """A mailing's recipients on their way into Mailjet's list."""

    # === CHUNKS === #

    def test_chunks(self):
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 2):
            self._send(mailing)
        self.assertEqual(self.mailjet.count("start_import"), 2)
        self.assertSentOnce(mailing)

    def test_chunks_are_cut_where_their_bytes_are_too_many(self):
        line = len("ann@example.com\r\n")
        mailing = self._make_mailing(self.people, subject="s", body_code="<p>b</p>")
        for size, chunks in ((line + 6, 3), (2 * line + 6, 2), (3 * line + 6, 1)):
            self.setUp()
            mailing = self._make_mailing(self.people, subject="s", body_code="<p>b</p>")
            with patch.object(mailjet_upload, "UPLOAD_BYTES", size):
                self._send(mailing)
            self.assertEqual(len(self.mailjet.data), chunks)
            self.assertSentOnce(mailing)

    def test_a_sending_goes_on_at_the_chunk_where_it_stopped(self):
        for call in ("upload", "start_import"):
            with self.subTest(call=call):
                self.setUp()
                self.mailjet.faults[call] = [None, Fault(TIMEOUT)]
                mailing = self._make_mailing(self.people)
                with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 1):
                    self._send(mailing)
                self._run_later(minutes=2)
                self.assertSentOnce(mailing)
                for chunk_call in ("upload", "start_import"):
                    repeated = chunk_call == call
                    self.assertEqual(self.mailjet.count(chunk_call), 3 + repeated)

    def test_rows_are_outgoing_from_their_chunk_on(self):
        """What is not handed over yet can still be counted as not sent."""
        self.mailjet.faults["upload"] = [Fault(answer(401, ""), after_effect=False)]
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 2):
            self._send(mailing)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(rows.mapped("status"), ["pending"] * 3)
        mailing.action_retry()
        self._run_cron()
        self.assertSentOnce(mailing)

    def test_chunks_are_handed_over_while_another_is_imported(self):
        self.mailjet.import_status = "Importing"
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_mailing_upload, "UPLOAD_ROWS", 1):
            self._send(mailing)
        self.assertEqual(self.mailjet.count("upload"), 3)
        self.assertEqual(self.mailjet.count("start_import"), 1)
        self.mailjet.import_status = "Completed"
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)

    def test_an_import_whose_answer_was_lost_is_found_again(self):
        self.mailjet.faults["start_import"] = [Fault(TIMEOUT, after_effect=True)]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count("start_import"), 1)
        self.assertSentOnce(mailing)

    def test_an_unreadable_list_of_refused_rows_is_asked_for_again(self):
        for text in ("<html><h1>Maintenance</h1></html>", "email,error\nbob@e"):
            self.setUp()
            self.mailjet.refused_emails = {"bob@example.com": "Invalid email"}
            self.mailjet.faults["get_errors"] = [Fault(answer(200, text))]
            mailing = self._make_mailing(self.people)
            self._send(mailing)
            self._run_later(minutes=2)
            self.assertSentOnce(mailing, EVERYONE - {"bob@example.com"})

    def test_an_incomplete_list_of_refused_rows_is_asked_for_again(self):
        refused = ("ann@example.com", "bob@example.com")
        self.mailjet.refused_emails = dict.fromkeys(refused, "Invalid email")
        cut = answer(200, "email,error\nbob@example.com,###Invalid email###email")
        self.mailjet.faults["get_errors"] = [Fault(cut)]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertSentOnce(mailing, EVERYONE - set(refused))

    # === WHAT MAILJET MAKES OF THEM === #

    def test_rows_that_mailjet_refuses_fail_alone(self):
        self.mailjet.refused_emails = {"bob@example.com": "Invalid email"}
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

    def test_no_departure_when_everyone_is_refused(self):
        self.mailjet.refused_emails = dict.fromkeys(EVERYONE, "Invalid email")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("every address", mailing.delivery_message)

    def test_no_departure_with_fewer_members_than_were_handed_over(self):
        mailing = self._make_mailing(self.people)
        self.mailjet.unsubscribed = {"ann@example.com"}
        self._send(mailing)
        for _look in range(13):
            self._run_later(minutes=1)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("expected: 3. Listed by Mailjet: 2", mailing.delivery_message)
        self.assertFalse(self.mailjet.departures)
        self.mailjet.unsubscribed = set()
        mailing.action_retry()
        self._run_cron()
        self.assertEqual(self.mailjet.count("upload"), 2)
        self.assertSentOnce(mailing)

    def test_a_running_import_is_waited_for(self):
        for status in ("Importing", "In Progress", "Pending"):
            self.mailjet.import_status = status
            mailing = self._make_mailing(self.people)
            self._send(mailing)
            self.assertEqual(
                (mailing.state, mailing.delivery_step), ("preparing", "upload")
            )
            self.assertFalse(self.mailjet.departures)
        self.mailjet.import_status = "Completed"
        self._run_later(minutes=1)
        self.assertEqual(len(self.mailjet.departures), 3)

    def test_an_import_that_mailjet_gives_up_can_be_retried(self):
        self.mailjet.import_status = "Error"
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.mailjet.import_status = "Completed"
        mailing.action_retry()
        self._run_cron()
        self.assertSentOnce(mailing)
