from odoo.tests import tagged

from .crowd_common import CrowdCase


@tagged("post_install", "-at_install")
class TestFollowUpVersions(CrowdCase):
    """What follow-ups and copies take over of how a mailing is divided."""

    CROWD = 10

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.crowd[:2].lang = "fr_FR"

    def _make(self, **values):
        """Return a mailing with a French version."""
        mailing = self._make_mailing(self.crowd, **values)
        action = mailing.action_add_version("fr_FR")
        version = mailing.env["mailjet.version"].browse(action["res_id"])
        version.subject = "Bonjour"
        return mailing

    def _make_test(self, **values):
        """Return one with an A/B test of all of its versions."""
        mailing = self._make(**values)
        action = mailing.action_add_letter()
        version = mailing.env["mailjet.version"].browse(action["res_id"])
        version.write({"subject": "Version B", "sender_name": "Ann of News"})
        return mailing

    def _remind(self, mailing):
        action = mailing.action_resend()
        return self.env["mailjet.mailing"].browse(action["res_id"])

    def _get_rows(self, campaign):
        return self.env["mailjet.recipient"].search([("campaign_id", "=", campaign.id)])

    def _get_subjects(self, mailing):
        return {"": mailing.subject} | {
            version.lang or version.letter: version.subject
            for version in mailing.version_ids
        }

    def test_a_reminder_has_the_winner_and_the_languages(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        mailing.action_choose_winner("b")
        self._go_on()
        reminder = self._remind(mailing)
        expected = {"": "Version B", "fr_FR": "Bonjour"}
        self.assertEqual(self._get_subjects(reminder), expected)
        self.assertEqual(reminder.sender_name, "Ann of News")
        self.assertFalse(reminder.has_ab_test)
        campaigns = self._start(reminder)
        self.assertEqual(sorted(campaigns.mapped("planned_count")), [2, 8])
        self.assertEqual(reminder.state, "done")

    def test_a_reminder_has_the_own_email_if_that_has_won(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        mailing.action_choose_winner("a")
        self._go_on()
        expected = {"": mailing.subject, "fr_FR": "Bonjour"}
        self.assertEqual(self._get_subjects(self._remind(mailing)), expected)

    def test_a_test_of_all_is_followed_by_its_better_version(self):
        mailing = self._make_test(ab_share=100)
        _french, _first, second = self._start(mailing)
        self.assertFalse(mailing.ab_winner)
        self._get_rows(second)[:2].sudo().clicked_date = self.clock
        self.assertEqual(self._remind(mailing).subject, "Version B")

    def test_a_reminder_is_sent_at_once(self):
        for values in (
            {"send_mode": "canary", "canary_share": 50},
            {"send_mode": "portions", "portion_working_days": False},
        ):
            with self.subTest(**values):
                mailing = self._make(**values)
                self._start(mailing)
                self._run_later(hours=5)
                self._go_on()
                self.assertEqual(mailing.state, "done")
                reminder = self._remind(mailing)
                self.assertEqual(reminder.send_mode, "once")
                self.assertEqual(reminder.version_ids.mapped("lang"), ["fr_FR"])

    def test_those_not_reached_are_sent_to_in_portions(self):
        """Most of a mailing may be left, if it was stopped."""
        mailing = self._make_mailing(
            self.crowd,
            send_mode="portions",
            portion_size=4,
            portion_working_days=False,
        )
        self._start(mailing)
        mailing.action_cancel()
        self._go_on()
        action = mailing.action_send_to_remaining()
        rest = self.env["mailjet.mailing"].browse(action["res_id"])
        self.assertEqual((rest.send_mode, rest.portion_size), ("portions", 4))
        self.assertEqual(rest.planned_count, 6)

    def test_a_copy_is_sent_like_its_original(self):
        mailing = self._make_test(send_mode="portions", ab_share=30)
        mailing.send_mode = "canary"
        self._start(mailing)
        copied = mailing.copy()
        self.assertEqual(self._get_subjects(copied), self._get_subjects(mailing))
        self.assertEqual((copied.send_mode, copied.ab_share), ("canary", 30))
        self.assertFalse(copied.ab_winner)
        self.assertFalse(copied.mailjet_campaign_ids)
