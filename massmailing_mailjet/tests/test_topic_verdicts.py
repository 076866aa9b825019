from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EVERYONE, DeliveryCase

ANN = "ann@example.com"


@tagged("post_install", "-at_install")
class TestTopicVerdicts(DeliveryCase):
    """Who is excluded by having left the topic of a mailing, or everything for a
    while."""

    def setUp(self):
        super().setUp()
        self.offers, self.events = self.env["mailjet.topic"].create(
            [{"name": "Offers"}, {"name": "Events"}]
        )
        self.store = self.env["mailjet.consent"].sudo()

    def _make(self, topic=None, **values):
        """Return a mailing of a topic, by default the offers."""
        topic = self.offers if topic is None else topic
        return self._make_mailing(self.people, topic_id=topic.id, **values)

    def _opt_out(self, email=ANN, **values):
        now = fields.Datetime.now()
        opt_out = {"email": email, "cause": "unsubscribed", "date": now, **values}
        self.store._opt_out([opt_out], "program")

    def _leave(self, topic, email=ANN):
        self._opt_out(email, topic_id=topic.id)

    def _pause(self, email=ANN, **delta):
        until_date = fields.Datetime.now() + timedelta(**delta)
        self._opt_out(email, cause="paused", until_date=until_date)

    def _reason(self, mailing, email=ANN):
        self.env.invalidate_all()
        return self._rows(mailing)[email]

    # === REASONS === #

    def test_who_left_the_topic_is_excluded(self):
        self._leave(self.offers)
        for topic, reason in (
            (self.offers, "left_topic"),
            (self.events, "send"),
            (self.events.browse(), "send"),
        ):
            mailing = self._make(topic)
            self.assertEqual(self._reason(mailing), reason)
            self.assertEqual(mailing.left_topic_count, int(reason == "left_topic"))
            self.assertCountsAddUp(mailing)

    def test_who_pauses_is_excluded_from_everything(self):
        self._pause(days=90)
        for topic in (self.offers, self.events, self.events.browse()):
            mailing = self._make(topic)
            self.assertEqual(self._reason(mailing), "paused")
            self.assertEqual(mailing.paused_count, 1)
            self.assertCountsAddUp(mailing)

    def test_the_order_of_the_reasons(self):
        mailing = self._make()
        steps = {
            "paused": lambda: self._pause(days=9),
            "left_topic": lambda: self._leave(self.offers),
            "unsubscribed": lambda: self._opt_out(),
            "complained": lambda: self._opt_out(cause="complained"),
        }
        self._opt_out(cause="bounced")
        self.assertEqual(self._reason(mailing), "bounced")
        for reason, act in steps.items():
            act()
            self.assertEqual(self._reason(mailing), reason)
        self.assertCountsAddUp(mailing)

    def test_a_mailing_in_preparation_follows(self):
        mailing = self._make()
        self._leave(self.offers)
        self.assertEqual(self._reason(mailing), "left_topic")
        self.store._change_by_recipient(
            ANN, self.env.company, False, {self.events.id}, None, {"mailing_id": None}
        )
        self.assertEqual(self._reason(mailing), "send")
        mailing.topic_id = self.events
        self.assertEqual(self._reason(mailing), "left_topic")
        mailing.topic_id = False
        self.assertEqual(self._reason(mailing), "send")
        self.assertCountsAddUp(mailing)

    def test_several_mailings_at_once(self):
        mailings = [
            self._make(topic) for topic in (self.offers, self.events, self.offers)
        ]
        self._leave(self.offers)
        self._leave(self.events, "bob@example.com")
        self.assertEqual(
            [
                (self._reason(mailing), self._reason(mailing, "Bob@Example.com"))
                for mailing in mailings
            ],
            [("left_topic", "send"), ("send", "left_topic"), ("left_topic", "send")],
        )
        for mailing in mailings:
            self.assertCountsAddUp(mailing)

    def test_a_pause_that_is_over_includes_again(self):
        self._pause(minutes=30)
        mailing = self._make()
        mailing.action_go_to_step("recipients")
        self.assertEqual(self._reason(mailing), "paused")
        self.env.cr.execute(
            "UPDATE mailjet_consent SET until_date = until_date - interval '30 minutes'"
            " WHERE until_date IS NOT NULL"
        )
        mailing.action_go_to_step("sending")
        self.assertEqual(self._reason(mailing), "send")

    def test_an_erased_address_stays_excluded(self):
        self._leave(self.offers)
        self._pause("bob@example.com", days=9)
        self.store._forget([ANN, "bob@example.com"])
        mailing = self._make()
        self.assertEqual(self._reason(mailing), "left_topic")
        self.assertEqual(self._reason(mailing, "Bob@Example.com"), "paused")

    def test_what_the_rows_say(self):
        self._leave(self.offers)
        self._pause("bob@example.com", days=9)
        mailing = self._make()
        row = self._row(mailing, self.ann)
        self.assertRegex(
            row.verdict_text, r"^Unsubscribed from this topic on \d\d/\d\d/\d{4}$"
        )
        row = self._row(mailing, self.bob)
        self.assertRegex(row.verdict_text, r"^Paused until \d\d/\d\d/\d{4}$")

    # === SENDING === #

    def test_who_leaves_the_topic_while_it_waits_is_taken_out(self):
        for act in (
            lambda: self._leave(self.offers),
            lambda: self._pause(days=9),
        ):
            with self._case():
                mailing = self._make(preview="Hello")
                mailing.action_schedule(self.clock + timedelta(minutes=1))
                self._run_cron()
                self.assertEqual(mailing.delivery_step, "schedule")
                act()
                self._run_later(minutes=2)
                self.assertSentOnce(mailing, EVERYONE - {ANN})
                self.assertCountsAddUp(mailing)

    def test_the_topic_of_what_was_sent_stays(self):
        mailing = self._make()
        self._send(mailing)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            mailing.topic_id = self.events

    # === CHOOSING === #

    def test_a_topic_must_be_chosen_once_there_are_some(self):
        mailing = self._make(self.events.browse())
        with self.assertRefused("The topic is missing"):
            mailing.action_send()
        (self.offers | self.events).active = False
        mailing.action_send()

    def test_the_only_topic_is_chosen(self):
        self.assertFalse(self._make_mailing().topic_id)
        self.events.active = False
        self.assertEqual(self._make_mailing().topic_id, self.offers)
        self.events.active = True
        self.assertFalse(self._make_mailing().topic_id)

    def test_a_topic_of_another_company_is_refused(self):
        company = self._make_stranger().company_id
        theirs = self.env["mailjet.topic"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        with self.assertRaises(UserError):
            self._make(theirs)

    def test_copies_and_follow_ups_keep_the_topic(self):
        mailing = self._make()
        self.assertEqual(mailing.copy().topic_id, self.offers)
        self._send(mailing)
        mailing.action_resend()
        reminder = self.env["mailjet.mailing"].search([("origin_id", "=", mailing.id)])
        self.assertEqual(reminder.topic_id, self.offers)

    def test_a_topic_of_a_mailing_is_kept(self):
        self._make().active = False
        with self.assertRaisesRegex(UserError, "archive"):
            self.offers.unlink()

    def test_a_mailing_that_asks_is_about_no_topic(self):
        """Not even where the company has only one."""
        self.events.unlink()
        Mailing = self.env["mailjet.mailing"].with_user(self.user)
        action = Mailing._make_ready_mailing("measuring", account_id=self.account.id)
        mailing = Mailing.browse(action["res_id"])
        self.assertFalse(mailing.topic_id)
        mailing._assert_steps(["details"])
