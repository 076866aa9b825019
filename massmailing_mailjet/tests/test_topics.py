import base64
import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .topic_common import NOW, TopicCase

JUNE = NOW.replace(month=6)
MAY = NOW.replace(month=5)


@tagged("post_install", "-at_install")
class TestTopics(TopicCase):
    """What an address leaves: a topic, everything for a while, or everything."""

    def _push(self):
        self.env.flush_all()
        with self.account._client() as client:
            self.env["mailjet.suppression"]._push(self.account, client)

    def assertNotOptedOut(self):
        """Check that nothing treats Ann as opted out of everything."""
        self.env.invalidate_all()
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertFalse(self.ann.massmailing_unsubscribed_cause)
        self.assertFalse(self.ann.is_blacklisted)
        found = self.env["res.partner"].search(
            [("id", "=", self.ann.id), ("massmailing_unsubscribed", "=", True)]
        )
        self.assertFalse(found)
        mismatches = self.env["mailjet.suppression.report"]
        self.assertFalse(mismatches.search([("email", "=", "ann@example.com")]))
        self._push()
        self.assertNotIn("ann@example.com", self.mailjet.excluded)
        self.assertNotIn("unsubscribed", self._recipients().mapped("status"))

    # === TOPICS === #

    def test_a_topic_is_left_alone(self):
        self._leave(self.offers)
        self.assertEqual(self._read(), (None, {"Offers"}, None))
        self.assertNotOptedOut()
        self.assertIn("Unsubscribed from the topic “Offers”", self._last_note())
        self._leave(self.offers)
        self.assertEqual(len(self._find_stored()), 1)

    def _last_note(self):
        return self.ann.message_ids[0].body

    def test_a_topic_and_everything(self):
        self._leave(self.offers)
        self._tell(self._event("unsub"))
        self.assertEqual(self._read(), ("unsubscribed", {"Offers"}, None))
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertEqual(self._read(), (None, {"Offers"}, None))

    def test_topics_of_another_company(self):
        company = self._make_stranger().company_id
        theirs = self.env["mailjet.topic"].create(
            {"name": "Offers", "company_id": company.id}
        )
        self._leave(self.events, theirs)
        self.assertEqual(self._read(), (None, {"Events"}, None))
        self.assertEqual(self._read(company=company), (None, {"Offers"}, None))
        self._choose(topics=theirs)
        self.assertEqual(self._read(), (None, set(), None))
        self.assertEqual(self._read(company=company), (None, {"Offers"}, None))

    def test_an_opt_out_belongs_to_the_company_of_its_topic(self):
        stranger = self._make_stranger()
        self.store.with_company(stranger.company_id)._opt_out(
            [
                {
                    "email": "ann@example.com",
                    "cause": "unsubscribed",
                    "date": NOW,
                    "topic_id": self.offers.id,
                }
            ],
            "user",
        )
        self.assertEqual(self._find_stored().company_id, self.env.company)

    def test_a_used_topic_is_kept(self):
        self._leave(self.offers)
        with self.assertRaisesRegex(UserError, "archive"):
            self.offers.with_user(self.manager).unlink()
        self.events.with_user(self.manager).unlink()
        self.offers.with_user(self.manager).active = False
        self.assertEqual(self._read(), (None, {"Offers"}, None))

    def test_a_topic_stays_with_its_company(self):
        company = self._make_stranger().company_id
        with self.assertRaisesRegex(UserError, "stays with its company"):
            self.offers.company_id = company
        self.offers.company_id = self.env.company

    def test_users_only_read_topics(self):
        topic = self.offers.with_user(self.user)
        self.assertEqual(topic.name, "Offers")
        with self.assertRaises(AccessError):
            topic.name = "Mine"

    def test_a_manager_lifts_what_was_left(self):
        self._leave(self.offers)
        self._pause(JUNE)
        self._tell(self._event("unsub"))
        found = self._find_stored()
        with self.assertRaises(AccessError):
            found.with_user(self.user).action_lift()
        with self.assertRaises(AccessError):
            found.with_user(self._make_stranger()).action_lift()
        found.with_user(self.manager).action_lift()
        self.assertEqual(self._read(), ("unsubscribed", set(), None))
        self.assertEqual(
            self._find_stored(("ended_date", "!=", False)).ended_user_id, self.manager
        )
        for words in (
            "topic “Offers” again, as decided by mail_manager",
            "is over, as decided by mail_manager",
        ):
            self.assertIn(words, self._last_note())

    def test_no_program_lifts_what_was_left(self):
        self._leave(self.offers)
        self._find_stored().action_lift()
        self.assertEqual(self._read(), (None, {"Offers"}, None))

    # === SHOWING === #

    def test_records_show_what_their_address_left(self):
        lead = self._make_lead("Ann <ann@example.com>")
        self.assertFalse(self.ann.massmailing_preferences)
        self._leave(self.events, self.offers)
        self._pause(JUNE)
        words = "Unsubscribed from: Offers, Events · Paused until 06/09/2026"
        for record in (self.ann, lead):
            self.assertEqual(record.with_user(self.user).massmailing_preferences, words)
        elsewhere = self._make_stranger()
        self.assertEqual(
            self.ann.with_user(elsewhere).massmailing_preferences,
            "Paused until 06/09/2026",
        )
        self.clock.move_to(JUNE)
        self.env.invalidate_all()
        self.assertEqual(
            self.ann.massmailing_preferences, "Unsubscribed from: Offers, Events"
        )

    def test_what_was_left_is_handed_out(self):
        self._leave(self.offers)
        self._pause(JUNE)
        wizard = (
            self.env["mailjet.personal.data"]
            .with_user(self.manager)
            .with_context(active_model="res.partner", active_ids=self.ann.ids)
            .create({})
        )
        wizard.action_export()
        data = json.loads(base64.b64decode(wizard.export_file))
        found = {row["cause"]: row for row in data["topics_and_pauses"]}
        self.assertEqual(found["unsubscribed"]["topic"], "Offers")
        self.assertEqual(found["paused"]["paused_until"], "2026-06-09 08:00:00")

    def test_merged_records_keep_what_people_left(self):
        self._leave(self.offers, email="bob@example.com")
        self._pause(JUNE, email="bob@example.com")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.ann | self.bob).ids, self.ann
        )
        self.assertEqual(self._read(), (None, {"Offers"}, JUNE))
        kept = self._make_lead("cat@example.com", type="opportunity")
        (kept | self._make_lead("bob@example.com", type="lead")).merge_opportunity()
        self.assertEqual(kept.email_normalized, "cat@example.com")
        self.assertEqual(self._read("cat@example.com"), (None, {"Offers"}, JUNE))

    # === PAUSES === #

    def test_a_pause_is_over_by_itself(self):
        self._pause(JUNE)
        self.assertEqual(self._read(), (None, set(), JUNE))
        self.assertNotOptedOut()
        self.assertIn("Receives no mass mailings until", self._last_note())
        self.clock.move_to(JUNE - timedelta(seconds=1))
        self.assertEqual(self._read(), (None, set(), JUNE))
        self.clock.move_to(JUNE)
        self.assertEqual(self._read(), (None, set(), None))

    def test_a_new_pause_follows_an_old_one(self):
        self._pause(MAY)
        self.clock.move_to(JUNE)
        self._pause(JUNE.replace(month=9))
        self.assertEqual(self._read(), (None, set(), JUNE.replace(month=9)))

    def test_the_longest_pause_counts(self):
        for date in (MAY, JUNE, MAY):
            self._pause(date)
        self.assertEqual(self._read(), (None, set(), JUNE))

    # === ERASING === #

    def test_erased_addresses_keep_what_they_left(self):
        self._leave(self.offers)
        self._pause(JUNE)
        self.store._forget(["ann@example.com"])
        self.assertEqual(self._read(), (None, {"Offers"}, JUNE))
        self.assertNotOptedOut()
        self.store._recall(["ann@example.com"])
        self.assertEqual(self._read(), (None, {"Offers"}, JUNE))
        self.assertNotOptedOut()

    def test_an_erased_address_that_left_another_topic_since(self):
        self._leave(self.offers)
        self.store._forget(["ann@example.com"])
        self._leave(self.offers, self.events)
        self.assertEqual(self._read(), (None, {"Offers", "Events"}, None))
        self.assertEqual(len(self._find_stored()), 2)

    def test_a_mark_is_carried_to_an_address_that_left_a_topic(self):
        self._leave(self.offers, email="silent@example.com")
        silent = self.env["res.partner"].create(
            {"name": "Silent", "massmailing_unsubscribed": True}
        )
        silent.email = "silent@example.com"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(
            self._read("silent@example.com"), ("unsubscribed", {"Offers"}, None)
        )
        self.assertTrue(silent.massmailing_unsubscribed)
