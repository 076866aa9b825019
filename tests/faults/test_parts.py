"""A mailing that is sent as several campaigns."""

import json

import pytest
from calls import CALLS, EFFECTS, SEND_CALL
from launchers import IN_PARTS, launched_by
from readers import PLANNED
from test_crashes import crash
from test_random import Story

DRAFT = ("POST", "campaigndraft$")
CAMPAIGNS = 3
RUNS = 20


@pytest.fixture(scope="module")
def in_parts(session_rig):
    """Workers that divide the readers between three campaigns."""
    with launched_by(session_rig, IN_PARTS):
        yield


@pytest.fixture
def rig(in_parts, rig):
    return rig


def assert_sent_once(rig, mailing):
    """Check that each campaign was sent once, to readers of its own."""
    state = rig.settle(mailing)
    assert state["state"] == "done", (state, rig.history())
    assert len(rig.send_calls()) == CAMPAIGNS, rig.history()
    rig.assert_received_once(state, mailing, campaigns=CAMPAIGNS)


@pytest.mark.cases("skip", range(CAMPAIGNS), [1])
@pytest.mark.cases("call", EFFECTS, [SEND_CALL])
@pytest.mark.cases("when", ["before", "after", "late"], ["after"])
def test_a_crash_at_a_campaign(rig, call, when, skip):
    assert_sent_once(rig, crash(rig, call, when, skip=skip))


def test_a_refused_campaign_is_retried_alone(rig):
    """Nothing that was sent is sent again."""
    body = json.dumps({"ErrorMessage": "Not today", "StatusCode": 400})
    rig.plan("given", *DRAFT, skip=1, status=400, body=body)
    assert_sent_once(rig, rig.send())


@pytest.mark.cases("seed", range(3000, 3000 + RUNS), [3001])
def test_a_story_in_parts(rig, seed):
    story = Story(seed, CALLS)
    rig.begin(story.https)
    mailing = rig.make_mailing()
    assert len(PLANNED) > CAMPAIGNS
    story.plan(rig)
    rig.send(mailing)
    story.tell(rig)
    assert_sent_once(rig, mailing)
