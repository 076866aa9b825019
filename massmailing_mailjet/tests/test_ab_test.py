from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..tools.ab_test import CLEAR, FEW, UNCLEAR, find_best, get_interval, judge
from .crowd_common import CrowdCase


@tagged("post_install", "-at_install")
class TestAbTest(CrowdCase):
    """Several versions are tried on some recipients, and the best is sent to the
    others."""

    CROWD = 20

    def _make_test(self, versions=1, **values):
        """Return a mailing with an A/B test of 40 % of twenty people."""
        mailing = self._make_mailing(self.crowd, ab_share=40, **values)
        for _number in range(versions):
            action = mailing.action_add_letter()
            version = mailing.env["mailjet.version"].browse(action["res_id"])
            version.subject = f"Version {version.letter.upper()}"
        return mailing

    def _strike_at(self, **delta):
        """Let time pass, and the hour of what Mailjet holds come."""
        self.clock += timedelta(**delta)
        self._strike()
        self._go_on()

    def _click(self, campaign, count, name="clicked_date"):
        rows = self._get_rows(campaign)[:count]
        rows.sudo().write({name: fields.Datetime.now()})

    def _get_rows(self, campaign):
        return self.env["mailjet.recipient"].search([("campaign_id", "=", campaign.id)])

    # === CERTAINTY === #

    def test_the_interval_of_a_share(self):
        for count, total, low, high in (
            (0, 0, 0, 1),
            (0, 10, 0, 0.278),
            (10, 10, 0.722, 1),
            (5, 10, 0.237, 0.763),
            (100, 1000, 0.083, 0.120),
        ):
            with self.subTest(count=count, total=total):
                found = get_interval(count, total)
                self.assertAlmostEqual(found[0], low, delta=0.001)
                self.assertAlmostEqual(found[1], high, delta=0.001)

    def test_what_a_difference_tells(self):
        for results, best, verdict in (
            ({}, None, FEW),
            ({"a": (0, 0), "b": (0, 0)}, None, FEW),
            ({"a": (3, 10)}, "a", FEW),
            ({"a": (1, 10), "b": (3, 10)}, "b", FEW),
            ({"a": (0, 1000), "b": (0, 1000)}, "a", FEW),
            ({"a": (50, 1000), "b": (55, 1000)}, "b", UNCLEAR),
            ({"a": (50, 1000), "b": (90, 1000)}, "b", CLEAR),
            ({"a": (90, 1000), "b": (50, 1000), "c": (88, 1000)}, "a", UNCLEAR),
            # One of three is compared with two others: 5 % of chance are too much.
            ({"a": (100, 1000), "b": (128, 1000)}, "b", CLEAR),
            ({"a": (100, 1000), "b": (128, 1000), "c": (100, 1000)}, "b", UNCLEAR),
        ):
            with self.subTest(**results):
                self.assertEqual((find_best(results), judge(results)), (best, verdict))

    # === THE TEST === #

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

    def test_all_versions_are_canceled(self):
        """Nobody gets a winner that was never tried, until a person chooses it."""
        mailing = self._make_test()
        first, second, rest = self._prepare(mailing)
        first.with_user(self.user).action_cancel()
        self._run_later(minutes=1)
        self.assertFalse(mailing.activity_ids)
        second.with_user(self.user).action_cancel()
        self._run_later(minutes=1)
        self.assertIn("no result", mailing.activity_ids.summary)
        test = mailing.get_ab_test()
        self.assertIn("canceled", test["status"])
        self.assertEqual([row["letter"] for row in test["rows"]], ["a", "b"])
        self.assertTrue(test["can_choose"])
        self._strike_at(days=3)
        self.assertEqual(rest.state, "in_queue")
        mailing.action_choose_winner("b")
        self._go_on()
        self.assertFalse(mailing.activity_ids)
        self.assertEqual(len(self._get_sent()), 12)
        self.assertEqual(rest.frozen_subject, "Version B")

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

    def test_a_user_chooses_at_any_time(self):
        mailing = self._make_test(ab_criterion="manual")
        *_tested, rest = self._start(mailing)
        self._run_later(days=9)
        self.assertEqual((rest.state, mailing.ab_winner), ("in_queue", False))
        mailing.action_choose_winner("b")
        self._go_on()
        self.assertEqual(rest.frozen_subject, "Version B")
        self.assertEqual(mailing.ab_decided_by_id, self.user)
        self.assertEqual(self._get_sent(), sorted(self.emails))
        with self.assertRefused("does not allow"):
            mailing.action_choose_winner("a")

    def test_the_responsible_is_asked_to_choose_once(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        self.assertIn("figures are ready on", mailing.get_ab_test()["status"])
        self._run_later(hours=3)
        self.assertFalse(mailing.activity_ids)
        self._run_later(hours=1)
        self.assertIn("choose", mailing.activity_ids.summary)
        self.assertEqual(mailing.activity_ids.user_id, self.user)
        self.assertIn("test is over", mailing.get_ab_test()["status"])
        self._run_later(days=2)
        self._go_on()
        asked = mailing.message_ids.filtered(lambda note: "choose" in note.body)
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.partner_ids, self.user.partner_id)
        self.assertEqual(len(mailing.activity_ids), 1)
        mailing.action_choose_winner("b")
        self.assertFalse(mailing.activity_ids)

    def test_a_choice_before_the_hours_are_over_asks_nobody(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        mailing.action_choose_winner("b")
        self._run_later(hours=5)
        self._go_on()
        self.assertFalse(mailing.activity_ids)
        self.assertEqual(mailing.state, "done")

    def test_nobody_is_asked_to_choose_once_the_rest_is_canceled(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        self._run_later(hours=5)
        self.assertTrue(mailing.activity_ids)
        mailing.action_cancel()
        self.assertFalse(mailing.activity_ids)

    def test_the_winner_is_chosen_once(self):
        mailing = self._make_test()
        self._start(mailing)
        with self.assertRefused("cannot be sent"):
            mailing.action_choose_winner("c")
        mailing.action_choose_winner("a")
        with self.assertRefused("chosen already"):
            mailing.action_choose_winner("b")
        self._run_later(hours=5)
        self._go_on()
        self.assertEqual(mailing.ab_winner, "a")
        self.assertEqual(self._get_sent(), sorted(self.emails))

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

    # === WORDS AND RIGHTS === #

    def test_the_figures_say_what_they_tell(self):
        mailing = self._make_test()
        first, second, _rest = self._start(mailing)
        self._click(second, 2)
        self._click(first, 1, "opened_date")
        test = mailing.get_ab_test()
        self.assertEqual([row["letter"] for row in test["rows"]], ["a", "b"])
        self.assertEqual([row["sent"] for row in test["rows"]], [4, 4])
        self.assertEqual([row["clicked"] for row in test["rows"]], [0, 2])
        self.assertEqual([row["opened"] for row in test["rows"]], [1, 0])
        self.assertEqual([row["rate"] for row in test["rows"]], [0, 0.5])
        self.assertIn("too few", test["verdict"])
        self.assertIn("will be chosen on", test["status"])
        self.assertEqual((test["waiting"], test["can_choose"]), (12, True))
        mailing.action_choose_winner("b")
        test = mailing.get_ab_test()
        self.assertIn("Version B was chosen by mailer", test["status"])
        self.assertIn("Version A: 0.0 %, Version B: 50.0 %", test["status"])
        self.assertEqual((test["winner"], test["can_choose"]), ("b", False))

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

    def test_others_cannot_choose(self):
        mailing = self._make_test(ab_criterion="manual")
        self._start(mailing)
        stranger = self._make_stranger()
        for act in (
            lambda: mailing.with_user(stranger).action_choose_winner("a"),
            lambda: mailing.with_user(stranger).get_ab_test(),
        ):
            with self._undone(), self.assertRaises(AccessError):
                act()

    def test_the_decision_is_dated(self):
        mailing = self._make_test()
        *tested, rest = self._start(mailing)
        sent = max(campaign.sent_date for campaign in tested)
        self.assertEqual(rest.next_action_date, sent + timedelta(hours=4))
