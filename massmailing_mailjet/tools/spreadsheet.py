"""Tables for spreadsheet programs, in pieces, with no cell that is a formula."""

import csv
import io
from itertools import chain

import xlsxwriter

# What a spreadsheet program takes for the beginning of a formula, when a text begins
# with it. https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# Excel takes a file without this mark for one in a national encoding.
BYTE_ORDER_MARK = "\ufeff"

# Texts stay texts, and rows go to the disk as they come.
XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
COLUMN_WIDTH = 20


def safe_cell(value):
    """Return a value of a cell such that no program calculates it: a text that would
    be a formula gets an apostrophe, and all else stays."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def to_csv(chunks):
    """Yield the bytes of a CSV, one piece for each chunk.

    :param chunks: an iterable of lists of rows, so that a table of any length needs
        the memory of one chunk
    """
    mark = BYTE_ORDER_MARK
    for rows in chunks:
        buffer = io.StringIO()
        csv.writer(buffer).writerows(
            [safe_cell(value) for value in row] for row in rows
        )
        yield (mark + buffer.getvalue()).encode()
        mark = ""


def write_xlsx(output, sheets):
    """Write an Excel file; numbers with a fraction are shown as percentages.

    :param output: a file that is open for writing bytes
    :param dict sheets: an iterable of lists of rows for each title; the first row is
        the sheet's header
    """
    with xlsxwriter.Workbook(output, XLSX_OPTIONS) as book:
        header = book.add_format({"bold": True})
        percent = book.add_format({"num_format": "0.0%"})
        for title, chunks in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.set_column(0, 30, COLUMN_WIDTH)
            for line, row in enumerate(chain.from_iterable(chunks)):
                for column, value in enumerate(row):
                    style = percent if isinstance(value, float) else None
                    sheet.write(
                        line, column, safe_cell(value), style if line else header
                    )
