from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .feedback_common import SENT_AT
from .measuring_common import READER_IP, CompaniesCase
from .retention_common import RetentionCase

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
        st.integers(0, 1),
    ),
    min_size=3,
    max_size=14,
)
# Random acts seldom come in this order.
CLICK = ("click", ("click",), "refused", 0)
WITHDRAWN = [(act, ADDRESSES[0], *CLICK) for act in ("event", "apply", "choose")]


@tagged("post_install", "-at_install")
class TestMeasuringDoorSequences(CompaniesCase):
    """In whatever order events and choices come, nothing is found of an opening or a
    click that may not be measured, and what is said to one company leaves what another
    one has measured."""

    _age = RetentionCase._age

    def setUp(self):
        super().setUp()
        # Clicks are their last contacts.
        self._age(self.people)

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(["all", "unless_refused", "consent"]), moves)
    @example("all", WITHDRAWN)
    def test_random_orders(self, rule, acts):
        with self._undone():
            self._set_rule(rule)
            for minutes, (act, email, event, kinds, choice, number) in enumerate(
                acts, 1
            ):
                self._turn_to(number)
                if act == "event":
                    is_reaction = event in REACTIONS
                    make = self._react if is_reaction else self._event
                    self._receive(make(event, email, minutes))
                elif act == "apply":
                    self._apply()
                    self._list_prospects()
                elif act == "choose":
                    self._choose_alone(choice, email, kinds, number)
                else:
                    reported = [(email, "clicked", SENT_AT, "")]
                    self.env["mailjet.sync.message"]._apply(self.mailing, reported)
                    self.env.invalidate_all()
                self._check(rule)
            self._apply()
            self._check(rule)

    def _choose_alone(self, choice, email, kinds, number):
        """Choose, and check that the other company keeps what it has."""
        self._turn_to(1 - number)
        before = self._read_kept()
        self._turn_to(number)
        self._choose(choice, email, kinds, self.company)
        self._turn_to(1 - number)
        self.assertEqual(self._read_kept(), before)

    def _read_kept(self):
        events = self.env["mailjet.event"].search(
            [("mailjet_draft_id", "=", self.campaign.mailjet_draft_id)]
        )
        return self._read_trace(), set(events.ids)

    def _list_prospects(self):
        """List everyone with their last contact."""
        self.company.mailjet_retention_months = 0
        self.env["mailjet.retention"]._refresh_addresses(self.company, ADDRESSES)

    def _check(self, rule):
        measured = False
        prospects = self.env["mailjet.retention"].search(
            [("email", "in", ADDRESSES), ("contact_kind", "=", "click")]
        )
        clicked = self.env["mailjet.recipient"].search(
            [("email_normalized", "in", ADDRESSES), ("clicked_date", "!=", False)]
        )
        self.assertLessEqual(
            {*prospects.mapped("email")}, {*clicked.mapped("email_normalized")}
        )
        for number in (0, 1):
            self._turn_to(number)
            choices = self.store._get_choices(self.company, ADDRESSES)
            for email in ADDRESSES:
                kinds = [
                    kind
                    for kind, choice in choices[email].items()
                    if choice == "refused"
                    or (rule == "consent" and choice == "unknown")
                ]
                self.assertNothingMeasured(email, kinds)
                measured |= len(kinds) < 2
            self.assertFiguresAreRight()
        if not measured:
            self.assertEqual(self._find_address(READER_IP), [])
