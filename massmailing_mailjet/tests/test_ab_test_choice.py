from odoo.exceptions import AccessError
from odoo.tests import tagged

from .ab_test_common import AbTestCase


@tagged("post_install", "-at_install")
class TestAbTestChoice(AbTestCase):
    """A person chooses the version that the others get."""

    def test_all_versions_are_canceled(self):
        """Nobody gets a winner that was never tried, until a person chooses it."""
        mailing = self._make_test()
        first, second, rest = self._prepare(mailing)
        first.with_user(self.user).action_cancel()
        self._run_later(minutes=1)
        self.assertFalse(mailing.activity_ids)
        second.with_user(self.user).action_cancel()
        self._run_later(minutes=1)
        self.assertIn("no result", mailing.activity_ids.summary)
        test = mailing.get_ab_test()
        self.assertIn("canceled", test["status"])
        self.assertEqual([row["letter"] for row in test["rows"]], ["a", "b"])
        self.assertTrue(test["can_choose"])
        self._strike_at(days=3)
        self.assertEqual(rest.state, "in_queue")
        mailing.action_choose_winner("b")
        self._go_on()
        self.assertFalse(mailing.activity_ids)
        self.assertEqual(len(self._get_sent()), 12)
        self.assertEqual(rest.frozen_subject, "Version B")

    def test_a_user_chooses_at_any_time(self):
        mailing = self._make_test(ab_criterion="manual")
        *_tested, rest = self._start(mailing)
        self._run_later(days=9)
        self.assertEqual((rest.state, mailing.ab_winner), ("in_queue", False))
        mailing.action_choose_winner("b")
        self._go_on()
        self.assertEqual(rest.frozen_subject, "Version B")
        self.assertEqual(mailing.ab_decided_by_id, self.user)
        self.assertEqual(self._get_sent(), sorted(self.emails))
        with self.assertRefused("does not allow"):
            mailing.action_choose_winner("a")

    def test_the_responsible_is_asked_to_choose_once(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        self.assertIn("figures are ready on", mailing.get_ab_test()["status"])
        self._run_later(hours=3)
        self.assertFalse(mailing.activity_ids)
        self._run_later(hours=1)
        self.assertIn("choose", mailing.activity_ids.summary)
        self.assertEqual(mailing.activity_ids.user_id, self.user)
        self.assertIn("test is over", mailing.get_ab_test()["status"])
        self._run_later(days=2)
        self._go_on()
        asked = mailing.message_ids.filtered(lambda note: "choose" in note.body)
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.partner_ids, self.user.partner_id)
        self.assertEqual(len(mailing.activity_ids), 1)
        mailing.action_choose_winner("b")
        self.assertFalse(mailing.activity_ids)

    def test_a_choice_before_the_hours_are_over_asks_nobody(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        mailing.action_choose_winner("b")
        self._run_later(hours=5)
        self._go_on()
        self.assertFalse(mailing.activity_ids)
        self.assertEqual(mailing.state, "done")

    def test_nobody_is_asked_to_choose_once_the_rest_is_canceled(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        self._run_later(hours=5)
        self.assertTrue(mailing.activity_ids)
        mailing.action_cancel()
        self.assertFalse(mailing.activity_ids)

    def test_the_winner_is_chosen_once(self):
        mailing = self._make_test()
        self._start(mailing)
        with self.assertRefused("cannot be sent"):
            mailing.action_choose_winner("c")
        mailing.action_choose_winner("a")
        with self.assertRefused("chosen already"):
            mailing.action_choose_winner("b")
        self._run_later(hours=5)
        self._go_on()
        self.assertEqual(mailing.ab_winner, "a")
        self.assertEqual(self._get_sent(), sorted(self.emails))

    def test_others_cannot_choose(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        stranger = self._make_stranger()
        for act in (
            lambda: mailing.with_user(stranger).action_choose_winner("a"),
            lambda: mailing.with_user(stranger).get_ab_test(),
        ):
            with self._undone(), self.assertRaises(AccessError):
                act()
