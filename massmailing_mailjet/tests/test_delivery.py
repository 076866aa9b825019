from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..const import DELIVERY_STEPS
from ..models.delivery import mailjet_campaign_send, mailjet_delivery
from ..tools.property_values import HTML
from .common import EVERYONE, DeliveryCase


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCase):
    """A mailing on its way through Mailjet, when all is well."""

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
        self.assertIn(
            "sent to 3 recipients", "".join(mailing.message_ids.mapped("body"))
        )

    def test_calls_to_mailjet(self):
        mailing = self._make_mailing(
            self.people, subject="$contacts-firstname$!", reply_to="answers@example.com"
        )
        self._send(mailing)
        (draft,) = self.mailjet.drafts
        plain = self._property("$contacts-firstname$")
        other = self._property("$contacts-firstname$", number=2)
        in_html = self._property("$contacts-firstname$", HTML)
        self.assertEqual(draft["subject"], f'[[data:{plain}:" "]]!')
        self.assertEqual(draft["sender_email"], "news@example.com")
        self.assertEqual(draft["reply_email"], "answers@example.com")
        self.assertEqual(draft["edit_mode"], "html2")
        self.assertIn(f'[[data:{in_html}:"reader"]]', draft["html"])
        self.assertIn(f'[[data:{other}:"reader"]]', draft["text"])
        self.assertIn("[[UNSUB_LINK_EN]]", draft["html"])
        self.assertIn("[[PERMALINK]]", draft["html"])
        properties = self.mailjet.ask("GET", "contactmetadata")
        link = self._preferences_property()
        names = {plain, other, in_html, link}
        self.assertEqual({row["Name"] for row in properties}, names)
        (text,) = self.mailjet.uploads
        ann, bob, cat = (self._get_token(self._row(mailing, r)) for r in self.people)
        self.assertEqual(
            text.splitlines(),
            [
                f"email,{plain},{other},{in_html},{link}",
                f"ann@example.com,Ann,Ann,Ann,{ann}",
                f"bob@example.com,Bob,Bob,Bob,{bob}",
                f"cat@example.com,Cat,Cat,Cat,{cat}",
            ],
        )

    def test_code_keeps_its_bytes_between_what_is_added(self):
        code = "<HTML><Body>\r\n<p>caf\u00e9 &eacute; <br></P>\t</Body></HTML>"
        mailing = self._make_mailing(
            self.people, body_code=code, preview="First & best"
        )
        self._send(mailing)
        (html,) = self.mailjet.column("SELECT html FROM draft")
        self.assertTrue(html.startswith("<HTML><Body><div"))
        self.assertIn("\r\n<p>caf\u00e9 &eacute; <br></P>\t", html)
        self.assertIn("First &amp; best", html)

    def test_the_visual_editors_body_gets_odoos_layout(self):
        body = '<p>Dear $contacts-firstname$ <img src="/web/image/1"></p>'
        mailing = self._make_mailing(self.people, composition="blank", body_html=body)
        self._send(mailing)
        (html,) = self.mailjet.column("SELECT html FROM draft")
        self.assertIn("<!DOCTYPE html>", html)
        name = self._property("$contacts-firstname$", HTML)
        self.assertIn(f'Dear [[data:{name}:"&#32;"]]', html)
        self.assertIn(f'src="{mailing.get_base_url()}/web/image/1"', html)

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

    def test_many_rows_are_confirmed_in_another_run(self):
        mailing = self._make_mailing(self.people)
        with patch.object(mailjet_campaign_send, "FEW_ROWS", 2):
            self._send(mailing)
        self.assertEqual(mailing.state, "sending")
        self.assertEqual(len(self.mailjet.sent), 1)
        self._run_cron()
        self.assertSentOnce(mailing)

    def test_a_run_keeps_one_connection_for_each_account(self):
        mailings = [self._make_mailing(self.people) for _number in range(2)]
        for mailing in mailings:
            mailing.action_send()
        self._run_cron()
        self.assertEqual({mailing.state for mailing in mailings}, {"done"})
        self.assertEqual(len(self.mailjet.sessions), 1)

    def test_the_engine_speaks_the_responsibles_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        self._send(self._make_mailing(self.people))
        (html,) = self.mailjet.column("SELECT html FROM draft")
        self.assertIn("[[UNSUB_LINK_FR]]", html)

    # === WHO GETS IT === #

    def test_exclusions_are_checked_again_at_sending(self):
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

    # === LATER, AND NOT AT ALL === #

    def test_a_scheduled_mailing_is_prepared_early_and_is_sent_at_its_hour(self):
        mailing = self._make_mailing(self.people)
        hour = self.clock + timedelta(hours=1)
        mailing.action_schedule(hour)
        self._run_cron()
        self.assertFalse(self.mailjet.calls)
        self._run_later(minutes=59)
        self.assertEqual(mailing.delivery_step, "schedule")
        self.assertFalse(self.mailjet.sent)
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
        self.assertEqual(mailing.state, "draft")
        self._run_later(minutes=10)
        self.assertFalse(self.mailjet.sent)
        mailing.subject = "Changed"
        self._send(mailing)
        self.assertEqual(len(self.mailjet.lists), 2)
        self.assertSentOnce(mailing)

    def test_what_has_left_cannot_be_cancelled(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        with self.assertRefused("does not allow this"):
            mailing.action_cancel()
        with self.assertRefused("does not allow this"):
            mailing.action_retry()
