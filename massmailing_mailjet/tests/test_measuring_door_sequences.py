from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .feedback_common import SENT_AT
from .measuring_common import READER_IP, MeasuringCase

ADDRESSES = ["ann@example.com", "bob@example.com"]
MOVES = ["event", "event", "event", "apply", "apply", "choose", "choose", "sync"]
EVENTS = ["open", "machine", "click", "other click", "scan", "sent", "hard", "unsub"]
REACTIONS = {"open", "machine", "click", "other click", "scan"}
moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.sampled_from(ADDRESSES),
        st.sampled_from(EVENTS),
        st.sampled_from([("open",), ("click",), ("open", "click")]),
        st.sampled_from(["granted", "refused"]),
    ),
    min_size=3,
    max_size=14,
)


@tagged("post_install", "-at_install")
class TestMeasuringDoorSequences(MeasuringCase):
    """In whatever order events and choices come, nothing is found of an opening or a
    click that may not be measured."""

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(["all", "unless_refused", "consent"]), moves)
    def test_random_orders(self, rule, acts):
        with self._undone():
            self._set_rule(rule)
            for minutes, (act, email, event, kinds, choice) in enumerate(acts, 1):
                if act == "event":
                    is_reaction = event in REACTIONS
                    make = self._react if is_reaction else self._event
                    self._receive(make(event, email, minutes))
                elif act == "apply":
                    self._apply()
                elif act == "choose":
                    self._choose(choice, email, kinds)
                else:
                    reported = [(email, "clicked", SENT_AT, "")]
                    self.env["mailjet.sync.message"]._apply(self.mailing, reported)
                    self.env.invalidate_all()
                self._check(rule)
            self._apply()
            self._check(rule)
            self.assertFiguresAreRight()

    def _check(self, rule):
        choices = self.store._get_choices(ADDRESSES)
        measured = False
        for email in ADDRESSES:
            kinds = [
                kind
                for kind, choice in choices[email].items()
                if choice == "refused" or (rule == "consent" and choice == "unknown")
            ]
            self.assertNothingMeasured(email, kinds)
            measured |= len(kinds) < 2
        if not measured:
            self.assertEqual(self._find_address(READER_IP), [])
