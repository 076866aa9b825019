from odoo.tests import tagged

from .unmeasured_common import UnmeasuredCase


@tagged("post_install", "-at_install")
class TestUnmeasuredUses(UnmeasuredCase):
    """Whatever uses openings and clicks uses those of measured recipients, and says of
    how many."""

    def setUp(self):
        super().setUp()
        self._pair()
        self._choose("refused", "bob")

    def _send_first(self, **values):
        mailing = self._make_mailing(self.people, **values)
        self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        return mailing

    def _report(self, mailing, **facts):
        """Let Mailjet report facts of people, by the first part of their addresses."""
        reported = [
            (f"{name}@example.com", fact, None, "") for name, fact in facts.items()
        ]
        self.env["mailjet.sync.message"]._apply(mailing.sudo(), reported)
        self.env.invalidate_all()

    # === STATISTICS === #

    def test_rates_are_of_those_who_are_measured(self):
        mailing = self._send_first()
        self._report(mailing, ann="opened", bob="opened", cat="delivered")
        self.assertEqual(mailing.delivered_count, 3)
        self.assertEqual((mailing.opened_count, mailing.measured_count), (1, 2))
        self.assertEqual(mailing.opened_ratio, 0.5)
        kpis = {kpi["name"]: kpi["ratio"] for kpi in mailing._get_kpis()}
        self.assertEqual(kpis["opened_count"], 0.5)
        self.assertEqual(kpis["delivered_count"], 1)
        found = mailing._read_group(
            [("id", "=", mailing.id)], [], ["opened_ratio:avg", "clicked_ratio:avg"]
        )
        self.assertEqual(found, [(0.5, 0)])
        notice = mailing.get_statistics()["notices"][0]
        self.assertIn("2 measured recipients of 3", notice)
        report = self.env["mailjet.recipient.report"]._read_group(
            [("mailing_id", "=", mailing.id)], [], ["opened_ratio:avg"]
        )
        self.assertEqual(report, [(0.5,)])

    def test_with_everybody_measured_nothing_is_said(self):
        self._choose("granted", "bob")
        mailing = self._send_first()
        self._report(mailing, ann="opened", bob="delivered", cat="delivered")
        self.assertEqual(mailing.measured_count, 3)
        self.assertAlmostEqual(mailing.opened_ratio, 1 / 3)
        self.assertEqual(mailing._get_measuring_notices(), [])

    def test_who_withdraws_is_no_longer_among_them(self):
        mailing = self._send_first()
        self._report(mailing, ann="opened", bob="delivered", cat="delivered")
        self._choose("refused", "ann")
        self.env.invalidate_all()
        self.assertEqual((mailing.opened_count, mailing.measured_count), (0, 1))
        self.assertEqual(mailing.unmeasured_opened_count, 1)
        self.assertIn("only this number", mailing._get_measuring_notices()[1])

    def test_a_mailing_that_is_sent_again_forgets_who_was_not_measured(self):
        mailing = self._send_first()
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(
            rows.filtered("is_unmeasured").mapped("email_normalized"),
            ["bob@example.com"],
        )
        campaigns = mailing.sudo().mailjet_campaign_ids
        campaigns.is_unmeasured = False
        mailing.sudo()._mark_unmeasured(campaigns)
        self.assertFalse(any(rows.mapped("is_unmeasured")))

    # === FOLLOW-UP === #

    def test_a_reminder_goes_to_measured_non_openers(self):
        mailing = self._send_first()
        self._report(mailing, ann="opened")
        counts = mailing.get_follow_up_counts()
        self.assertEqual(counts, {"remaining": 0, "reminder": 1, "unmeasured": 1})
        action = mailing.action_resend()
        reminder = self.env["mailjet.mailing"].browse(action["res_id"])
        self.assertEqual(self._rows(reminder), {"cat@example.com": "send"})
        self.assertIn(
            "1 recipient of the first mailing is not measured",
            "".join(reminder.message_ids.mapped("body")),
        )

    def test_without_anybody_measured_there_is_no_reminder(self):
        mailing = self._send_first()
        self.env.company.mailjet_measuring_rule = "consent"
        self.assertEqual(mailing.get_follow_up_counts()["reminder"], 0)
        with self.assertRefused("not measured"):
            mailing.action_resend()

    def test_who_withdraws_is_not_reminded_and_nothing_says_what_they_opened(self):
        mailing = self._send_first()
        reminder = mailing.browse(mailing.action_resend()["res_id"])
        self._report(mailing, ann="opened")
        reminder.step = "sending"
        self.assertEqual(self._rows(reminder)["ann@example.com"], "engaged")
        self._choose("refused", "ann", "cat")
        reminder.step = "recipients"
        reasons = {"ann@example.com": "engaged", "cat@example.com": "engaged"}
        self.assertEqual(self._rows(reminder), reasons)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", reminder.id)])
        self.assertEqual(
            set(rows.mapped("verdict_text")),
            {"Opened the first mailing, or not measured"},
        )

    def test_who_withdraws_while_a_reminder_waits_is_taken_out(self):
        mailing = self._send_first()
        self.env.company.mailjet_undo_minutes = 3
        reminder = mailing.browse(mailing.action_resend()["res_id"])
        reminder.action_send()
        self._choose("refused", "ann")
        self._run_later(minutes=4)
        self.assertEqual(
            self._rows(reminder),
            {"ann@example.com": "engaged", "cat@example.com": "send"},
        )
        self.assertCountsAddUp(reminder)

    # === A/B TEST === #

    def test_a_winner_by_openings_is_the_best_among_measured_recipients(self):
        mailing = self._make_mailing(
            self.people, ab_share=100, ab_criterion="opened", ab_hours=1
        )
        mailing.action_add_letter()
        campaigns = self._send_all(mailing)
        figures = mailing.sudo()._count_by_letter()
        self.assertEqual(sum(counts["sent"] for counts in figures.values()), 3)
        self.assertEqual(sum(counts["measured"] for counts in figures.values()), 2)
        results = mailing._get_results_by_letter(figures)
        self.assertEqual(sum(total for _count, total in results.values()), 2)
        test = mailing.get_ab_test()
        self.assertIn("2 recipients who are measured", test["verdict"])
        self.assertEqual(
            campaigns.filtered("is_unmeasured").account_id,
            self.quiet,
        )
        mailing.sudo().ab_criterion = "leads"
        self.assertNotIn("measured", mailing.get_ab_test()["verdict"])
