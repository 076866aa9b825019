from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..models.recipients.counts import COUNT_DOMAINS, RESULT_COUNTS
from .feedback_common import SENT_AT
from .statistics_common import BEHIND, StatisticsCase


@tagged("post_install", "-at_install")
class TestStatistics(StatisticsCase):
    """The figures of a mailing that was sent, and the people behind them."""

    # === FIGURES === #

    def test_every_count_opens_exactly_its_recipients(self):
        for figure, names in BEHIND.items():
            with self.subTest(figure):
                self.assertEqual(self.mailing[figure], len(names))
                self.assertEqual(
                    self._people(self.seen.action_open_recipients(figure)),
                    sorted(names),
                )

    def test_every_count_has_recipients(self):
        self.assertLessEqual(set(RESULT_COUNTS), set(COUNT_DOMAINS))
        self.assertLessEqual(set(RESULT_COUNTS), set(BEHIND))
        with self.assertRefused("Unknown figure: password"):
            self.seen.action_open_recipients("password")

    def test_the_page_shows_the_stored_counts(self):
        figures = self.seen.get_statistics()["kpis"]
        self.assertEqual(
            {figure["name"]: figure["value"] for figure in figures},
            {
                figure: len(names)
                for figure, names in BEHIND.items()
                if figure != "unmeasured_count"
            },
        )
        ratios = {figure["name"]: figure["ratio"] for figure in figures}
        self.assertIs(ratios["planned_count"], False)
        self.assertEqual(ratios["delivered_count"], 7 / 13)

    def test_a_mailing_that_has_not_left_has_no_statistics(self):
        draft = self._make_mailing()
        for method in (
            draft.get_results,
            draft.get_statistics,
            draft.action_view_statistics,
        ):
            with self.assertRefused("has not been sent"):
                method()

    def test_the_form_shows_the_same_figures_and_the_email(self):
        results = self.seen.get_results()
        self.assertEqual(results["kpis"], self.seen.get_statistics()["kpis"])
        self.assertEqual(results["html"], self.seen.get_preview()["html"])

    # === RATES === #

    def test_rates(self):
        for ratio, expected in {
            "delivered_ratio": 7 / 13,
            "opened_ratio": 3 / 7,
            "clicked_ratio": 1 / 7,
            "bounced_ratio": 2 / 13,
            "optout_ratio": 1 / 7,
        }.items():
            with self.subTest(ratio):
                self.assertAlmostEqual(self.mailing[ratio], expected)
        self.assertEqual(self._make_mailing().opened_ratio, 0)

    def test_the_rate_of_a_group_is_that_of_its_recipients(self):
        big = self._make_sent(SENT_AT, sent_count=100, delivered_count=93)
        both = [("id", "in", (big | self.mailing).ids)]
        Mailing = self.env["mailjet.mailing"].with_user(self.user)
        groups = Mailing._read_group(
            both, [], ["delivered_ratio:avg", "opened_ratio:avg"]
        )
        self.assertEqual(groups, [(100 / 113, 3 / 100)])
        self.assertEqual(
            Mailing.search(both, order="delivered_ratio desc").ids,
            [big.id, self.mailing.id],
        )

    # === TIME === #

    def test_every_bar_opens_its_recipients(self):
        hour, day = 60, 24 * 60
        self._receive(
            self._event("open", "unread@example.com", -5),
            self._event("open", "angry@example.com", 3 * hour),
            self._event("open", "late@example.com", 47 * hour + 59),
            self._event("click", "ann@example.com", 48 * hour),
            self._event("click", "bob@example.com", 29 * day),
            self._event("open", "cat@example.com", 400 * day),
        )
        self._apply()
        timeline = self.seen.get_statistics()["timeline"]
        self.assertEqual(len(timeline["hours"]), 48)
        self.assertEqual(len(timeline["days"]), 31)
        self.assertEqual(timeline["days"][-1]["start"], 30 * 24)
        for period, opened in {"hours": 6, "days": 9}.items():
            bars = timeline[period]
            self.assertEqual(sum(bar["opened_count"] for bar in bars), opened)
            for bar in bars:
                for figure in ("opened_count", "clicked_count"):
                    with self.subTest(period, figure=figure, start=bar["start"]):
                        action = self.seen.action_open_recipients(
                            figure, bar["start"], bar["end"]
                        )
                        self.assertEqual(len(self._people(action)), bar[figure])

    # === LINKS === #

    def test_a_link_opens_who_clicked_it(self):
        self._receive(self._event("click", "ann@example.com"))
        self._apply()
        links = self.seen.get_statistics()["links"]
        self.assertEqual(
            [(link["url"][-1], link["recipient_count"]) for link in links],
            [("a", 2), ("b", 1)],
        )
        for link in links:
            people = self._people(self.seen.action_open_link_recipients(link["id"]))
            self.assertEqual(len(people), link["recipient_count"])

    # === COMPARISON === #

    def test_comparison_with_the_ten_mailings_before(self):
        for days in range(1, 13):
            self._make_sent(
                SENT_AT - timedelta(days=days),
                sent_count=10,
                delivered_count=10 if days <= 10 else 1,
                opened_count=days,
            )
        self._make_sent(SENT_AT + timedelta(days=1), sent_count=10)
        self._make_sent(SENT_AT - timedelta(hours=1), sent_count=0)
        comparison = self.seen.get_statistics()["comparison"]
        averages = {rate["name"]: rate["average"] for rate in comparison["rates"]}
        self.assertEqual(comparison["count"], 10)
        self.assertEqual(averages["delivered_ratio"], 1)
        self.assertAlmostEqual(averages["opened_ratio"], 0.55)

    def test_the_first_mailing_is_compared_with_nothing(self):
        self.env["mailjet.mailing"].search(
            [("id", "!=", self.mailing.id), ("sent_date", "!=", False)]
        ).write({"sent_date": SENT_AT})
        comparison = self.seen.get_statistics()["comparison"]
        self.assertEqual(comparison["count"], 0)
        self.assertEqual({rate["average"] for rate in comparison["rates"]}, {False})

    # === LEADS === #

    def test_leads_and_revenue_are_those_of_the_source_that_the_user_may_see(self):
        other = new_test_user(
            self.env, "seller", "sales_team.group_sale_salesman_all_leads"
        )
        source = {"source_id": self.mailing.source_id.id}
        self._make_lead("a@example.com", expected_revenue=100, **source)
        lost = self._make_lead("b@example.com", expected_revenue=1000, **source)
        lost.action_set_lost()
        self._make_lead("c@example.com", expected_revenue=7)
        self._make_lead(
            "d@example.com", expected_revenue=30, **source | {"user_id": other.id}
        )
        boss = self.manager
        boss.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        for user, count, revenue in ((self.user, 2, 100), (boss, 3, 130)):
            with self.subTest(user.login):
                seen = self.mailing.with_user(user)
                self.assertEqual(seen.attributed_lead_count, count)
                self.assertEqual(seen.attributed_revenue, revenue)
                action = seen.action_view_leads()
                leads = self.env["crm.lead"].with_user(user)
                leads = leads.with_context(**action["context"]).search(action["domain"])
                self.assertEqual(len(leads), count)

    # === ANALYSIS === #

    def test_the_analysis_adds_up_to_the_mailing(self):
        Report = self.env["mailjet.recipient.report"].with_user(self.user)
        figures = [figure for figure in RESULT_COUNTS if figure in Report]
        ((mailing, *sums),) = Report._read_group(
            [("mailing_id", "=", self.mailing.id)],
            ["mailing_id"],
            [f"{figure}:sum" for figure in figures] + ["opened_ratio:avg"],
        )
        self.assertEqual(sums, [*(mailing[figure] for figure in figures), 3 / 7])

    def test_the_analysis_groups_by_everything_that_it_offers(self):
        self.people.user_id = self.manager
        Report = self.env["mailjet.recipient.report"].with_user(self.user)
        of_mailing = [("mailing_id", "=", self.mailing.id)]
        for groupby, value in {
            "sent_date:day": SENT_AT.replace(hour=0),
            "kind": "contact",
            "company_id": self.mailing.company_id,
            "user_id": self.user,
            "campaign_id": self.env["utm.campaign"],
            "salesperson_id": self.manager,
            "country_id": self.env["res.country"],
        }.items():
            with self.subTest(groupby):
                groups = Report._read_group(of_mailing, [groupby], ["__count"])
                self.assertEqual(groups, [(value, 13)])

    def test_the_analysis_keeps_companies_apart(self):
        stranger = self._make_stranger()
        Report = self.env["mailjet.recipient.report"].with_user(stranger)
        self.assertFalse(Report.search([("mailing_id", "=", self.mailing.id)]))
        with self.assertRaises(UserError):
            self.mailing.with_user(stranger).get_statistics()
        with self.assertRaises(UserError):
            self.mailing.with_user(stranger).action_open_recipients("sent_count")
