import csv
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.reporting import mailjet_export
from .statistics_common import BEHIND, StatisticsCase


@tagged("post_install", "-at_install")
class TestExport(HttpCase, StatisticsCase):
    """The report of a mailing as a file, and Odoo's own export."""

    def setUp(self):
        super().setUp()
        self.user.group_ids |= self.env.ref("base.group_allow_export")
        self.user.tz = "Europe/Paris"

    def _get(self, name, login="mailer", mailing=None):
        self.authenticate(login, login)
        mailing = mailing or self.mailing
        return self.url_open(f"/mailjet/mailing/{mailing.id}/{name}")

    def _get_table(self):
        answer = self._get("people.csv")
        self.assertEqual(answer.status_code, 200)
        text = answer.content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_the_csv_has_everybody_in_any_number_of_chunks(self):
        for chunk in (1, 5, 13, 5_000):
            with (
                self.subTest(chunk),
                patch.object(mailjet_export, "CHUNK", chunk),
            ):
                addresses = [row["Address"] for row in self._get_table()]
                self.assertEqual(len(addresses), 13)
                self.assertEqual(
                    {address.lower().partition("@")[0] for address in addresses},
                    BEHIND["sent_count"],
                )

    def test_the_csv_says_what_they_did(self):
        rows = {row["Name"]: row for row in self._get_table()}
        self.assertEqual(rows["clicker"]["Status"], "Clicked")
        self.assertEqual(rows["clicker"]["Clicks"], "2")
        # 08:01 UTC is 09:01 in Paris in winter.
        self.assertEqual(rows["clicker"]["First opened on"], "2026-03-02 09:01:00")
        self.assertEqual(rows["gone"]["Bounce"], "Hard")
        self.assertTrue(rows["gone"]["Reason not delivered"])
        self.assertEqual(rows["unread"]["First opened on"], "")

    def test_no_cell_is_a_formula(self):
        self.fates[0].name = "=cmd|' /C calc'!A0"
        self._recipients().filtered(
            lambda row: row.partner_id == self.fates[0]
        ).name = self.fates[0].name
        self.env.flush_all()
        self.assertIn("'=cmd|' /C calc'!A0", [r["Name"] for r in self._get_table()])

    def _get_book(self):
        answer = self._get("report.xlsx")
        self.assertEqual(answer.status_code, 200)
        return openpyxl.load_workbook(io.BytesIO(answer.content))

    def test_the_excel_file_has_counts_links_and_recipients(self):
        book = self._get_book()
        self.assertEqual(book.sheetnames, ["Figures", "Links", "Recipients"])
        figures = {row[0].value: row for row in book["Figures"]}
        self.assertEqual(figures["Opened"][1].value, 3)
        self.assertAlmostEqual(figures["Opened"][2].value, 3 / 7)
        self.assertEqual(figures["Opened"][2].number_format, "0.0%")
        links = [[cell.value for cell in row] for row in book["Links"]][1:]
        self.assertEqual(
            links,
            [["https://example.com/a", 1, 1], ["https://example.com/b", 1, 1]],
        )
        self.assertEqual(book["Recipients"].max_row, 14)

    def test_an_excel_file_says_when_it_does_not_hold_everybody(self):
        with (
            patch.object(mailjet_export, "XLSX_ROWS", 10),
            patch.object(mailjet_export, "CHUNK", 5),
        ):
            people = list(self._get_book()["Recipients"].values)
        self.assertEqual(len(people), 12)
        self.assertRegex(
            people[-1][0], "at most 10 recipients. The CSV file contains all of them"
        )

    def test_who_may_not(self):
        export, user = (
            "base.group_allow_export",
            "massmailing_mailjet.mailjet_group_user",
        )
        new_test_user(self.env, "no_export", user)
        new_test_user(self.env, "outsider", f"base.group_user,{export}")
        self._make_stranger(groups=f"{user},{export}")
        for login in ("no_export", "outsider", "stranger"):
            for name in ("people.csv", "report.xlsx"):
                with self.subTest(login, name=name):
                    answer = self._get(name, login)
                    self.assertEqual(answer.status_code, 403)
                    self.assertNotIn("reader@example.com", answer.text)

    def test_a_mailing_that_is_not_there_or_has_not_left(self):
        draft = self._make_mailing(self.people)
        self.assertGreaterEqual(self._get("people.csv", mailing=draft).status_code, 400)
        draft.unlink()
        self.assertEqual(self._get("people.csv", mailing=draft).status_code, 404)

    def test_odoos_own_export_works_for_the_user(self):
        for figure in ("sent_count", "opened_count"):
            with self.subTest(figure):
                action = self.seen.action_open_recipients(figure)
                rows = self.env["mailjet.recipient"].with_user(self.user)
                rows = rows.search(action["domain"])
                data = rows.export_data(["name", "status", "opened_date", "mailing_id"])
                self.assertEqual(len(data["datas"]), len(BEHIND[figure]))
        self.user.group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaises(UserError):
            rows.export_data(["name"])
