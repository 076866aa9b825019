from odoo.tests import tagged

from .feedback_common import SENT_AT, FeedbackCase

CAUSES = {"unsub": "unsubscribed", "spam": "complained", "hard": "bounced"}


@tagged("post_install", "-at_install")
class TestConsent(FeedbackCase):
    """Who unsubscribes, complains or bounces is not mailed again."""

    def setUp(self):
        super().setUp()
        self.twin = self.env["res.partner"].create(
            {"name": "Ann's office", "is_company": True, "email": "ANN@example.com"}
        )
        self.lead = self._make_lead("Ann <ann@example.com>")
        self.records = [self.ann, self.twin, self.lead]

    def test_every_record_of_the_address_is_flagged(self):
        archived = self.env["res.partner"].create(
            {"name": "Old Ann", "email": "ann@example.com", "active": False}
        )
        for kind, cause in CAUSES.items():
            savepoint = self.env.cr.savepoint(flush=True)
            self._tell(self._event(kind))
            for record in (*self.records, archived):
                with self.subTest(event=kind, record=record):
                    self.assertTrue(record.massmailing_unsubscribed)
                    self.assertEqual(record.massmailing_unsubscribed_cause, cause)
            self.assertFalse(self.bob.massmailing_unsubscribed)
            self.assertTrue(self.ann.is_blacklisted)
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_nothing_else_flags(self):
        self._tell(
            *(self._event(kind) for kind in ("sent", "click", "soft", "blocked"))
        )
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertFalse(self.ann.is_blacklisted)

    def test_the_proof_is_in_the_chatter_of_each(self):
        self._tell(
            self._event("unsub", ip="192.0.2.7", agent="<b>Thunderbird</b>", minutes=5)
        )
        for record in self.records:
            with self.subTest(record):
                note = record.message_ids[0].body
                for fact in (
                    "Unsubscribed from mass mailing at Mailjet",
                    "192.0.2.7",
                    "&lt;b&gt;Thunderbird&lt;/b&gt;",
                    self.mailing.name,
                    "2026",
                ):
                    self.assertIn(fact, note)
                self.assertEqual(
                    record.massmailing_unsubscribed_date, SENT_AT.replace(minute=5)
                )

    def test_the_same_again_changes_nothing(self):
        self._tell(self._event("unsub"))
        count = len(self.ann.message_ids)
        self._tell(self._event("unsub", minutes=2))
        self.assertEqual(len(self.ann.message_ids), count)
        self.assertEqual(
            self.ann.massmailing_unsubscribed_date, SENT_AT.replace(minute=1)
        )

    def test_whatever_campaign_it_is_of(self):
        self._tell(self._event("unsub", customcampaign="", mj_list_id=""))
        self.assertTrue(self.ann.massmailing_unsubscribed)

    def test_mailings_in_preparation_leave_the_address_out(self):
        following = self._make_mailing(self.people)
        self._tell(self._event("spam"))
        self.assertEqual(self._rows(following)["ann@example.com"], "complained")
        self.assertCountsAddUp(following)

    def test_an_address_on_the_blacklist_stays_on_it_once(self):
        self.env["mail.blacklist"]._add("ann@example.com")
        self.env["mail.blacklist"]._remove("bob@example.com")
        self._tell(self._event("spam"), self._event("spam", "bob@example.com"))
        entries = self.env["mail.blacklist"].search(
            [("email", "in", ["ann@example.com", "bob@example.com"])]
        )
        self.assertEqual(len(entries), 2)

    def test_a_named_user_subscribes_again_and_no_old_news_undoes_it(self):
        self._tell(self._event("unsub"))
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self._tell(self._event("unsub"))
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertFalse(self.lead.massmailing_unsubscribed)
        self._tell(self._event("unsub", minutes=9))
        self.assertTrue(self.ann.massmailing_unsubscribed)
