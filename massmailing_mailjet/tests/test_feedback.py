from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..const import RECIPIENT_STATUSES
from .feedback_common import KINDS, SENT_AT, FeedbackCase

# The status that a row has after an event, by the status that it had before.
AFTER = {
    "sent": {"blocked": "sent", "outgoing": "sent", "failed": "sent"},
    "open": dict.fromkeys(
        ["outgoing", "sent", "bounced", "blocked", "failed"], "opened"
    ),
    "machine": {},
    "click": dict.fromkeys(
        ["outgoing", "sent", "opened", "bounced", "blocked", "failed"], "clicked"
    ),
    "scan": {},
    "hard": dict.fromkeys(["outgoing", "sent", "blocked", "failed"], "bounced"),
    "soft": dict.fromkeys(["outgoing", "blocked", "failed"], "bounced"),
    "blocked": {"outgoing": "blocked", "failed": "blocked"},
    "spam": dict.fromkeys(
        "outgoing sent opened clicked bounced blocked unsubscribed failed".split(),
        "complained",
    ),
    "unsub": dict.fromkeys(
        "outgoing sent opened clicked bounced blocked failed".split(), "unsubscribed"
    ),
}
# How a row comes to a status before that.
BEFORE = {
    "sent": ["sent"],
    "opened": ["open"],
    "clicked": ["click"],
    "bounced": ["hard"],
    "blocked": ["blocked"],
    "complained": ["spam"],
    "unsubscribed": ["unsub"],
}

events = st.lists(
    st.tuples(
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["ann", "bob"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=10,
)


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCase):
    """What becomes of recipients when events come in."""

    def test_every_event_on_every_status(self):
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        starts = [name for name, _label in RECIPIENT_STATUSES if name != "pending"]
        for kind, after in AFTER.items():
            for start in starts:
                with self.subTest(event=kind, start=start):
                    savepoint = self.env.cr.savepoint(flush=True)
                    if start in BEFORE:
                        self._tell(
                            *(self._event(step, minutes=2) for step in BEFORE[start])
                        )
                    else:
                        ann.status = start
                        self.mailing._update_counts()
                    self.assertEqual(ann.status, start)
                    self._tell(self._event(kind, minutes=3))
                    self.assertEqual(ann.status, after.get(start, start))
                    self.assertFiguresAreRight()
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_every_event_fills_its_own_date(self):
        dates = {
            "sent": "delivered_date",
            "open": "opened_date",
            "click": "clicked_date",
            "hard": "bounced_date",
            "blocked": "blocked_date",
            "spam": "complained_date",
            "unsub": "unsubscribed_date",
        }
        for number, kind in enumerate(reversed(dates), start=1):
            self._tell(self._event(kind, minutes=number))
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        for number, kind in enumerate(reversed(dates), start=1):
            with self.subTest(kind):
                expected = SENT_AT + timedelta(minutes=number)
                if kind in ("sent", "open"):
                    continue  # proved earlier by what came before
                self.assertEqual(ann[dates[kind]], expected)
        self.assertEqual(ann.delivered_date, SENT_AT + timedelta(minutes=1))
        self.assertEqual(ann.opened_date, SENT_AT + timedelta(minutes=5))
        self.assertEqual(ann.last_opened_date, SENT_AT + timedelta(minutes=6))

    def test_a_row_that_was_not_mailed_learns_nothing(self):
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        ann.status = "pending"
        self._tell(self._event("open"))
        self.assertEqual(ann.status, "pending")
        self.assertFalse(ann.opened_date)
        event = self.env["mailjet.event"].search([])
        self.assertEqual(
            (event.state, event.reason), ("unmatched", "unknown_recipient")
        )

    def test_two_bounces_of_one_second_are_both_stored(self):
        """The worse one counts, whichever comes first."""
        for kinds in (("hard", "soft"), ("soft", "hard")):
            with self.subTest(kinds), self._undone():
                for kind in kinds:
                    self._tell(self._event(kind))
                self.assertEqual(self._row(self.mailing, self.ann).bounce_type, "hard")

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events, st.randoms(use_true_random=False))
    def test_any_order_and_repetition_comes_to_the_same(self, reported, random):
        objects = [
            self._event(kind, f"{name}@example.com", minutes)
            for kind, name, minutes in reported
        ]
        shuffled = objects + random.choices(objects, k=len(objects))
        random.shuffle(shuffled)
        once = self._play([objects])
        cuts = sorted(random.randint(0, len(shuffled)) for _cut in range(3))
        groups = [
            shuffled[start:end]
            for start, end in zip([0, *cuts], [*cuts, None], strict=True)
        ]
        self.assertEqual(self._play(groups), once)

    def _play(self, groups):
        """Return what is known after these groups, and forget it."""
        with self._undone():
            for group in groups:
                self._tell(*group)
                self.assertFiguresAreRight()
            return self._read_trace()

    def test_machines_are_counted_apart(self):
        self._tell(
            self._event("machine"),
            self._event("scan", "bob@example.com"),
            self._event("open", "bob@example.com"),
        )
        self.assertEqual(self.mailing.machine_opened_count, 1)
        self.assertEqual(self.mailing.opened_count, 1)
        self.assertEqual(self.mailing.clicked_count, 0)
        self.assertFalse(self.mailing.link_ids)

    def test_the_reason_of_a_bounce_is_shown_in_words(self):
        known = ("user unknown", "The address does not exist.")
        cases = [
            ({}, known),
            ({"error": "moon in the wrong house"}, ["moon in the wrong house"] * 2),
            ({"error": "new word", "comment": "550 5.1.1 no"}, ["550 5.1.1 no"] * 2),
            ({"hard_bounce": "true"}, known),
        ]
        for values, (code, words) in cases:
            with self.subTest(values):
                savepoint = self.env.cr.savepoint(flush=True)
                self._tell(self._event("hard", "bob@example.com", **values))
                bob = self._recipients().filtered(lambda r: r.partner_id == self.bob)
                self.assertEqual((bob.bounce_type, bob.bounce_reason), ("hard", code))
                self.assertEqual(bob.bounce_reason_text, words)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_everyone_reads_why_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["massmailing_mailjet"], ["fr_FR"]
        )
        self.account.company_id.partner_id.lang = "fr_FR"
        self._receive(self._event("hard", "bob@example.com"))
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        bob = self._recipients().filtered(lambda row: row.partner_id == self.bob)
        self.assertEqual(bob.bounce_reason, "user unknown")
        words = {
            lang: bob.with_context(lang=lang).bounce_reason_text
            for lang in ("en_US", "fr_FR")
        }
        self.assertEqual(words["en_US"], "The address does not exist.")
        self.assertIn("adresse", words["fr_FR"])
        for lang, text in words.items():
            export = self.env["mailjet.export"].with_context(lang=lang)
            content = b"".join(export._iterate_csv(self.mailing)).decode()
            self.assertIn(text, content)
            self.assertNotIn("user unknown", content)
        self.assertEqual(
            self.env["mailjet.recipient"]._read_group(
                [("id", "in", bob.ids)], ["bounce_reason"], ["__count"]
            ),
            [("user unknown", 1)],
        )

    def test_what_is_greylisted_is_only_late(self):
        self._tell(
            self._event("soft", error="greylisted"),
            self._event("hard", "bob@example.com", error="greylisted"),
        )
        rows = {row.partner_id: row for row in self._recipients()}
        self.assertEqual(rows[self.ann].status, "sent")
        self.assertFalse(rows[self.ann].bounced_date or rows[self.ann].bounce_reason)
        event = self.env["mailjet.event"].search([("email", "=", "ann@example.com")])
        self.assertEqual((event.bounce_type, event.state), ("deferred", "done"))
        self.assertEqual(rows[self.bob].bounce_type, "soft")
        self.assertFalse(self.bob.massmailing_unsubscribed)
        self.assertFiguresAreRight()

    def test_addresses_are_joined_whatever_their_case(self):
        self._tell(self._event("open", "BOB@Example.COM"))
        self.assertEqual(self.mailing.opened_count, 1)
