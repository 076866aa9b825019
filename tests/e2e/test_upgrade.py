"""A database of the first version (commit fc3f743) is upgraded to this one."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from scratch_database import ADDON, ScratchDatabase
from servers import wait_until
from upgrade_scripts import BEGIN, CHECK, CONTINUE, FREEZE, USE

FIRST_VERSION = "fc3f743"
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def first_version(scratch):
    """The folder that holds the add-on as it was."""
    command = ["git", "-C", CHECKOUT, "archive", "--format=tar", FIRST_VERSION, ADDON]
    archive = subprocess.run(command, capture_output=True)
    assert not archive.returncode, (
        f"This test needs commit {FIRST_VERSION}: clone with the whole history. "
        + archive.stderr.decode()
    )
    folder = scratch / FIRST_VERSION
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def database(scratch):
    name = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}upgrade"
    database = ScratchDatabase(name, scratch)
    yield database
    database.drop()


def test_a_database_of_the_first_version_is_upgraded(database, first_version, sandbox):
    now = database.addons_path
    database.addons_path = now.replace(str(CHECKOUT), str(first_version))
    database.run("-i", ADDON, "--with-demo")
    for script in (USE, FREEZE, BEGIN.replace("SANDBOX", sandbox.url)):
        database.shell(script)
    database.addons_path = now
    database.run("-u", ADDON)
    database.shell(CHECK)
    database.shell(CONTINUE)
    wait_until(lambda: len(_find_continued(sandbox)) == 2, 30, "Mailjet sends")
    assert _find_continued(sandbox) == [
        ("ida@example.com", "Continued, Ida"),
        ("olaf@example.com", "Continued, Olaf"),
    ]


def _find_continued(sandbox):
    """Return the address and subject of each email of the mailing that went on."""
    found = [(m["to"], m["subject"]) for m in sandbox.messages(kind="campaign")]
    return sorted(row for row in found if row[1].startswith("Continued"))
