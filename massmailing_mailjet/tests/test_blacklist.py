from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestBlacklist(FeedbackCase):
    """The flag of mass mailing beside Odoo's blacklist: each may refuse for itself, and
    who takes a refusal back takes back his own side alone."""

    def setUp(self):
        super().setUp()
        self.Blacklist = self.env["mail.blacklist"]
        self.lead = self._make_lead("ann@example.com")

    def _entry(self):
        return self.Blacklist.with_context(active_test=False).search(
            [("email", "=", "ann@example.com")]
        )

    def _verdict(self):
        return self._rows(self._make_mailing(self.ann))["ann@example.com"]

    def _opt_out_by_hand(self):
        self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))._add(
            "ann@example.com"
        )

    def test_who_lets_in_again_takes_back_what_mass_mailing_has_blacklisted(self):
        for record in (self.ann, self.lead):
            with self.subTest(record):
                self._tell(self._event("unsub", minutes=record.id))
                self.assertTrue(self._entry().active)
                record.with_user(self.user).massmailing_unsubscribed = False
                self.assertFalse(self._entry().active)
                self.assertFalse(self.ann.massmailing_unsubscribed)
                self.assertEqual(self._verdict(), "send")

    def test_it_is_logged_with_the_name_of_the_user(self):
        self._tell(self._event("unsub"))
        self.env.cr.flush()  # what was tracked before, in another user's name
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.env.cr.flush()
        self.env.invalidate_all()
        bodies = " ".join(self._entry().message_ids.mapped("body"))
        self.assertIn(self.user.name, bodies)
        note = self.ann.message_ids[0]
        self.assertIn(self.user.name, note.body)
        self.assertEqual(note.author_id, self.user.partner_id)

    def test_what_somebody_has_blacklisted_himself_stays(self):
        def before():
            self._opt_out_by_hand()
            self._tell(self._event("unsub", minutes=1))

        def after():
            self._tell(self._event("unsub", minutes=2))
            self._opt_out_by_hand()

        def again():
            self._tell(self._event("unsub", minutes=3))
            self.env["mail.blacklist"]._remove("ann@example.com")
            self._opt_out_by_hand()

        for refuse in (before, after, again):
            with self.subTest(refuse.__name__):
                savepoint = self.env.cr.savepoint(flush=True)
                refuse()
                self.ann.with_user(self.user).massmailing_unsubscribed = False
                self.assertTrue(self._entry().active)
                self.assertEqual(self._verdict(), "blacklisted")
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_no_program_lets_anybody_in_again(self):
        self._tell(self._event("unsub"))
        self.ann.with_user(
            self.env.ref("base.user_root")
        ).massmailing_unsubscribed = False
        self.assertTrue(self._entry().active)

    def test_the_wizard_of_odoo_leaves_the_flag(self):
        self._tell(self._event("unsub"))
        self.env["mail.blacklist.remove"].create(
            {"email": "ann@example.com", "reason": "She asked"}
        ).action_unblacklist_apply()
        self.assertFalse(self._entry().active)
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertEqual(self._verdict(), "unsubscribed")

    def test_blacklisting_is_a_refusal_like_any_other(self):
        self._opt_out_by_hand()
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self.assertEqual(self.ann.massmailing_unsubscribed_cause, "blacklisted")
        self.assertEqual(self._verdict(), "blacklisted")

    def test_ticking_the_flag_blacklists_until_it_is_lifted(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.assertTrue(self._entry().active)
        self.assertTrue(self._entry().massmailing_added)
        self.assertEqual(self._verdict(), "unsubscribed")
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertFalse(self._entry().active)

    def test_lists_of_email_marketing_are_left_alone(self):
        mailing_list = self.env["mailing.list"].create({"name": "Odoo's"})
        contact = self.env["mailing.contact"].create(
            {
                "name": "Ann",
                "email": "ann@example.com",
                "subscription_ids": [(0, 0, {"list_id": mailing_list.id})],
            }
        )
        self._tell(self._event("unsub"))
        self.assertFalse(contact.subscription_ids.opt_out)
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        contact.subscription_ids.opt_out = True
        self.assertFalse(self.ann.massmailing_unsubscribed)
        self.assertEqual(self._verdict(), "send")
