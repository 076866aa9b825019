import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..models.delivery.turn import POLL_DELAYS, Turn


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

    def _count_waits(self, turn):
        waits = 0
        while turn.wait():
            waits += 1
            turn.start()
        return waits

    def test_the_first_turn_is_now(self):
        Turn(None).start()
        self.assertEqual(self.now, 100)

    def test_the_longer_it_waits_the_less_often_it_is_polled(self):
        self.assertEqual(self._count_waits(Turn(None)), len(POLL_DELAYS))
        self.assertAlmostEqual(self.now, 100 + sum(POLL_DELAYS))

    def test_time_that_others_take_counts(self):
        turn = Turn(None)
        turn.wait()
        self.now += 10
        turn.start()
        self.assertEqual(self.now, 110)

    def test_after_a_step_it_waits_for_a_short_time_again(self):
        turn = Turn(None)
        self._count_waits(turn)
        turn.forget_waits()
        self.assertTrue(turn.wait())

    def test_it_gives_way_once(self):
        turn = Turn(None)
        self.assertEqual([turn.give_way() for _time in range(3)], [True, False, False])
