from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .mailjet import SEND
from .partition_common import NOTICE
from .portion_common import PortionCase

MOMENTS = {
    "before it is prepared": (2, 1, 12),
    "once Mailjet holds it": (2, 2, 8, 55),
}


@tagged("post_install", "-at_install")
class TestPortionsChange(PortionCase):
    """What a user does to one portion of a mailing; the others are sent as planned."""

    def _begin(self, *moment):
        """Send the first portion and come to a date; return the mailing and its
        campaigns."""
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self._come(2027, *moment)
        return mailing, campaigns

    def test_a_portion_on_hold_waits_until_it_is_released(self):
        for name, moment in MOMENTS.items():
            with self._case(name=name):
                self.clock = datetime(2027, 2, 1, 8)
                mailing, campaigns = self._begin(*moment)
                self.assertEqual(len(self.mailjet.scheduled), len(moment) // 4)
                self._act(campaigns[1], "hold")
                self._come(2027, 2, 3, 10)
                self.assertEqual(len(self.mailjet.sent), 2)
                self.assertFalse(campaigns[1].sent_date)
                self.assertFalse(campaigns[1].needs_confirmation)
                self.assertFalse(self.mailjet.scheduled)
                self.assertEqual(mailing.get_progress()["label"], "On hold")
                self._act(campaigns[1], "release")
                self._come(2027, 2, 3, 10, 30)
                self.assertEqual(len(self.mailjet.sent), 3)
                self.assertEqual(mailing.state, "done")
                self.assertEqual(len(set.union(*self.mailjet.sent)), 3)

    def test_a_portion_that_is_released_in_time_is_sent_at_its_date(self):
        _mailing, campaigns = self._begin(2, 2, 8, 55)
        self._act(campaigns[1], "hold")
        self._run_later(minutes=1)
        self._act(campaigns[1], "release")
        self.assertEqual(campaigns[1].schedule_date, datetime(2027, 2, 2, 9))
        self._come(2027, 2, 2, 9, 15)
        self.assertEqual(campaigns[1].state, "done")

    def test_nobody_who_unsubscribes_during_a_hold_gets_it(self):
        _mailing, campaigns = self._begin(2, 2, 8, 55)
        self._act(campaigns[1], "hold")
        self._go_on()
        row = self.env["mailjet.recipient"].search(
            [("campaign_id", "=", campaigns[1].id)]
        )
        row.partner_id.massmailing_unsubscribed = True
        self._act(campaigns[1], "release")
        self._come(2027, 2, 3, 10)
        self.assertNotIn(row.email_normalized, set.union(*self.mailjet.sent))

    def test_a_portion_is_moved(self):
        for name, moment in MOMENTS.items():
            with self._case(name=name):
                self.clock = datetime(2027, 2, 1, 8)
                mailing, campaigns = self._begin(*moment)
                self._act(campaigns[1], "move", "2027-02-02 10:00:00")
                self._come(2027, 2, 2, 9, 30)
                self.assertEqual(len(self.mailjet.sent), 1)
                self._come(2027, 2, 2, 10, 15)
                self.assertEqual(campaigns[1].sent_date, datetime(2027, 2, 2, 10))
                self._come(2027, 2, 3, 9, 15)
                self.assertEqual(mailing.state, "done")
                self.assertEqual(len(set.union(*self.mailjet.sent)), 3)

    def test_a_portion_is_canceled_and_its_recipients_are_left(self):
        for name, moment in MOMENTS.items():
            with self._case(name=name):
                self.clock = datetime(2027, 2, 1, 8)
                mailing, campaigns = self._begin(*moment)
                self._act(campaigns[1], "cancel")
                self._come(2027, 2, 3, 10)
                self.assertFalse(campaigns[1].exists())
                self.assertEqual((mailing.state, mailing.sent_count), ("done", 2))
                self.assertEqual(len(self.mailjet.sent), 2)
                self.assertEqual(mailing.get_follow_up_counts()["remaining"], 1)
                notes = " ".join(mailing.message_ids.mapped("body"))
                self.assertRegex(notes, "Portion 2 of 3: mailer.* canceled it: 1 email")

    def test_the_last_portions_can_be_canceled_one_by_one(self):
        self.env.company.mailjet_undo_minutes = 10
        mailing = self._make_portions()
        for campaign in self._start(mailing):
            self._act(campaign, "cancel")
        self._go_on()
        self.assertEqual((mailing.state, mailing.attempt), ("draft", 2))
        self.assertFalse(mailing.mailjet_campaign_ids)
        self.assertFalse(self.mailjet.sent)

    def test_the_withdrawal_comes_too_late(self):
        """Mailjet has begun to send the portion: it is followed, not sent again."""
        mailing, campaigns = self._begin(2, 2, 8, 55)
        self._act(campaigns[1], "move", "2027-02-02 12:00:00")
        self.clock = datetime(2027, 2, 2, 9, 1)
        self._strike()
        self._come(2027, 2, 3, 9, 15)
        self.assertEqual(mailing.state, "done")
        self.assertEqual([len(emails) for emails in self.mailjet.sent], [1, 1, 1])
        self.assertFalse(campaigns[1].is_kept or campaigns[1].is_on_hold)
        notes = " ".join(mailing.message_ids.mapped("body"))
        self.assertIn("could no longer be stopped", notes)

    @mute_logger(NOTICE)
    def test_the_draft_is_gone_when_a_portion_is_withdrawn(self):
        """It stops until a person has checked, and stays on hold."""
        mailing, campaigns = self._begin(2, 2, 8, 55)
        self.mailjet.put_away(None)
        self._act(campaigns[1], "hold")
        self._go_on()
        self.assertEqual(campaigns[1].state, "failed")
        self.assertEqual(campaigns[1].delivery_step, "draft")
        with freeze_time(self.clock):
            mailing.action_retry()
        self._come(2027, 2, 2, 10)
        self.assertEqual(len(self.mailjet.sent), 1)
        self._act(campaigns[1], "release")
        self._come(2027, 2, 3, 10)
        self.assertEqual([len(emails) for emails in self.mailjet.sent], [1, 1, 1])

    def test_the_whole_is_stopped_while_a_portion_is_withdrawn(self):
        mailing, campaigns = self._begin(2, 2, 8, 55)
        self._act(campaigns[1], "hold")
        mailing.action_cancel()
        self._come(2027, 2, 3, 10)
        self.assertEqual((mailing.state, len(self.mailjet.sent)), ("done", 1))
        self.assertEqual(mailing.mailjet_campaign_ids, campaigns[0])

    @mute_logger(NOTICE)
    def test_what_a_state_allows(self):
        mailing, campaigns = self._begin(2, 1, 12)
        self.assertEqual(campaigns[0]._get_actions(), [])
        self.assertEqual(campaigns[1]._get_actions(), ["hold", "move", "cancel"])
        self._act(campaigns[1], "hold")
        self.assertEqual(campaigns[1]._get_actions(), ["release", "move", "cancel"])
        self.mailjet.refuse(SEND, "Not today")
        self._act(campaigns[1], "release")
        self._act(campaigns[1], "move", self.clock + timedelta(minutes=5))
        self._come(2027, 2, 1, 13)
        self.assertEqual(campaigns[1].state, "failed")
        self.assertEqual(campaigns[1]._get_actions(), ["cancel"])
        for action in ("hold", "release"):
            with self.assertRefused("no longer possible"):
                self._act(campaigns[1], action)
        with self.assertRefused("no longer possible"):
            self._act(campaigns[0], "cancel")
        with self.assertRefused("in the future"):
            self._act(campaigns[2], "move", "2027-01-01 08:00:00")
        self._act(campaigns[1], "cancel")
        self._come(2027, 2, 3, 10)
        self.assertEqual(mailing.state, "done")

    def test_the_progress_says_what_it_waits_for(self):
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        progress = mailing.get_progress()
        self.assertRegex(progress["label"], r"Waiting until .*9:00")
        self.assertEqual(progress["percent"], 36)
        for campaign in campaigns[1:]:
            self._act(campaign, "hold")
        self.assertEqual(mailing.get_progress()["label"], "On hold")

    def test_the_only_campaign_of_a_mailing_is_not_a_part(self):
        mailing = self._make_mailing(self.people)
        with freeze_time(self.clock):
            mailing.action_schedule(datetime(2027, 2, 6, 12))
        campaign = mailing.sudo().mailjet_campaign_ids
        self.assertEqual(campaign._get_actions(), [])

    def test_who_may(self):
        _mailing, campaigns = self._begin(2, 1, 12)
        employee = new_test_user(self.env, "employee", "base.group_user")
        for user in (employee, self._make_stranger()):
            for action in ("hold", "release", "cancel"):
                with self.subTest(user=user.login, action=action):
                    with self.assertRaises(AccessError):
                        getattr(campaigns[1].with_user(user), f"action_{action}")()
        self.assertFalse(campaigns[1].is_on_hold)
