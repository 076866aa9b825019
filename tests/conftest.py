"""Which tests share a process when there are several."""

import os
from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

# These share no server with the others of their folder.
APART = {
    "tests/e2e/test_clicks.py",
    "tests/e2e/test_lifecycle.py",
    "tests/e2e/test_screens.py",
    "tests/e2e/test_upgrade.py",
    "tests/e2e/test_workers.py",
}


class FolderScheduling(LoadScopeScheduling):
    """Keeps the tests of a folder in one process, since they share servers.

    Where all faults are run, each process has servers of its own.
    """

    def _split_scope(self, nodeid):
        if "MASSMAILING_FAULTS" in os.environ:
            return nodeid
        path = nodeid.partition("::")[0]
        return path if path in APART else str(PurePosixPath(path).parent)


def pytest_xdist_make_scheduler(config, log):
    return FolderScheduling(config, log)
