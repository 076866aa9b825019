from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import DELIVERY_STEPS
from ..models import mailjet_delivery, mailjet_upload
from .common import EVERYONE, DeliveryCase
from .wire import BROKEN, TIMEOUT, TOO_MANY, UNREADABLE, Fault, answer, refusal, rows

ENGINE = "odoo.addons.massmailing_mailjet.models.mailjet_delivery"


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCase):
    """A mailing on its way through Mailjet, with everything that can go wrong."""

    # === THE STRAIGHT ROAD === #

    def test_a_mailing_is_sent(self):
        mailing = self._make_mailing(self.people, subject="$contacts-firstname$!")
        mailing.action_send()
        self.assertEqual((mailing.state, mailing.schedule_type), ("in_queue", "now"))
        self.assertFalse(self.mailjet.calls)
        self._run_cron()
        self.assertSentOnce(mailing)
        self.assertTrue(mailing.sent_date)
        self.assertEqual((mailing.sent_count, mailing.planned_count), (3, 3))
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(set(rows.mapped("status")), {"sent"})
        self.assertIn("E-mails sent: 3", "".join(mailing.message_ids.mapped("body")))

    def test_what_mailjet_is_told(self):
        mailing = self._make_mailing(
            self.people, subject="$contacts-firstname$!", reply_to="answers@example.com"
        )
        self._send(mailing)
        (draft,) = self.mailjet.drafts.values()
        self.assertEqual(draft["Subject"], '[[data:odoo_contacts_firstname:""]]!')
        self.assertEqual(draft["SenderEmail"], "news@example.com")
        self.assertEqual(draft["ReplyEmail"], "answers@example.com")
        self.assertEqual(draft["EditMode"], "html2")
        (content,) = self.mailjet.content.values()
        self.assertIn('[[data:odoo_contacts_firstname:"reader"]]', content["Html-part"])
        self.assertIn('[[data:odoo_contacts_firstname:"reader"]]', content["Text-part"])
        self.assertIn("[[UNSUB_LINK_EN]]", content["Html-part"])
        self.assertIn("[[PERMALINK]]", content["Html-part"])
        self.assertEqual(self.mailjet.properties, ["odoo_contacts_firstname"])
        ((_id, text),) = self.mailjet.data.items()
        self.assertEqual(
            text.splitlines(),
            [
                "email,odoo_contacts_firstname",
                "ann@example.com,Ann",
                "bob@example.com,Bob",
                "cat@example.com,Cat",
            ],
        )

    def test_code_keeps_its_bytes_between_what_is_added(self):
        code = "<HTML><Body>\r\n<p>caf\u00e9 &eacute; <br></P>\t</Body></HTML>"
        mailing = self._make_mailing(
            self.people, body_code=code, preview="First & best"
        )
        self._send(mailing)
        (content,) = self.mailjet.content.values()
        html = content["Html-part"]
        self.assertTrue(html.startswith("<HTML><Body><div"))
        self.assertIn("\r\n<p>caf\u00e9 &eacute; <br></P>\t", html)
        self.assertIn("First &amp; best", html)

    def test_the_visual_editors_body_gets_odoos_layout(self):
        body = '<p>Dear $contacts-firstname$ <img src="/web/image/1"></p>'
        mailing = self._make_mailing(self.people, composition="blank", body_html=body)
        self._send(mailing)
        (content,) = self.mailjet.content.values()
        html = content["Html-part"]
        self.assertIn("<!DOCTYPE html>", html)
        self.assertIn('Dear [[data:odoo_contacts_firstname:""]]', html)
        self.assertIn(f'src="{mailing.get_base_url()}/web/image/1"', html)

    def test_chunks(self):
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_upload, "UPLOAD_ROWS", 2):
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

    def test_chunks_are_handed_over_while_another_is_imported(self):
        self.mailjet.import_status = "Importing"
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_upload, "UPLOAD_ROWS", 1):
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

    def test_a_long_run_gives_way_after_each_step(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        steps = []
        with patch.object(mailjet_delivery, "RUN_SECONDS", 0):
            while mailing.state not in ("done", "failed"):
                steps.append(mailing.delivery_step)
                self._run_cron()
        self.assertEqual(set(steps), {name for name, _label in DELIVERY_STEPS})
        self.assertSentOnce(mailing)

    def test_the_engine_speaks_the_responsibles_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        self._send(self._make_mailing(self.people))
        (content,) = self.mailjet.content.values()
        self.assertIn("[[UNSUB_LINK_FR]]", content["Html-part"])

    # === WHO GETS IT === #

    def test_exclusions_are_checked_again_at_departure(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self.ann.massmailing_unsubscribed = True
        self._run_cron()
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})
        self.assertEqual(mailing.unsubscribed_count, 1)

    def test_who_unsubscribes_while_it_waits_is_taken_out(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        self.assertEqual(mailing.delivery_step, "schedule")
        self.ann.massmailing_unsubscribed = True
        self._run_later(minutes=2)
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})
        self.assertEqual(mailing.sent_count, 2)
        self.assertCountsAddUp(mailing)

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
        self.assertIn("Of 3 addresses, Mailjet lists 2", mailing.delivery_message)
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

    # === NEVER TWICE === #

    def test_any_fault_at_any_call_still_sends_once(self):
        """Each call goes wrong once, before or after it had its effect."""
        calls = [
            "get_lists",
            "create_list",
            "get_properties",
            "create_property",
            "upload",
            "get_jobs",
            "start_import",
            "get_import",
            "count_members",
            "get_drafts",
            "create_draft",
            "set_content",
            "get_content",
            "send_draft",
            "get_campaign",
        ]
        for call in calls:
            for response in (TIMEOUT, TOO_MANY, UNREADABLE):
                for after_effect in (False, True):
                    with self.subTest(
                        call=call, response=response, after_effect=after_effect
                    ):
                        self._check_one_departure(call, Fault(response, after_effect))

    def _check_one_departure(self, call, fault):
        self.setUp()
        self.mailjet.faults[call] = [fault]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertNotEqual(mailing.state, "failed", mailing.delivery_message)
        for _look in range(4):
            self._run_later(minutes=3)
        self.assertSentOnce(mailing)
        self.assertEqual(len(self.mailjet.lists), 1)
        self.assertEqual(len(self.mailjet.drafts), 1)

    def test_a_departure_without_answer_is_not_repeated_blindly(self):
        self.mailjet.faults["send_draft"] = [Fault(TIMEOUT, after_effect=True)]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "sending")
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count("send_draft"), 1)
        self.assertSentOnce(mailing)

    def test_a_departure_without_effect_is_repeated_after_a_quiet_period(self):
        self.mailjet.faults["send_draft"] = [Fault(TIMEOUT)]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count("send_draft"), 1)
        self._run_later(minutes=4)
        self.assertEqual(self.mailjet.count("send_draft"), 2)
        self.assertSentOnce(mailing)

    def test_who_unsubscribes_before_the_second_departure_is_taken_out(self):
        for trouble in (Fault(TIMEOUT), Fault(refusal("inactive sender"))):
            self.setUp()
            self.ann.massmailing_unsubscribed = False
            self.mailjet.faults["send_draft"] = [trouble]
            mailing = self._make_mailing(self.people)
            self._send(mailing)
            self.ann.massmailing_unsubscribed = True
            if mailing.state == "failed":
                mailing.action_retry()
            for _look in range(3):
                self._run_later(minutes=4)
            self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})

    def test_late_changes_of_records_never_drop_an_address(self):
        """Of two rows with one address, the other may become mailable after the list
        was made, or the one in the list stop to be so."""
        twin = self.ann.copy({"email": "ann@example.com"})
        for before, after in (
            ({twin: False, self.ann: True}, {twin: True}),
            ({twin: True, self.ann: True}, {self.ann: False}),
            ({twin: True, self.ann: True}, {twin: False}),
        ):
            self.setUp()
            (twin | self.ann).active = True
            mailing = self._make_mailing(self.people | twin)
            for partner, active in before.items():
                partner.active = active
            mailing.action_schedule(self.clock + timedelta(minutes=1))
            self._run_cron()
            for partner, active in after.items():
                partner.active = active
            self._run_later(minutes=2)
            self.assertSentOnce(mailing)

    def test_a_departure_is_asked_for_twice_at_most(self):
        self.mailjet.faults["send_draft"] = [Fault(TIMEOUT)] * 9
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(8):
            self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertEqual(self.mailjet.count("send_draft"), 2)
        mailing.action_cancel()
        self.assertEqual(mailing.state, "cancelled")

    def test_a_crash_between_announcement_and_call(self):
        """The worker dies after it committed its announcement: the next one asks."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        mailing.sudo().write(
            {
                "delivery_step": "departure",
                "departure_date": self.clock,
                "departure_count": 1,
                "state": "sending",
                "next_action_date": self.clock,
            }
        )
        self._run_later(minutes=1)
        self.assertEqual(self.mailjet.count("send_draft"), 0)
        self._run_later(minutes=5)
        self.assertSentOnce(mailing)

    def test_sending_twice_is_refused(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        for action in (
            mailing.action_send,
            lambda: mailing.action_schedule("2040-01-01"),
        ):
            with self.assertRefused("cannot be changed"):
                action()
        self._run_cron()
        self._run_cron()
        self.assertSentOnce(mailing)

    def test_a_campaign_of_a_copied_database_is_not_taken_for_ours(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        mailing.sudo().write({"state": "preparing", "delivery_step": "draft"})
        mailing.sudo().next_action_date = self.clock
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("already sent a campaign", mailing.delivery_message)
        self.assertEqual(len(self.mailjet.departures), 1)

    # === WHEN IT DOES NOT WORK === #

    def test_a_refusal_stops_the_mailing_and_tells_why(self):
        self.mailjet.faults["send_draft"] = [
            Fault(refusal("You need to specify a valid and active sender"))
        ]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("valid and active sender", mailing.delivery_message)
        self.assertIn(self.user.partner_id, mailing.message_ids.notified_partner_ids)
        self.assertFalse(mailing.departure_date)
        mailing.action_cancel()
        mailing.sender_email = "other@example.org"
        self._send(mailing)
        self.assertSentOnce(mailing)
        self.assertEqual(mailing.departure_count, 1)

    def test_keys_refused_at_the_departure_leave_a_mailing_that_can_be_mended(self):
        for status in (401, 403, 404):
            self.setUp()
            self.mailjet.faults["send_draft"] = [Fault(answer(status, ""))]
            mailing = self._make_mailing(self.people)
            self._send(mailing)
            self.assertEqual(mailing.state, "failed")
            self.assertFalse(mailing.departure_date)
            mailing.action_retry()
            self._run_cron()
            self.assertSentOnce(mailing)

    def test_content_that_mailjet_changes_is_not_sent(self):
        changed = rows({"Html-part": "<p>Other</p>", "Text-part": "Other"})
        self.mailjet.faults["get_content"] = [Fault(changed)] * 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        for _look in range(3):
            self._run_later(minutes=6)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("changes the content", mailing.delivery_message)

    def test_an_exclusion_job_that_fails_can_be_retried(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        self.ann.massmailing_unsubscribed = True
        self.mailjet.import_status = "Error"
        self._run_later(minutes=2)
        self.assertEqual(mailing.state, "failed")
        self.mailjet.import_status = "Completed"
        mailing.action_retry()
        self._run_later(minutes=1)
        self.assertSentOnce(mailing, EVERYONE - {"ann@example.com"})

    def test_wrong_keys_stop_the_mailing(self):
        self.mailjet.faults["get_lists"] = [Fault(answer(401, ""))]
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertEqual(mailing.state, "failed")
        self.assertIn("does not accept the keys", mailing.delivery_message)
        self.assertEqual(mailing.planned_count, 3)

    def test_mailjet_down_is_waited_for_with_growing_patience(self):
        self.mailjet.faults["get_lists"] = [Fault(BROKEN)] * 3
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        waits = []
        for _look in range(3):
            waits.append(mailing.next_action_date - self.clock)
            self.assertEqual(mailing.state, "preparing")
            self.assertIn("not available", mailing.delivery_message)
            self.clock = mailing.next_action_date
            self._run_later(seconds=1)
        self.assertEqual(waits, sorted(waits))
        self.assertSentOnce(mailing)

    @mute_logger(ENGINE)
    def test_a_broken_mailing_does_not_hold_up_the_next(self):
        broken, fine = (self._make_mailing(self.people, name=name) for name in "ab")
        broken.action_send()
        fine.action_send()
        self.env.flush_all()
        original = self.env.registry["mailjet.message"]._compose

        def compose(this, mailing):
            if mailing.id == broken.id:
                raise ZeroDivisionError
            return original(this, mailing)

        with patch.object(self.env.registry["mailjet.message"], "_compose", compose):
            self._run_cron()
        self.assertEqual((broken.state, fine.state), ("failed", "done"))
        self.assertIn("unexpected", broken.delivery_message)

    def test_the_quota_holds_a_mailing_back(self):
        self.account.write({"monthly_limit": 10, "sent_this_month": 8})
        mailing = self._make_mailing(self.people)
        with self.assertRefused("3 e-mails are planned, but only 2"):
            mailing.action_send()
        self.account.sent_this_month = 7
        mailing.action_send()
        self.account.sent_this_month = 8
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertFalse(self.mailjet.departures)

    def test_the_months_count_grows_with_the_mailing(self):
        self.account.sent_this_month = 5
        self._send(self._make_mailing(self.people))
        self.assertEqual(self.account.sent_this_month, 8)

    # === LATER, AND NOT AT ALL === #

    def test_a_scheduled_mailing_is_prepared_early_and_departs_at_its_hour(self):
        mailing = self._make_mailing(self.people)
        hour = self.clock + timedelta(hours=1)
        mailing.action_schedule(hour)
        self._run_cron()
        self.assertFalse(self.mailjet.calls)
        self._run_later(minutes=59)
        self.assertEqual(mailing.delivery_step, "schedule")
        self.assertFalse(self.mailjet.departures)
        self._run_later(minutes=1)
        self.assertSentOnce(mailing)
        trigger = self.env["ir.cron.trigger"].search(
            [("call_at", "=", hour.replace(microsecond=0))]
        )
        self.assertTrue(trigger)

    def test_cancelling_leaves_nothing_behind(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(minutes=1))
        self._run_cron()
        mailing.action_cancel()
        self.assertEqual(mailing.state, "cancelled")
        self._run_later(minutes=10)
        self.assertFalse(self.mailjet.departures)
        mailing.subject = "Changed"
        self._send(mailing)
        self.assertEqual(len(self.mailjet.lists), 2)
        self.assertSentOnce(mailing)

    def test_what_has_left_cannot_be_cancelled(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        with self.assertRefused("not in a state"):
            mailing.action_cancel()
        with self.assertRefused("not in a state"):
            mailing.action_retry()
