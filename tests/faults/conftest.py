"""A mailing on its way through a real Odoo, while everything around it breaks.

`./dev test` runs a selection, `./dev test --faults` everything: it sets
MASSMAILING_FAULTS.
"""

import os
from pathlib import Path

import pytest
from calls import name_of
from rig import Rig
from servers import of_this_process

WHOLE = "MASSMAILING_FAULTS" in os.environ


def pytest_generate_tests(metafunc):
    """Parametrize a test with its mark `cases(names, all, few)`: with all of its cases,
    or with the few that are enough for every day."""
    for mark in metafunc.definition.iter_markers("cases"):
        names, everything, few = mark.args
        metafunc.parametrize(names, everything if WHOLE else few, ids=name_of)


def pytest_collection_modifyitems(config, items):
    """Leave out, every day, what has the mark `whole`."""
    left_out = [] if WHOLE else [i for i in items if i.get_closest_marker("whole")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_configure(config):
    for mark in (
        "cases(names, all, few): parametrize with all cases or with a few",
        "whole: takes too long for every day",
    ):
        config.addinivalue_line("markers", mark)


@pytest.fixture(scope="session")
def session_rig():
    """One Odoo with a worker, for all tests of a process."""
    name = of_this_process("faults")
    scratch = Path(os.environ["MASSMAILING_SCRATCH"]) / name
    scratch.mkdir(parents=True)
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}{name}"
    with Rig(scratch, database) as rig:
        yield rig


@pytest.fixture
def rig(session_rig):
    """The same with an empty sandbox and no faults."""
    session_rig.begin()
    return session_rig
