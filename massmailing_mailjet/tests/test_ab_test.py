from datetime import timedelta

from odoo.tests import tagged, users

from .ab_test_common import AbTestCase


@tagged("post_install", "-at_install")
class TestAbTest(AbTestCase):
    """Several versions are tried on some recipients, and the best is sent to the
    others."""

    def test_versions_are_sent_to_equal_shares(self):
        campaigns = self._start(self._make_test(versions=2))
        self.assertEqual(
            campaigns.mapped("name"),
            ["Version A", "Version B", "Version C", "Winner"],
        )
        self.assertEqual(sum(campaigns.mapped("planned_count")), 20)
        self.assertEqual(sorted(campaigns.mapped("planned_count")), [2, 3, 3, 12])
        self.assertEqual(campaigns.mapped("state"), ["done"] * 3 + ["in_queue"])
        self.assertEqual(len(self._get_sent()), 8)
        subjects = {draft["subject"] for draft in self.mailjet.drafts}
        self.assertLessEqual({"Version B", "Version C"}, subjects)

    def test_the_winner_is_sent_to_the_others_after_some_hours(self):
        mailing = self._make_test()
        first, second, rest = self._start(mailing)
        self._click(second, 3)
        self._click(first, 1)
        self._run_later(hours=3)
        self.assertEqual((rest.state, mailing.ab_winner), ("in_queue", False))
        self.assertFalse(rest.mailjet_list_id)
        self.assertIn("A/B test", mailing.get_progress()["label"])
        self._run_later(hours=1)
        self._go_on()
        self.assertEqual(rest.state, "done")
        self.assertEqual(rest.frozen_subject, "Version B")
        self.assertEqual(mailing.ab_winner, "b")
        self.assertFalse(mailing.ab_decided_by_id)
        self.assertEqual(mailing.ab_figures["b"]["clicked"], 3)
        self.assertEqual(self._get_sent(), sorted(self.emails))
        self.assertEqual(mailing.state, "done")

    def test_a_scheduled_test(self):
        """The winner is not late, though the scheduled time has passed."""
        mailing = self._make_test()
        self._prepare(mailing)
        self._strike_at(hours=1)
        first, second, rest = mailing.sudo().mailjet_campaign_ids.sorted("sequence")
        self.assertEqual((first.state, second.state), ("done", "done"))
        self._run_later(hours=4)
        self._go_on()
        self.assertFalse(mailing.needs_confirmation)
        self.assertEqual(rest.state, "done")
        self.assertEqual(self._get_sent(), sorted(self.emails))

    def test_a_scheduled_test_is_canceled(self):
        mailing = self._make_test()
        self._prepare(mailing)
        mailing.action_cancel()
        self._go_on()
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(mailing.sudo().mailjet_campaign_ids)
        self._strike_at(hours=1)
        self.assertFalse(self._get_sent())

    def test_the_own_email_may_win(self):
        mailing = self._make_test(ab_criterion="opened")
        first, second, rest = self._start(mailing)
        self._click(first, 2, "opened_date")
        self._click(second, 4)
        self._run_later(hours=5)
        self._go_on()
        self.assertEqual(mailing.ab_winner, "a")
        self.assertIn("Hello", rest.frozen_subject)
        self.assertFalse(rest.version_id)

    def test_leads_decide(self):
        mailing = self._make_test(ab_criterion="leads")
        _first, second, _rest = self._start(mailing)
        row = self._get_rows(second)[0]
        self._make_lead(row.email, source_id=mailing.source_id.id)
        self.assertEqual(mailing.get_ab_test()["rows"][1]["leads"], 1)
        self._run_later(hours=5)
        self.assertEqual(mailing.ab_winner, "b")

    def test_whoever_unsubscribes_meanwhile_gets_nothing(self):
        mailing = self._make_test()
        *_tested, rest = self._start(mailing)
        gone = self._get_rows(rest)[0]
        gone.partner_id.massmailing_unsubscribed = True
        self._run_later(hours=5)
        self._go_on()
        self.assertEqual(rest.state, "done")
        self.assertEqual(self._get_sent(), sorted({*self.emails} - {gone.email}))

    def test_the_rest_is_canceled(self):
        mailing = self._make_test()
        *_tested, rest = self._start(mailing)
        mailing.action_cancel()
        self.assertFalse(rest.exists())
        self._run_later(hours=5)
        self.assertEqual(len(self._get_sent()), 8)
        self.assertEqual(mailing.state, "done")

    def test_everyone_may_be_part_of_the_test(self):
        mailing = self._make_test()
        mailing.ab_share = 100
        campaigns = self._start(mailing)
        self.assertEqual(campaigns.mapped("name"), ["Version A", "Version B"])
        self.assertEqual(mailing.state, "done")
        self.assertFalse(mailing.get_ab_test()["can_choose"])

    def test_few_recipients_try_each_version(self):
        mailing = self._make_test(versions=2)
        mailing.ab_share = 1
        campaigns = self._start(mailing)
        self.assertEqual(campaigns.mapped("planned_count"), [1, 1, 1, 17])

    def test_a_version_has_a_sender_name(self):
        mailing = self._make_test()
        mailing.version_ids.sender_name = "Ann of News"
        self._start(mailing)
        names = [draft["sender_name"] for draft in self.mailjet.drafts]
        self.assertEqual(sorted(names), ["Ann of News", "News"])

    def test_translations_are_not_part_of_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.crowd[:5].lang = "fr_FR"
        mailing = self._make_test()
        mailing.action_add_version("fr_FR")
        campaigns = self._start(mailing)
        counts = {each.name: each.planned_count for each in campaigns}
        self.assertEqual(counts.pop("French / Français"), 5)
        self.assertEqual(sum(counts.values()), 15)
        self.assertEqual(counts.keys(), {"Version A", "Version B", "Winner"})

    @users("mailer")
    def test_at_most_five_versions(self):
        mailing = self._make_test(versions=4).with_env(self.env)
        self.assertEqual("".join(mailing._get_letters().mapped("letter")), "bcde")
        with self.assertRefused("at most 5"):
            mailing.action_add_letter()

    def test_settings_stay_once_it_is_sent(self):
        mailing = self._make_test()
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            mailing.ab_hours = 1

    def test_the_decision_is_dated(self):
        mailing = self._make_test()
        *tested, rest = self._start(mailing)
        sent = max(campaign.sent_date for campaign in tested)
        self.assertEqual(rest.next_action_date, sent + timedelta(hours=4))
