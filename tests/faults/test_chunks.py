"""A mailing that is handed over in several chunks."""

import pytest
from calls import EFFECTS, SEND_CALL, name_of
from launchers import SMALL_CHUNKS, launched_by
from readers import PLANNED
from test_crashes import crash
from test_random import Story
from test_wire import KINDS

UPLOAD = ("POST", "CSVData")
SEARCH = ("GET", "batchjob$")
IMPORT = ("POST", "csvimport$")
POLL = ("GET", "csvimport/")
CALLS = [UPLOAD, SEARCH, IMPORT, POLL]
CHUNKS = 4
RUNS = 20


@pytest.fixture(scope="module")
def small_chunks(session_rig):
    """Workers that hand the readers over in four chunks."""
    with launched_by(session_rig, SMALL_CHUNKS):
        yield


@pytest.fixture
def rig(small_chunks, rig):
    return rig


def count_imports(rig):
    return sum(row["effect"] for row in rig.sandbox.requests(path="csvimport"))


def test_all_chunks_are_imported_before_the_sending(rig):
    """One after the other, while the next is handed over."""
    rig.sandbox.control("PUT", "settings", json={"job_seconds": 1})
    rig.assert_sent_once(rig.send())
    assert count_imports(rig) == CHUNKS
    log = [(row["method"], row["path"]) for row in rig.sandbox.requests()]
    uploads = [n for n, (_method, path) in enumerate(log) if "CSVData" in path]
    imports = [
        n for n, call in enumerate(log) if call == ("POST", "/v3/REST/csvimport")
    ]
    assert len(uploads) == CHUNKS
    assert uploads[1] < imports[1]


@pytest.mark.cases("skip", [1, CHUNKS - 1], [1])
@pytest.mark.cases("call", CALLS, [IMPORT])
@pytest.mark.cases("when", ["before", "after", "late"], ["after"])
def test_a_crash_at_a_chunk(rig, call, when, skip):
    rig.assert_sent_once(crash(rig, call, when, skip=skip))


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS[::2])
@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_one_fault_at_a_later_chunk(rig, call, kind):
    rig.plan_twice(kind, *call, skip=1)
    rig.assert_sent_once(rig.send())


@pytest.mark.whole
def test_the_database_goes_away_at_a_later_chunk(rig):
    rig.plan("slow", *UPLOAD, seconds=1, skip=2)
    mailing = rig.send()
    rig.wait_for_hanging_call()
    rig.cut_connections()
    rig.assert_sent_once(mailing)


@pytest.mark.whole
def test_refused_rows_of_several_chunks(rig):
    """Those of each chunk fail, and the others are waited for."""
    rig.sandbox.control("PUT", "settings", json={"refused_text": "1@"})
    mailing = rig.send()
    refused = {email for email in PLANNED if "1@" in email}
    assert len(refused) > 2
    rig.assert_sent_once(mailing, PLANNED - refused)


@pytest.mark.cases("seed", range(2000, 2000 + RUNS), [2003])
def test_a_story_in_chunks(rig, seed):
    story = Story(seed, [*CALLS * 2, *EFFECTS, SEND_CALL])
    rig.begin(story.https)
    mailing = rig.make_mailing()
    story.plan(rig)
    rig.send(mailing)
    story.tell(rig)
    rig.assert_sent_once(mailing)
