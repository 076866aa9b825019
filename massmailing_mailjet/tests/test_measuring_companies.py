from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .measuring_common import CompaniesCase

UNKNOWN = {"open": "unknown", "click": "unknown"}


@tagged("post_install", "-at_install")
class TestMeasuringCompanies(CompaniesCase):
    """What an address says about measuring, it says to one company."""

    def _get_choices(self, company, email="ann@example.com"):
        return self.store._get_choices(company, [email])[email]

    def _enter(self, user=None, **values):
        return (
            self.env["mailjet.measuring"]
            .with_user(user or self.manager)
            .create(
                {
                    "email": "ann@example.com",
                    "kind": "open",
                    "choice": "granted",
                    "source_text": "Paper form",
                    **values,
                }
            )
        )

    def _find_reminded(self):
        """Return the first names of those whom a reminder of the mailing goes to."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT split_part(r.email_normalized, '@', 1) FROM mailjet_recipient r"
                " WHERE r.mailing_id = %s AND %s",
                self.mailing.id,
                self.mailing._get_follow_up_rows("reminder"),
            )
        )
        return {name for (name,) in rows}

    # === MEASURING === #

    def test_permission_to_one_company_does_not_let_another_one_measure(self):
        self._set_rule("consent")
        self._choose("granted")
        self._turn_to(1)
        self._tell(self._react("open"), self._react("click"))
        self.assertNothingMeasured()
        self.assertEqual(self._find_reminded(), set())
        reported = [("ann@example.com", "clicked", "2026-03-02 08:00:00", "")]
        self.env["mailjet.sync.message"]._apply(self.mailing, reported)
        self.env.invalidate_all()
        self.assertNothingMeasured()
        self._turn_to(0)
        self.assertEqual(self._find_reminded(), {"ann"})
        self._tell(self._react("open"), self._react("click"))
        self.assertEqual(self._get_row().status, "clicked")

    def test_withdrawal_towards_one_company_leaves_what_another_one_measured(self):
        self._set_rule("consent")
        kept = []
        for number in (0, 1):
            self._turn_to(number)
            self._choose("granted")
            self._tell(self._react("open"), self._react("click"))
            self.assertEqual(self._get_row().status, "clicked")
            kept.append((self._read_trace(), self._read_events()))
        self._choose("refused")
        self.assertNothingMeasured()
        self.assertFiguresAreRight()
        self.assertEqual(self.mailing.unmeasured_opened_count, 1)
        self._turn_to(0)
        self.assertEqual((self._read_trace(), self._read_events()), kept[0])
        self.assertFalse(self.mailing.unmeasured_opened_count)
        self.assertEqual(len(self._read_events()), 2)
        self._tell(self._react("open", minutes=5))
        self.assertEqual(self._get_row().open_count, 2)

    def test_waiting_events_of_another_company_are_kept(self):
        for number in (0, 1):
            self._turn_to(number)
            self._receive(self._react("open"))
        self._choose("refused", company=self.other)
        self._apply()
        self.assertNothingMeasured()
        self._turn_to(0)
        self.assertEqual(self._get_row().status, "opened")

    def test_what_belongs_to_no_company_is_erased_with_any_refusal(self):
        unknown = {"customcampaign": "mj.nl=1"}
        self._receive(self._react("open", **unknown))
        self._choose("refused", company=self.other)
        self.assertFalse(self.env["mailjet.event"].search([]))
        self._receive(self._react("open", minutes=2, **unknown))
        self.assertFalse(self.env["mailjet.event"].search([]))
        self._receive(self._react("open", "bob@example.com", **unknown))
        self.assertTrue(self.env["mailjet.event"].search([]))

    def _read_events(self):
        return self.env["mailjet.event"].search(
            [("mailjet_draft_id", "=", self.campaign.mailjet_draft_id)]
        )

    # === ENTERING === #

    def test_each_company_keeps_what_it_was_told(self):
        self._choose("granted", kinds=["open"])
        self._choose("refused", company=self.other)
        self.assertEqual(
            self._get_choices(self.company), {"open": "granted", "click": "unknown"}
        )
        self.assertEqual(
            self._get_choices(self.other), {"open": "refused", "click": "refused"}
        )
        self.assertFalse(self.store.search([("ended_date", "!=", False)]))

    def test_a_manager_enters_it_for_one_of_their_companies(self):
        self.assertEqual(self._enter().company_id, self.company)
        entered = self._enter(company_id=self.other.id)
        self.assertEqual(entered.company_id, self.other)
        self.assertEqual(self._get_choices(self.company)["open"], "granted")
        third = self.env["res.company"].sudo().create({"name": "Third"})
        with self.assertRaises(AccessError):
            self._enter(company_id=third.id)
        self.assertEqual(self._get_choices(third), UNKNOWN)

    def test_a_file_says_the_company(self):
        names = ["email", "kind", "choice", "source_text", "company_id"]
        row = ["ann@example.com", "open", "refused", "Old system"]
        store = self.env["mailjet.measuring"].with_user(self.manager)
        result = store.with_context(import_file=True).load(
            names, [[*row, self.company.name], [*row, self.other.name]]
        )
        self.assertEqual(result["messages"], [])
        entered = store.browse(result["ids"])
        self.assertEqual(entered.company_id, self.company | self.other)

    def test_a_manager_sees_the_choices_of_their_companies(self):
        self._choose("granted")
        self._choose("refused", company=self.other)
        store = self.env["mailjet.measuring"].with_user(self.manager)
        self.assertEqual(store.search([]).company_id, self.company | self.other)
        self.manager.company_ids = self.company
        self.assertEqual(store.search([]).company_id, self.company)
        record = self.env["mailjet.consent.record"].with_user(self.manager)
        [part] = [
            part
            for part in record._get_record("ann@example.com")["parts"]
            if part["sequence"] == 35
        ]
        self.assertEqual(
            {entry["title"] for entry in part["entries"]},
            {"Clicks: Agreed", "Openings: Agreed"},
        )
        self.assertIn(("Company", self.company.name), part["entries"][0]["facts"])

    # === ERASING === #

    def test_erasing_at_one_company_leaves_permission_to_another_one(self):
        self._choose("granted")
        self._choose("granted", company=self.other)
        consent = self.env["mailjet.consent"].sudo()
        consent.with_context(allowed_company_ids=self.company.ids)._forget(
            ["ann@example.com"]
        )
        self.assertEqual(self._get_choices(self.company), UNKNOWN)
        self.assertEqual(self._get_choices(self.other)["open"], "granted")

    def test_an_erased_refusal_counts_where_it_was_said(self):
        self._choose("refused")
        self._choose("granted", company=self.other)
        self.env["mailjet.consent"].sudo()._forget(["bob@example.com"])
        consent = self.env["mailjet.consent"].sudo()
        consent.with_context(allowed_company_ids=self.company.ids)._forget(
            ["ann@example.com"]
        )
        for _look in ("by its digest", "recalled"):
            self.assertEqual(self._get_choices(self.company)["open"], "refused")
            self.assertEqual(self._get_choices(self.other)["open"], "granted")
            consent._recall(["ann@example.com"])

    def test_an_address_is_given_what_it_told_the_companies_of_the_user(self):
        self._choose("granted", kinds=["open"])
        self._choose("refused", kinds=["open"], company=self.other)
        erasure = self.env["mailjet.erasure"].with_user(self.manager)
        emails = ["ann@example.com"]
        found = erasure._export([self.ann], emails)["measuring"]
        self.assertEqual(
            {choice["company"]: choice["choice"] for choice in found},
            {self.company.name: "granted", self.other.name: "refused"},
        )
        own = erasure.with_context(allowed_company_ids=self.company.ids)
        [choice] = own._export([self.ann], emails)["measuring"]
        self.assertEqual(choice["choice"], "granted")

    # === DELETED COMPANIES === #

    def _delete_company(self):
        """Delete a company to which addresses have said something."""
        gone = self.env["res.company"].create({"name": "Gone"})
        self._choose("refused", company=gone)
        self._choose("granted", "bob@example.com", company=gone)
        gone.unlink()
        self.env.invalidate_all()

    def test_a_refusal_outlives_its_company_and_permission_does_not(self):
        self._delete_company()
        refused = {"open": "refused", "click": "refused"}
        for company in (self.company, self.other):
            self.assertEqual(self._get_choices(company), refused)
            choices = self._get_choices(company, "bob@example.com")
            self.assertEqual(choices, UNKNOWN)
        ended = self.store.search([("ended_date", "!=", False)])
        self.assertEqual(ended.mapped("choice"), ["granted"] * 2)
        self._set_rule("all")
        self._tell(self._react("open"), self._react("open", "bob@example.com"))
        self.assertNothingMeasured()
        self.assertEqual(self._get_row("bob@example.com").status, "opened")
        self._set_rule("consent")
        self._tell(self._react("click", "bob@example.com"))
        self.assertFalse(self._get_row("bob@example.com").clicked_date)

    def test_no_file_overrides_it_and_its_address_does(self):
        self._delete_company()
        source = self.env["mailjet.measuring"].with_user(self.manager)
        result = source.with_context(import_file=True).load(
            ["email", "kind", "choice", "source_text"],
            [["ann@example.com", "open", "granted", "Old system"]],
        )
        self.assertEqual(result["messages"], [])
        self.assertEqual(self._get_choices(self.company)["open"], "refused")
        self._choose("granted")
        self.assertEqual(self._get_choices(self.company)["open"], "granted")
        self.assertEqual(self._get_choices(self.other)["open"], "refused")

    def test_an_erased_refusal_outlives_its_company_as_well(self):
        gone = self.env["res.company"].create({"name": "Gone"})
        self._choose("refused", company=gone)
        self.env["mailjet.consent"].sudo()._forget(["ann@example.com"])
        gone.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._get_choices(self.company)["open"], "refused")
