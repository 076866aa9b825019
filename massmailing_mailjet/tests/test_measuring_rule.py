from odoo.tests import tagged
from odoo.tools import SQL

from .common import MailjetCase
from .health_common import HealthCase


@tagged("post_install", "-at_install")
class TestMeasuringRule(MailjetCase):
    """Who may be measured: by the choice, the rule of the company and the country."""

    def setUp(self):
        super().setUp()
        self.company = self.env["res.company"].create({"name": "Sender"})
        self.store = self.env["mailjet.measuring"]

    def _set_country(self, record, code):
        record.country_id = code and self.env["res.country"].search(
            [("code", "=", code)]
        )

    def _choose(self, email, choice, company=None):
        text = self.store._get_text(self.company)
        proof = {"text_id": text.id}
        self.store._choose(
            company or self.company, [email], {"open": choice}, "recipient", proof
        )

    def _find_measured(self, mailing, kind="open"):
        self.env.flush_all()
        company = SQL("%s", self.company.id)
        may_measure = (
            self.store._may_measure(kind, company)
            if kind
            else self.store._may_measure_all(company)
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT split_part(r.email_normalized, '@', 1) FROM mailjet_recipient r"
                " WHERE r.mailing_id = %s AND %s",
                mailing.id,
                may_measure,
            )
        )
        return {name for (name,) in rows}

    def test_the_default_is_that_of_the_country(self):
        for country, rule in (
            ("FR", "consent"),
            ("RE", "consent"),
            ("IT", "consent"),
            ("US", "unless_refused"),
            (False, "unless_refused"),
        ):
            with self.subTest(country):
                self._set_country(self.company, country)
                self.assertEqual(self.company._get_mailjet_measuring_rule(), rule)
        self._set_country(self.company, "FR")
        self.company.mailjet_measuring_rule = "all"
        self.assertEqual(self.company._get_mailjet_measuring_rule(), "all")

    def test_each_rule_on_each_choice_and_country(self):
        fay = self.env["res.partner"].create({"name": "F", "email": "fay@example.com"})
        self._set_country(fay, "FR")
        gus = self.env["res.partner"].create({"name": "G", "email": "gus@example.com"})
        self._set_country(gus, "IT")
        mailing = self._make_mailing(self.people | fay | gus)
        self._choose("ann@example.com", "granted")
        self._choose("bob@example.com", "refused")
        self._choose("fay@example.com", "granted")
        # What is said to another company counts for none of these.
        for name, choice in (
            ("ann", "refused"),
            ("bob", "granted"),
            ("cat", "refused"),
            ("fay", "refused"),
            ("gus", "granted"),
        ):
            self._choose(f"{name}@example.com", choice, self.env.company)
        for rule, measured in (
            ("all", {"ann", "cat", "fay", "gus"}),
            ("unless_refused", {"ann", "cat", "fay"}),
            ("consent", {"ann", "fay"}),
        ):
            with self.subTest(rule):
                self.company.mailjet_measuring_rule = rule
                self.assertEqual(self._find_measured(mailing), measured)
                both = measured & self._find_measured(mailing, "click")
                self.assertEqual(self._find_measured(mailing, None), both)

    def test_a_refusal_without_a_company_counts_unless_this_one_was_answered(self):
        mailing = self._make_mailing(self.people)
        self._choose("ann@example.com", "refused", self.env.company)
        self._choose("bob@example.com", "refused", self.env.company)
        self._choose("cat@example.com", "granted", self.env.company)
        self.env.cr.execute("UPDATE mailjet_measuring SET company_id = NULL")
        self._choose("bob@example.com", "granted")
        for rule, measured in (("all", {"bob", "cat"}), ("consent", {"bob"})):
            with self.subTest(rule):
                self.company.mailjet_measuring_rule = rule
                self.assertEqual(self._find_measured(mailing), measured)
                both = measured & self._find_measured(mailing, "click")
                self.assertEqual(self._find_measured(mailing, None), both)

    def test_clicks_are_another_choice(self):
        self.company.mailjet_measuring_rule = "consent"
        self._choose("ann@example.com", "granted")
        mailing = self._make_mailing(self.people)
        self.assertEqual(self._find_measured(mailing, "click"), set())
        self.assertEqual(self._find_measured(mailing, None), set())
        proof = {"text_id": self.store._get_text(self.company).id}
        self.store._choose(
            self.company,
            ["ann@example.com"],
            {"click": "granted"},
            "recipient",
            proof,
        )
        self.assertEqual(self._find_measured(mailing, None), {"ann"})

    def test_the_country_of_a_lead_is_its_own_or_that_of_its_contact(self):
        self._set_country(self.bob, "FR")
        leads = self._make_lead("one@example.com") | self._make_lead("two@example.com")
        self._set_country(leads[0], "FR")
        leads[1].write({"partner_id": self.bob.id, "email_from": "two@example.com"})
        mailing = self._make_mailing(recipient_type="lead")
        mailing.action_load_filter(self._make_filter("Leads", leads).id)
        self._set_country(leads[1], False)
        self.assertEqual(self._find_measured(mailing), set())
        self._set_country(leads[1], "US")
        self.assertEqual(self._find_measured(mailing), {"two"})


@tagged("post_install", "-at_install")
class TestMeasuringRuleHealth(HealthCase):
    """The page of health asks for the rule."""

    def test_it_asks_until_somebody_chooses(self):
        company = self.account.company_id.sudo()
        company.mailjet_measuring_rule = False
        company.country_id = self.env.ref("base.fr")
        card = self.assertCard("measuring_rule", "unknown", "have agreed")
        action = card["button"]["action"]
        self.assertEqual(action["res_model"], "res.config.settings")
        company.country_id = self.env.ref("base.us")
        self.assertCard("measuring_rule", "unknown", "France and Italy")
        company.mailjet_measuring_rule = "consent"
        self.assertCard("measuring_rule", "ok", "have agreed")

    def test_only_administrators_are_led_to_the_settings(self):
        self.assertFalse(self._cards(user=self.manager)["measuring_rule"]["button"])
