"""A pytest plugin for Odoo's own tests: chooses those that Odoo would run, and writes
what became of each.

Writes ``{outcomes, reasons}``, both by the tests' names, as JSON to the file that
MASSMAILING_ODOO_REPORT names. ``reasons`` has the last line of each failure.
"""

import json
import os
from pathlib import Path

from .pytest_report import Report


class OdooReport(Report):
    """The outcomes of one run, by name."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.reasons: dict[str, str] = {}

    def pytest_collection_modifyitems(self, config, items):
        """Leave out what Odoo does not run unless it is asked for by a tag."""
        standard = [
            item for item in items if "standard" in getattr(item.cls, "test_tags", ())
        ]
        config.hook.pytest_deselected(
            items=[item for item in items if item not in set(standard)]
        )
        items[:] = standard

    def pytest_runtest_logreport(self, report):
        super().pytest_runtest_logreport(report)
        self._note(report)

    def pytest_collectreport(self, report):
        super().pytest_collectreport(report)
        self._note(report)

    def _note(self, report):
        if report.outcome == "failed":
            lines = str(report.longrepr).strip().splitlines()
            marked = [line for line in lines if line.startswith("E ")]
            reason = (marked or lines or [""])[0]
            self.reasons.setdefault(report.nodeid, reason.removeprefix("E").strip())

    def pytest_sessionfinish(self):
        found = {"outcomes": self.outcomes, "reasons": self.reasons}
        self.path.write_text(json.dumps(found))


def pytest_configure(config):
    path = os.environ.get("MASSMAILING_ODOO_REPORT")
    if path:
        config.pluginmanager.register(OdooReport(Path(path)))
