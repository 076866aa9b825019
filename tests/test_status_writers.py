"""The status of recipients is written in one place."""

import ast
import re

import pytest
from source_files import ADDON, relative

# The one place that writes `status` of recipients, and the others with their reasons.
STATUS_WRITERS = {
    "models/recipients/mailjet_recipient_status.py": "the one place, by its table",
    "models/recipients/mailjet_recipient_load.py": "new rows are pending",
    "models/recipients/mailjet_mailing_follow_up.py": "new rows are pending",
    "models/feedback/mailjet_recipient_tracking.py": "one statement writes all that is "
    "reported; the status in it comes from the one place",
    "models/feedback/mailjet_recipient_erase.py": "the same where reports are erased",
    "models/recipients/mailjet_record_sync.py": "writes what records say, by the "
    "columns it lists; the status is none of them",
    "models/account/mailjet_account_synchronize.py": "the status of a sender",
}
# A statement that writes a status, or that takes the columns it writes from elsewhere.
WRITTEN_STATUS = re.compile(
    r"UPDATE\s+mailjet_recipient\b(?:\s+\w+)?\s+SET\s+"
    r"(?:%|(?:(?!\bWHERE\b|\bFROM\b).)*?\bstatus\s*=)"
    r"|INSERT\s+INTO\s+mailjet_recipient\s*\((?:%\(\w+\)s|[^()])*\bstatus\b",
    re.DOTALL,
)
# Methods of the ORM that write what they are given.
WRITES = {"write", "create", "update"}


def writes_status(source):
    """Return whether a file writes a field ``status``, by SQL or by the ORM."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WRITTEN_STATUS.search(node.value):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = node.func.attr in WRITES and ast.Tuple(node.args)
            if given and any("status" in keys(part) for part in ast.walk(given)):
                return True
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "status":
                    return True
    return False


def keys(node):
    """Return the texts that are keys of a dictionary."""
    written = node.keys if isinstance(node, ast.Dict) else ()
    return {key.value for key in written if isinstance(key, ast.Constant)}


@pytest.mark.parametrize(
    ("source", "is_found"),
    (
        ("rows.write({'status': 'pending'})", True),
        ("rows.sudo().create([{'name': 'x', 'status': 'sent'}])", True),
        ("row.status = 'sent'", True),
        ("SQL(\"UPDATE mailjet_recipient r SET name = 'x', status = 'y'\")", True),
        ("SQL('UPDATE mailjet_recipient SET %s', columns)", True),
        ("SQL('INSERT INTO mailjet_recipient (id, status) SELECT 1')", True),
        ("SQL(\"UPDATE mailjet_recipient SET a = 1 WHERE status = 'y'\")", False),
        ("SQL(\"SELECT FROM mailjet_recipient WHERE status = 'y'\")", False),
        ("rows.search([('status', '=', 'sent')])", False),
        ("status = row.status", False),
    ),
)
def test_writers_of_a_status_are_found(source, is_found):
    assert writes_status(source) == is_found


def test_one_place_writes_the_status_of_recipients():
    writers = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and writes_status(path.read_text())
    }
    assert writers == STATUS_WRITERS.keys()
