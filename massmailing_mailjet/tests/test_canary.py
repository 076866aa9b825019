from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools.sending_limits import find_excess
from .crowd_common import CrowdCase


@tagged("post_install", "-at_install")
class TestCanary(CrowdCase):
    """A mailing is sent to a small share first, and the rest waits for its result."""

    CROWD = 40

    def _make(self, **values):
        values = {"send_mode": "canary", "canary_share": 20, **values}
        return self._make_mailing(self.crowd, **values)

    def _report(self, campaign, count, name="bounced"):
        rows = self.env["mailjet.recipient"].search(
            [("campaign_id", "=", campaign.id)], limit=count
        )
        rows.sudo().write({f"{name}_date": fields.Datetime.now()})

    # === LIMITS === #

    def test_what_passes_a_limit(self):
        for counts, sent, expected in (
            ({}, 0, []),
            ({"bounced": 3}, 0, []),
            ({"bounced": 8}, 100, []),
            ({"bounced": 9}, 100, ["bounced"]),
            ({"bounced": 1}, 5, []),
            ({"blocked": 31, "bounced": 9}, 100, ["bounced", "blocked"]),
            ({"unsubscribed": 14}, 1000, []),
            ({"unsubscribed": 15}, 1000, ["unsubscribed"]),
            ({"complained": 2, "unsubscribed": 2}, 100, ["complained", "unsubscribed"]),
            ({"complained": 2}, 2500, []),
            ({"complained": 3}, 2500, ["complained"]),
        ):
            with self.subTest(sent=sent, **counts):
                self.assertEqual(find_excess(counts, sent), expected)

    # === THE FIRST SHARE === #

    def test_a_share_is_sent_first(self):
        mailing = self._make()
        first, rest = self._start(mailing)
        self.assertEqual((first.name, rest.name), ("First share", "Rest"))
        self.assertEqual((first.planned_count, rest.planned_count), (8, 32))
        self.assertEqual((first.state, rest.state), ("done", "preparing"))
        self.assertEqual(len(self._get_sent()), 8)
        self.assertIn("first share", mailing.get_progress()["label"])
        # It is ready to go.
        self.assertTrue(rest.mailjet_draft_id)

    def test_the_rest_follows_after_some_hours(self):
        mailing = self._make()
        first, rest = self._start(mailing)
        self._report(first, 1)
        self._run_later(hours=3)
        self.assertEqual(rest.state, "preparing")
        self.assertIn("unless the first share", mailing.get_canary()["status"])
        self._run_later(hours=1)
        self._go_on()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self._get_sent(), sorted(self.emails))
        self.assertFalse(mailing.canary_excess)
        canary = mailing.get_canary()
        self.assertEqual((canary["status"], canary["can_decide"]), ("", False))

    def test_a_scheduled_mailing(self):
        """The rest is not late, though the scheduled time has passed."""
        mailing = self._make()
        self._prepare(mailing)
        self.clock += timedelta(hours=1)
        self._strike()
        self._go_on()
        self.assertEqual(len(self._get_sent()), 8)
        self._run_later(hours=4)
        self._go_on()
        self.assertFalse(mailing.needs_confirmation)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self._get_sent(), sorted(self.emails))

    def test_limits_stop_the_rest(self):
        mailing = self._make()
        first, rest = self._start(mailing)
        self._report(first, 3)
        self._run_later(days=2)
        self._go_on()
        self.assertEqual(len(self._get_sent()), 8)
        self.assertTrue(rest.awaits_decision)
        self.assertIn("passed a limit", mailing.delivery_message)
        self.assertTrue(mailing.activity_ids)
        canary = mailing.get_canary()
        self.assertEqual(
            canary["excess"],
            [
                {
                    "name": "bounced",
                    "sentence": "Bounces: 3 of 8 emails, which is 37.50 % (limit: "
                    "8.00 %).",
                    "loads": ["3 from “Chosen”"],
                }
            ],
        )
        self.assertEqual((canary["waiting"], canary["can_decide"]), (32, True))

    def test_a_person_sends_the_rest(self):
        mailing = self._make()
        first, _rest = self._start(mailing)
        self._report(first, 3)
        self._run_later(hours=5)
        mailing.action_send_rest()
        self._go_on()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self._get_sent(), sorted(self.emails))
        self.assertFalse(mailing.activity_ids)
        with self.assertRefused("does not allow"):
            mailing.action_send_rest()

    def test_a_person_need_not_wait(self):
        mailing = self._make()
        self._start(mailing)
        mailing.action_send_rest()
        self._go_on()
        self.assertEqual(self._get_sent(), sorted(self.emails))

    def test_a_person_cancels_the_rest(self):
        mailing = self._make()
        first, rest = self._start(mailing)
        self._report(first, 3)
        self._run_later(hours=5)
        rest.with_user(self.user).action_cancel()
        self._go_on()
        self.assertFalse(rest.exists())
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(self._get_sent()), 8)
        self.assertFalse(mailing.get_canary()["can_decide"])
        # Why it was canceled stays to be read.
        self.assertEqual(len(mailing.get_canary()["excess"]), 1)

    def test_the_first_share_is_canceled(self):
        """There will be no result: the responsible learns that the rest waits for
        them, and nothing else takes that away."""
        mailing = self._make()
        first, rest = self._prepare(mailing)
        first.with_user(self.user).action_cancel()
        self._run_later(minutes=1)
        self.assertFalse(first.exists())
        (activity,) = mailing.activity_ids
        self.assertIn("no result", activity.summary)
        self.assertIn("canceled", mailing.get_canary()["status"])
        self._run_later(days=3)
        self._go_on()
        self.assertEqual(mailing.activity_ids, activity)
        self.assertFalse(self._get_sent())
        mailing.action_send_rest()
        self._go_on()
        self.assertFalse(mailing.activity_ids)
        self.assertEqual(len(self._get_sent()), 32)
        self.assertEqual(mailing.state, "done")

    def test_undoing_it_all_asks_nobody(self):
        mailing = self._make()
        self._prepare(mailing)
        mailing.action_cancel()
        self._go_on()
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(mailing.activity_ids)
        self.assertNotIn("no result", "".join(mailing.message_ids.mapped("body")))

    def test_whoever_unsubscribes_meanwhile_gets_nothing(self):
        mailing = self._make()
        _first, rest = self._start(mailing)
        gone = self.env["mailjet.recipient"].search(
            [("campaign_id", "=", rest.id)], limit=1
        )
        gone.partner_id.massmailing_unsubscribed = True
        self._run_later(hours=5)
        self._go_on()
        self.assertEqual(self._get_sent(), sorted({*self.emails} - {gone.email}))

    def test_who_they_are(self):
        mailing = self._make()
        first, rest = self._start(mailing)
        self._report(first, 3)
        self._report(rest, 1)
        action = mailing.action_view_canary("bounced")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.campaign_id, first)
        self.assertEqual(len(found), 3)
        with self.assertRefused("no such result"):
            mailing.action_view_canary("state")

    def test_a_small_mailing_has_a_first_share_too(self):
        mailing = self._make_mailing(self.people, send_mode="canary")
        first, rest = self._start(mailing)
        self.assertEqual((first.planned_count, rest.planned_count), (1, 2))

    def test_a_second_attempt_is_judged_anew(self):
        mailing = self._make()
        mailing.action_send()
        mailing.action_cancel()
        mailing.sudo().canary_date = fields.Datetime.now()
        self._start(mailing)
        self.assertGreater(mailing.canary_date, mailing.sent_date)
        self.assertEqual(len(self._get_sent()), 8)

    def test_others_cannot_decide(self):
        mailing = self._make()
        self._start(mailing)
        stranger = mailing.with_user(self._make_stranger())
        for act in (
            stranger.action_send_rest,
            stranger.get_canary,
            lambda: stranger.action_view_canary("bounced"),
        ):
            with self._undone(), self.assertRaises(AccessError):
                act()

    def test_settings_stay_once_it_is_sent(self):
        mailing = self._make()
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            mailing.canary_share = 50
