from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .topic_common import NOW, TopicCase

JUNE = NOW.replace(month=6)


@tagged("post_install", "-at_install")
class TestConsentEntry(TopicCase):
    """What managers enter for recipients who have asked them."""

    def _enter(self, user=None, email="ann@example.com", **values):
        store = self.env["mailjet.consent"].with_user(user or self.manager)
        return store.create({"email": email, **values})

    def test_a_new_entry_has_no_name_yet(self):
        """Odoo calls it new, and an erased one is not."""
        store = self.env["mailjet.consent"].with_user(self.manager)
        self.assertFalse(store.new({}).display_name)
        entered = self._enter()
        self.env["mailjet.consent"]._forget(["ann@example.com"])
        self.assertEqual(entered.display_name, "(no address)")

    def test_a_topic_is_left(self):
        entered = self._enter(topic_id=self.offers.id, reason="On the phone")
        self.assertEqual(self._read(), (None, {"Offers"}, None))
        self.assertEqual((entered.cause, entered.source), ("unsubscribed", "user"))
        self.assertEqual(entered.user_id, self.manager)
        self.assertEqual((entered.date, entered.reason), (NOW, "On the phone"))
        self.assertEqual(entered.company_id, self.env.company)
        self.assertIn("Unsubscribed from the topic", self.ann.message_ids[0].body)
        self.assertFalse(self.ann.massmailing_unsubscribed)

    def test_a_pause_ends_by_itself(self):
        entered = self._enter(until_date=JUNE)
        self.assertEqual((entered.cause, entered.until_date), ("paused", JUNE))
        self.assertEqual(self._read(), (None, set(), JUNE))
        self.clock.move_to(JUNE + timedelta(days=1))
        self.assertEqual(self._read(), (None, set(), None))

    def test_everything_is_left(self):
        entered = self._enter(email="Ann <ANN@Example.com>")
        self.assertEqual(entered.email, "ann@example.com")
        self.assertEqual(self._read(), ("unsubscribed", set(), None))
        self.assertTrue(self.ann.massmailing_unsubscribed)

    def test_what_is_in_force_stays(self):
        first = self._enter(topic_id=self.offers.id, reason="On the phone")
        again = self._enter(topic_id=self.offers.id, reason="By letter")
        self.assertEqual(again, first)
        self.assertEqual(first.reason, "On the phone")

    def test_a_manager_lifts_what_was_entered(self):
        entered = self._enter(topic_id=self.offers.id)
        entered.action_lift()
        self.assertEqual(self._read(), (None, set(), None))
        self.assertNotEqual(self._enter(topic_id=self.offers.id), entered)

    def test_several_are_entered_at_once(self):
        entered = (
            self.env["mailjet.consent"]
            .with_user(self.manager)
            .create(
                [
                    {"email": "ann@example.com", "topic_id": self.offers.id},
                    {"email": "ann@example.com", "topic_id": self.events.id},
                    {"email": "new@example.com", "until_date": JUNE},
                ]
            )
        )
        self.assertEqual(entered.topic_id, self.offers | self.events)
        self.assertEqual(self._read("new@example.com"), (None, set(), JUNE))

    def test_a_file_is_imported(self):
        names = ["email", "topic_id", "until_date", "reason"]
        rows = [
            ["ann@example.com", "Offers", "", "Form of the trade fair"],
            ["bob@example.com", "", "2026-06-09 08:00:00", ""],
        ]
        store = self.env["mailjet.consent"].with_user(self.manager)
        result = store.with_context(import_file=True).load(names, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(self._read(), (None, {"Offers"}, None))
        self.assertEqual(self._read("bob@example.com"), (None, set(), JUNE))
        self.assertEqual(self._find_stored().source, "import")

    def test_what_is_wrong_is_said(self):
        for words, values in (
            ("not an email address", {"email": "ann at home"}),
            ("not an email address", {"email": False}),
            ("topic and pause", {"topic_id": self.offers.id, "until_date": JUNE}),
            ("end in the future", {"until_date": NOW}),
            ("Leave the cause empty", {"cause": "complained"}),
            ("Leave the cause empty", {"cause": "paused"}),
        ):
            with (
                self.subTest(words),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self._enter(**values)
        self.assertFalse(self._find_stored())

    def test_the_form_takes_a_topic_or_a_pause(self):
        form = Form(self.env["mailjet.consent"].with_user(self.manager))
        form.email = "ann@example.com"
        form.topic_id = self.events
        form.reason = "By letter"
        entered = form.save()
        self.assertEqual((entered.topic_id, entered.reason), (self.events, "By letter"))

    def test_only_managers_of_the_company_may(self):
        with self.assertRaises(AccessError):
            self._enter(self.user, topic_id=self.offers.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger_manager",
            "massmailing_mailjet.mailjet_group_manager",
            company_id=company.id,
            company_ids=[company.id],
        )
        with self.assertRaises(AccessError):
            self._enter(stranger, topic_id=self.offers.id)

    def test_nothing_is_changed_or_deleted(self):
        entered = self._enter(topic_id=self.offers.id)
        with self.assertRaises(AccessError):
            entered.reason = "Another"
        with self.assertRaises(AccessError):
            entered.unlink()
