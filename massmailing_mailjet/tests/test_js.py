import logging
import re
from pathlib import Path

from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

from odoo.addons.web.tests import test_js

MODULE = "massmailing_mailjet"
TEST = re.compile(r"^\s*test\(", re.MULTILINE)
PASSED = re.compile(r"\[HOOT\] Passed (\d+) tests")
FAILED = re.compile(r"\[HOOT\] Test .* failed:")
# A library that Debian's Odoo comes without; its absence is an error in the console.
ABSENT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@tagged("post_install", "-at_install")
class TestJavaScript(HttpCase):
    """The tests in ``static/tests/``, run by Odoo's own runner in a browser."""

    def setUp(self):
        super().setUp()
        self._leave_out_what_is_absent()
        self.messages = []
        logger = self._logger.getChild("browser")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.INFO)
        logger.addFilter(self._note)
        self.addCleanup(logger.removeFilter, self._note)

    def _note(self, record):
        self.messages.append(record.getMessage())
        return True

    def _leave_out_what_is_absent(self):
        try:
            file_path(ABSENT)
        except FileNotFoundError:
            self.env["ir.asset"].create(
                {
                    "name": "Absent",
                    "bundle": "web.assets_backend",
                    "directive": "remove",
                    "path": ABSENT,
                }
            )

    def test_units(self):
        suite = test_js.HOOTCommon._generate_hash(None, f"@{MODULE}")
        try:
            self.browser_js(
                f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
                code="",
                login="admin",
                timeout=300,
                success_signal="[HOOT] Test suite succeeded",
                error_checker=test_js.unit_test_error_checker,
            )
        except AssertionError as error:
            failures = [text for text in self.messages if FAILED.search(text)]
            raise AssertionError("\n".join([str(error), *failures])) from error
        # The runner takes a suite without tests, or with some skipped, for a success.
        passed = [int(n) for text in self.messages for n in PASSED.findall(text)]
        folder = Path(file_path(f"{MODULE}/static/tests"))
        written = sum(
            len(TEST.findall(path.read_text())) for path in folder.rglob("*.test.js")
        )
        self.assertTrue(written)
        self.assertEqual(passed, [written])
