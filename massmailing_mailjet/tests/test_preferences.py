from datetime import timedelta

from odoo.tests import tagged

from .topic_common import NOW, TopicCase

JUNE = NOW.replace(month=6)


@tagged("post_install", "-at_install")
class TestPreferences(TopicCase):
    """What recipients choose for themselves."""

    def _notes(self):
        return "\n".join(self.ann.message_ids.mapped("body"))

    def test_choosing_and_taking_back(self):
        choices = [
            {"topics": self.offers},
            {"topics": self.events, "until": JUNE},
            {"everything": True, "topics": self.offers},
            {"until": JUNE},
            {},
        ]
        for choice in choices:
            with self.subTest(**choice):
                self._choose(**choice)
                topics = choice.get("topics", self.offers.browse())
                self.assertEqual(
                    self._read(),
                    (
                        "unsubscribed" if choice.get("everything") else None,
                        set(topics.mapped("name")),
                        choice.get("until"),
                    ),
                )
        self.assertFalse(self._find_stored(("ended_date", "=", False)))

    def test_the_same_again_changes_nothing(self):
        for _time in range(2):
            self._choose(everything=True, topics=self.offers, until=JUNE)
            self.assertEqual(len(self._find_stored()), 3)
        self.assertEqual(self._notes().count("Preference page"), 3)

    def test_the_proof_of_a_choice(self):
        self._choose(topics=self.offers, mailing_id=self.mailing.id, reason="Too many")
        opt_out = self._find_stored()
        self.assertEqual(
            opt_out.mapped(lambda r: (r.source, r.ip, r.agent, r.mailing_id, r.reason)),
            [
                (
                    "recipient",
                    "198.51.100.7",
                    "Firefox",
                    self.mailing,
                    "Too many",
                )
            ],
        )
        for words in ("topic “Offers”", "Preference page", "198.51.100.7", "Too many"):
            self.assertIn(words, self._notes())

    def test_the_proof_of_taking_back(self):
        self._choose(topics=self.offers)
        self._choose(ip="198.51.100.8", agent="Safari")
        opt_out = self._find_stored()
        self.assertEqual(
            (opt_out.ended_source, opt_out.ended_ip, opt_out.ended_agent),
            ("recipient", "198.51.100.8", "Safari"),
        )
        self.assertTrue(opt_out.ended_date)
        self.assertFalse(opt_out.ended_user_id)
        for words in ("again, as decided by the recipient", "198.51.100.8", "Safari"):
            self.assertIn(words, self._notes())
        self.store._forget(["ann@example.com"])
        self.assertFalse(opt_out.ended_ip or opt_out.ended_agent)

    def test_narrowing_what_was_left_at_mailjet(self):
        """The unsubscribe link of Mailjet means everything, unless narrowed."""
        self._tell(self._event("unsub"))
        self._push()
        self.assertIn("ann@example.com", self.mailjet.excluded)
        self._choose(topics=self.offers)
        self.assertEqual(self._read(), (None, {"Offers"}, None))
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertFalse(self.ann.is_blacklisted)
        self._push()
        self.assertNotIn("ann@example.com", self.mailjet.excluded)
        self.env.cr.precommit.run()
        entry = self.env["mail.blacklist"].with_context(active_test=False)
        entry = entry.search([("email", "=", "ann@example.com")])
        self.assertIn("by the recipient", "".join(entry.message_ids.mapped("body")))

    def _push(self):
        self.env.flush_all()
        with self.account._client() as client:
            self.env["mailjet.suppression"]._push(self.account, client)

    def test_what_recipients_cannot_take_back(self):
        for cause, act in {
            "complained": lambda: self._tell(self._event("spam")),
            "bounced": lambda: self._tell(self._event("hard")),
            "blacklisted": lambda: self.env["mail.blacklist"]._add("ann@example.com"),
        }.items():
            with self.subTest(cause), self._undone():
                act()
                self._choose(everything=True)
                self._choose()
                self.assertEqual(self._read(), (cause, set(), None))
                self.assertTrue(self.ann.massmailing_unsubscribed)
                self.assertTrue(self.ann.is_blacklisted)

    def test_what_a_colleague_entered_on_request_can_be_taken_back(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self._choose()
        self.assertEqual(self._read(), (None, set(), None))

    def test_archived_and_unknown_topics_are_left_as_they_are(self):
        self._leave(self.offers)
        self.offers.active = False
        self._choose(topics=self.events.browse(self.events.id + 1))
        self.assertEqual(self._read(), (None, {"Offers"}, None))

    def test_a_pause_changes(self):
        self._choose(until=JUNE)
        longer, shorter = JUNE + timedelta(days=30), JUNE - timedelta(days=30)
        for date in (longer, shorter):
            self._choose(until=date + timedelta(microseconds=7))
            self.assertEqual(self._read(), (None, set(), date))
        self._choose(until=NOW)
        self.assertEqual(self._read(), (None, set(), None))

    def test_an_address_in_other_letters(self):
        self._choose(topics=self.offers, email=" Ann <ANN@Example.com>")
        self.assertEqual(self._read("Ann@example.com"), (None, {"Offers"}, None))
