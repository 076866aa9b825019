"""A pytest plugin: counts what ran, and which tests really used a browser.

Writes `{passed, failed, browser, skipped}` (three numbers and a list of names) as JSON
to the file that MASSMAILING_TEST_REPORT names. A test used a browser if it has the mark
`browser`, or if Odoo started Chromium for it. Where the tests run in several processes,
theirs tell the first, which writes.
"""

import json
import os
import sys
from pathlib import Path

import pytest
from xdist import is_xdist_worker

BROWSER = ("browser", True)


class Report:
    """The counts of one run of pytest."""

    def __init__(self, path: Path):
        self.path = path
        self.outcomes: dict[str, str] = {}
        self.browser: set[str] = set()
        self.watched = False

    def pytest_configure(self, config):
        config.addinivalue_line("markers", "browser: drives a real browser")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if item.get_closest_marker("browser"):
            item.user_properties.append(BROWSER)
        self.item = item
        self._watch_odoo()

    def pytest_runtest_logreport(self, report):
        name = report.nodeid
        # A failure is never forgotten; a pass of one phase yields to anything worse.
        worst = {"passed": 0, "skipped": 1, "failed": 2}
        known = self.outcomes.get(name, "passed")
        self.outcomes[name] = max(known, report.outcome, key=worst.__getitem__)
        if BROWSER in report.user_properties and report.when == "call":
            self.browser.add(name)

    def pytest_collectreport(self, report):
        if report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self, session):
        if is_xdist_worker(session):
            return
        names = list(self.outcomes)
        by_outcome = {
            outcome: [name for name in names if self.outcomes[name] == outcome]
            for outcome in ("passed", "failed", "skipped")
        }
        counts = {
            "passed": len(by_outcome["passed"]),
            "failed": len(by_outcome["failed"]),
            "browser": len(self.browser.difference(by_outcome["skipped"])),
            "skipped": by_outcome["skipped"],
        }
        self.path.write_text(json.dumps(counts))

    def _watch_odoo(self):
        """Note which of Odoo's tests start a browser."""
        common = sys.modules.get("odoo.tests.common")
        if self.watched or not common:
            return
        self.watched = True
        start = common.ChromeBrowser._spawn_chrome

        def noted(browser, *arguments):
            self.item.user_properties.append(BROWSER)
            return start(browser, *arguments)

        common.ChromeBrowser._spawn_chrome = noted


def pytest_configure(config):
    path = os.environ.get("MASSMAILING_TEST_REPORT")
    if path:
        config.pluginmanager.register(Report(Path(path)))
