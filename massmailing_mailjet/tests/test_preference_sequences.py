from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..const import CAUSE_RANKS, PERSONAL_CAUSES
from .topic_common import NOW, TopicCase

KINDS = {"unsub": "unsubscribed", "spam": "complained", "hard": "bounced"}
DAYS = [None, 1, 3, 90]
MOVES = ["choose"] * 3 + ["user", "leave", "pause", "webhook", "pass_time", "forget"]
MOVES += ["blacklist", "unblacklist"]
moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.booleans(),
        st.sets(st.sampled_from([0, 1])),
        st.sampled_from(DAYS),
        st.sampled_from(sorted(KINDS)),
    ),
    min_size=3,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestPreferenceSequences(TopicCase):
    """Random acts of the recipient, of users, programs and Mailjet, against a model of
    three sets: nothing but an act of a person opts in, and a mailing follows."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moves)
    def test_what_is_told_is_what_was_chosen(self, moves):
        with self._undone():
            self._play(moves)

    def _play(self, moves):
        self.now = NOW
        self.clock.move_to(NOW)
        self.topics = [self.offers, self.events]
        self.causes, self.left, self.pauses = set(), set(), set()
        self.draft = self._make_mailing(self.people, topic_id=self.offers.id)
        for minute, (move, *choice) in enumerate(moves, 1):
            self.minute = minute
            getattr(self, f"_do_{move}")(*choice)
            self.assertTold()

    def assertTold(self):
        self.env.invalidate_all()
        self.pauses = {date for date in self.pauses if date > self.now}
        cause = max(self.causes, key=CAUSE_RANKS.get, default=None)
        names = {self.topics[number].name for number in self.left}
        until = max(self.pauses, default=None)
        self.assertEqual(self._read(), (cause, names, until))
        self.assertEqual(self.ann.massmailing_unsubscribed, bool(self.causes))
        if not self.causes:
            self.assertFalse(self.ann.is_blacklisted)
        reason = self._get_reason(cause, 0 in self.left, until)
        self.assertEqual(self._rows(self.draft)["ann@example.com"], reason)
        self.assertCountsAddUp(self.draft)

    def _get_reason(self, cause, has_left, until):
        """Return why a mailing on offers is not for Ann."""
        if cause not in PERSONAL_CAUSES:
            if has_left:
                return "left_topic"
            if until:
                return "paused"
        return cause or "send"

    def _get_date(self, days):
        return days and self.now + timedelta(days=days)

    # === ACTS === #

    def _do_choose(self, everything, left, days, _kind):
        topics = self.env["mailjet.topic"].union(*(self.topics[n] for n in left))
        self._choose(everything, topics, self._get_date(days))
        self.causes -= {"unsubscribed"}
        if everything:
            self.causes.add("unsubscribed")
        self.left = set(left)
        self.pauses = {self._get_date(days)} if days else set()

    def _do_user(self, everything, _left, _days, _kind):
        """A manager opts the contact out, or opts it in again, except for what is on
        Odoo's blacklist."""
        if everything or self.causes != {"blacklisted"}:
            self.ann.with_user(self.manager).massmailing_unsubscribed = everything
        if not everything:
            self.causes &= {"blacklisted"}
        elif not self.causes:
            self.causes.add("unsubscribed")

    def _do_leave(self, _everything, left, _days, _kind):
        self._leave(*(self.topics[number] for number in sorted(left)))
        self.left |= left

    def _do_pause(self, _everything, _left, days, _kind):
        if days:
            self._pause(self._get_date(days))
            self.pauses.add(self._get_date(days))

    def _do_webhook(self, _everything, _left, _days, kind):
        self._tell(self._event(kind, minutes=self.minute))
        self.causes.add(KINDS[kind])

    def _do_pass_time(self, _everything, _left, days, _kind):
        self.now += timedelta(days=days or 0)
        self.clock.move_to(self.now)
        self.env["mailjet.verdict"]._recompute_verdicts(self.draft)

    def _do_forget(self, everything, _left, _days, _kind):
        """Erase the address; it is still there, or is recalled at once."""
        self.store._forget(["ann@example.com"])
        if everything:
            self.store._recall(["ann@example.com"])

    def _do_blacklist(self, *_choice):
        self._get_blacklist()._add("ann@example.com")
        self.causes.add("blacklisted")

    def _do_unblacklist(self, *_choice):
        self._get_blacklist()._remove("ann@example.com")
        self.causes.discard("blacklisted")

    def _get_blacklist(self):
        return self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))
