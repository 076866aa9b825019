from odoo.tests import tagged

from ..tools.ab_test import CLEAR, FEW, UNCLEAR, find_best, get_interval, judge
from .ab_test_common import AbTestCase


@tagged("post_install", "-at_install")
class TestAbTestFigures(AbTestCase):
    """What the figures of an A/B test tell."""

    def test_the_interval_of_a_share(self):
        for count, total, low, high in (
            (0, 0, 0, 1),
            (0, 10, 0, 0.278),
            (10, 10, 0.722, 1),
            (5, 10, 0.237, 0.763),
            (100, 1000, 0.083, 0.120),
        ):
            with self.subTest(count=count, total=total):
                found = get_interval(count, total)
                self.assertAlmostEqual(found[0], low, delta=0.001)
                self.assertAlmostEqual(found[1], high, delta=0.001)

    def test_what_a_difference_tells(self):
        for results, best, verdict in (
            ({}, None, FEW),
            ({"a": (0, 0), "b": (0, 0)}, None, FEW),
            ({"a": (3, 10)}, "a", FEW),
            ({"a": (1, 10), "b": (3, 10)}, "b", FEW),
            ({"a": (0, 1000), "b": (0, 1000)}, "a", FEW),
            ({"a": (50, 1000), "b": (55, 1000)}, "b", UNCLEAR),
            ({"a": (50, 1000), "b": (90, 1000)}, "b", CLEAR),
            ({"a": (90, 1000), "b": (50, 1000), "c": (88, 1000)}, "a", UNCLEAR),
            # One of three is compared with two others: 5 % of chance are too much.
            ({"a": (100, 1000), "b": (128, 1000)}, "b", CLEAR),
            ({"a": (100, 1000), "b": (128, 1000), "c": (100, 1000)}, "b", UNCLEAR),
        ):
            with self.subTest(**results):
                self.assertEqual((find_best(results), judge(results)), (best, verdict))

    def test_the_figures_say_what_they_tell(self):
        mailing = self._make_test()
        first, second, _rest = self._start(mailing)
        self._click(second, 2)
        self._click(first, 1, "opened_date")
        test = mailing.get_ab_test()
        self.assertEqual([row["letter"] for row in test["rows"]], ["a", "b"])
        self.assertEqual([row["sent"] for row in test["rows"]], [4, 4])
        self.assertEqual([row["clicked"] for row in test["rows"]], [0, 2])
        self.assertEqual([row["opened"] for row in test["rows"]], [1, 0])
        self.assertEqual([row["rate"] for row in test["rows"]], [0, 0.5])
        self.assertIn("too few", test["verdict"])
        self.assertIn("will be chosen on", test["status"])
        self.assertEqual((test["waiting"], test["can_choose"]), (12, True))
        mailing.action_choose_winner("b")
        test = mailing.get_ab_test()
        self.assertIn("Version B was chosen by mailer", test["status"])
        self.assertIn("Version A: 0.0 %, Version B: 50.0 %", test["status"])
        self.assertEqual((test["winner"], test["can_choose"]), ("b", False))
