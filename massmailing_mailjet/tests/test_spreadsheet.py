import csv
import io

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools.spreadsheet import safe_cell, to_csv, write_xlsx


@tagged("post_install", "-at_install")
class TestSpreadsheet(BaseCase):
    """Tables for spreadsheet programs."""

    def test_no_text_is_a_formula(self):
        for value, expected in {
            "=1+1": "'=1+1",
            "+33 1": "'+33 1",
            "-2": "'-2",
            "@SUM(A1)": "'@SUM(A1)",
            "\t=1": "'\t=1",
            "\r=1": "'\r=1",
            "a=1": "a=1",
            "": "",
            -2: -2,
            None: None,
        }.items():
            with self.subTest(value):
                self.assertEqual(safe_cell(value), expected)

    def test_csv_comes_in_pieces(self):
        pieces = list(to_csv([[["a", "é"]], [["=b", 1], ['c"', None]]]))
        self.assertEqual(len(pieces), 2)
        text = b"".join(pieces).decode("utf-8-sig")
        self.assertEqual(
            list(csv.reader(io.StringIO(text))),
            [["a", "é"], ["'=b", "1"], ['c"', ""]],
        )

    def test_excel_holds_texts_as_texts(self):
        output = io.BytesIO()
        write_xlsx(output, {"One": [[["=1", 0.5]], [["https://example.com", 2]]]})
        sheet = openpyxl.load_workbook(output)["One"]
        cells = [[cell.value for cell in row] for row in sheet]
        self.assertEqual(cells, [["'=1", 0.5], ["https://example.com", 2]])
        self.assertEqual({cell.data_type for cell in sheet["A"]}, {"s"})
