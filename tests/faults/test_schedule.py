"""Mailings that Mailjet itself sends at their hour: prepared ahead, handed over,
moved and withdrawn, while everything around them breaks."""

from contextlib import suppress

import pytest
from calls import CALLS, name_of
from readers import PLANNED
from test_crashes import crash
from test_random import Story
from test_wire import KINDS

SCHEDULE = ("POST", "campaigndraft/.*/schedule$")
WITHDRAWAL = ("DELETE", "campaigndraft/.*/schedule$")
DRAFT = ("GET", r"campaigndraft/\d+$")
EXCLUSION = ("POST", "managemanycontacts$")
WHENS = ("before", "after", "late")
RUNS = 30
LEFT = "reader7@example.com"


def assert_sent_once(rig, mailing, planned=PLANNED):
    """Check that the mailing was sent once, however often Mailjet got a time."""
    state = rig.settle(mailing)
    assert state["state"] == "done", (state, rig.history())
    rig.assert_received_once(state, mailing, planned)


def assert_never_sent(rig, mailing):
    """Check that a withdrawn mailing is not sent, whatever time passes."""
    rig.wait_until_state(mailing, "draft")
    rig.sandbox.control("POST", "schedules", json={"seconds": 7 * 86_400})
    assert not rig.sandbox.messages(kind="campaign"), rig.history()
    # The sandbox would have sent it by now, in its turn: the next one does.
    rig.send(mailing)
    assert_sent_once(rig, mailing)


def held(rig):
    """Return a mailing that Mailjet holds for its hour."""
    mailing = rig.schedule()
    rig.wait_until_held(mailing)
    return mailing


def withdraw(rig, mailing):
    """Press "Unschedule"."""
    rig.user.call("mailjet.mailing", "action_cancel", [mailing])


# === HANDED OVER === #


@pytest.mark.cases("when", WHENS, ["after"])
def test_a_crash_when_mailjet_gets_the_time(rig, when):
    assert_sent_once(rig, crash(rig, SCHEDULE, when, rig.schedule))


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_about_the_hour_that_does_not_come(rig, kind, when):
    rig.plan(kind, *SCHEDULE, when=when)
    assert_sent_once(rig, rig.schedule())


@pytest.mark.whole
def test_mailjet_sends_by_itself(rig):
    """Mailjet gets one time, the mailing's."""
    mailing = held(rig)
    (call,) = rig.send_calls()
    assert call["path"].endswith("/schedule")
    rig.assert_sent_once(mailing)


@pytest.mark.whole
@pytest.mark.parametrize("when", WHENS)
def test_a_crash_while_a_late_unsubscription_is_handed_over(rig, when):
    mailing = held(rig)
    reader = rig.admin.find("res.partner", ("email", "=", LEFT))
    flag = {"massmailing_unsubscribed": True}
    rig.admin.call("res.partner", "write", [reader], flag)
    try:
        rig.plan("hang", *EXCLUSION, when=when)
        rig.die_at_hanging_call(when)
        assert_sent_once(rig, mailing, PLANNED - {LEFT})
    finally:
        flag = {"massmailing_unsubscribed": False}
        rig.admin.call("res.partner", "write", [reader], flag)


# === WITHDRAWN === #


@pytest.mark.cases("when", WHENS, ["before"])
def test_a_crash_when_it_is_withdrawn(rig, when):
    mailing = held(rig)
    crash(rig, WITHDRAWAL, when, lambda: withdraw(rig, mailing))
    assert_never_sent(rig, mailing)


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [WITHDRAWAL, DRAFT], ids=name_of)
def test_an_answer_about_the_withdrawal_that_does_not_come(rig, kind, call):
    mailing = held(rig)
    rig.plan_twice(kind, *call)
    withdraw(rig, mailing)
    assert_never_sent(rig, mailing)


# === MOVED === #


@pytest.mark.whole
@pytest.mark.parametrize("call", [WITHDRAWAL, SCHEDULE], ids=name_of)
@pytest.mark.parametrize("when", WHENS)
def test_a_crash_when_it_is_moved(rig, call, when):
    mailing = held(rig)
    crash(rig, call, when, lambda: rig.schedule(120, mailing))
    assert_sent_once(rig, mailing)


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [WITHDRAWAL, SCHEDULE], ids=name_of)
def test_an_answer_about_the_new_hour_that_does_not_come(rig, kind, call):
    mailing = held(rig)
    rig.plan_twice(kind, *call)
    rig.schedule(120, mailing)
    assert_sent_once(rig, mailing)


# === AT RANDOM === #


@pytest.mark.cases("seed", range(1000, 1000 + RUNS), [1003])
def test_a_scheduled_story(rig, seed):
    """Every other one is moved on its way, unless it was sent by then."""
    story = Story(seed, [*CALLS, SCHEDULE, DRAFT])
    rig.begin(story.https)
    mailing = rig.make_mailing()
    story.plan(rig)
    rig.schedule(60, mailing)
    story.tell(rig)
    if seed % 2:
        with suppress(AssertionError):
            rig.schedule(120, mailing)
    assert_sent_once(rig, mailing)
