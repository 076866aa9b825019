import time
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..models.delivery.turn import POLL_DELAYS, Turn, Turns


@tagged("post_install", "-at_install")
class TestTurn(BaseCase):
    """When a campaign has its next turn within a run of the cron."""

    def setUp(self):
        super().setUp()
        self.now = 100.0
        for name, replacement in (
            ("monotonic", lambda: self.now),
            ("sleep", self._sleep),
        ):
            patcher = patch.object(time, name, replacement)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _sleep(self, seconds):
        self.now += seconds

    def _make_campaign(self, number, mailing, step="list"):
        return SimpleNamespace(
            id=number, mailing_id=SimpleNamespace(id=mailing), delivery_step=step
        )

    def _make_turn(self, step="list"):
        return Turn(self._make_campaign(1, 1, step))

    def _count_waits(self, turn):
        waits = 0
        while turn.wait():
            waits += 1
            turn.start()
        return waits

    def test_the_first_turn_is_now(self):
        self._make_turn().start()
        self.assertEqual(self.now, 100)

    def test_the_longer_it_waits_the_less_often_it_is_polled(self):
        self.assertEqual(self._count_waits(self._make_turn()), len(POLL_DELAYS))
        self.assertAlmostEqual(self.now, 100 + sum(POLL_DELAYS))

    def test_time_that_others_take_counts(self):
        turn = self._make_turn()
        turn.wait()
        self.now += 10
        turn.start()
        self.assertEqual(self.now, 110)

    def test_after_a_step_it_waits_for_a_short_time_again(self):
        turn = self._make_turn()
        self._count_waits(turn)
        turn.forget_waits()
        self.assertTrue(turn.wait())

    def test_a_stage_is_entered_once(self):
        turn = self._make_turn("content")
        steps = ["content", "recheck", "send", "recheck", "follow", "draft", "follow"]
        self.assertEqual(
            [step for step in steps if turn.enter(step)], ["recheck", "follow"]
        )

    def test_a_later_run_goes_on_with_the_stage(self):
        self.assertFalse(self._make_turn("send").enter("recheck"))
        self.assertFalse(self._make_turn("follow").enter("follow"))
        self.assertTrue(self._make_turn("unschedule").enter("follow"))

    # === SEVERAL CAMPAIGNS === #

    def _play(self, *campaigns, deeds, seconds=0):
        """Return in which order campaigns have their turns.

        :param dict deeds: what each campaign does in its turns, one after the other: a
            step that it enters, or ``wait``; after the last one it leaves the run
        :param seconds: how long each turn takes
        """
        turns, order = Turns(campaigns), []
        left = {number: iter(these) for number, these in deeds.items()}
        while turn := turns.take():
            turn.start()
            self._sleep(seconds)
            number = turn.campaign.id
            order.append(number)
            deed = next(left[number], None)
            if deed:
                self.assertTrue(turn.wait() if deed == "wait" else turn.enter(deed))
                turns.put_back(turn)
        return order

    def test_the_campaigns_of_a_mailing_are_sent_together(self):
        one, two = (self._make_campaign(number, mailing=1) for number in (1, 2))
        deeds = {1: ["recheck", "follow"], 2: ["wait", "wait", "recheck", "follow"]}
        order = self._play(one, two, deeds=deeds)
        self.assertEqual(order, [1, 2, 2, 2, 1, 2, 1, 2])

    def test_those_of_other_mailings_are_not_waited_for(self):
        one, two = (self._make_campaign(number, mailing=number) for number in (1, 2))
        deeds = {1: ["recheck", "follow"], 2: ["wait", "wait", "recheck", "follow"]}
        order = self._play(two, one, deeds=deeds)
        self.assertEqual(order, [2, 1, 1, 1, 2, 2, 2, 2])

    def test_a_campaign_that_leaves_the_run_is_not_waited_for(self):
        one, two = (self._make_campaign(number, mailing=1) for number in (1, 2))
        self.assertEqual(self._play(one, two, deeds={1: ["recheck"], 2: []}), [1, 2, 1])

    def test_the_others_have_their_turns_while_one_waits(self):
        one, two = (self._make_campaign(number, mailing=1) for number in (1, 2))
        self.assertEqual(
            self._play(one, two, deeds={1: ["wait"], 2: ["wait"]}), [1, 2, 1, 2]
        )

    def test_none_is_polled_while_another_has_more_to_do(self):
        campaigns = [self._make_campaign(number, mailing=1) for number in (1, 2, 3)]
        deeds = {1: ["wait", "wait"], 2: ["wait"], 3: ["wait"]}
        order = self._play(*campaigns, deeds=deeds, seconds=0.06)
        self.assertEqual(order, [1, 2, 3, 1, 2, 3, 1])
