"""Every way in which an answer can fail to come, at every call."""

import pytest
from calls import CALLS, SEND_CALL, name_of

KINDS = ["reset", "429", "500", "502", "503", "504", "truncated", "html"]
FAULTS = [
    (call, kind, when, https)
    for number, call in enumerate(CALLS)
    for turn, kind in enumerate(KINDS)
    for when in ("before", "after")
    # Each call and each kind meets both schemes.
    for https in [(number + turn) % 2 == 0]
]
FEW = [
    (SEND_CALL, "reset", "after", True),
    (("POST", "csvimport$"), "truncated", "after", True),
]


@pytest.mark.cases("call, kind, when, https", FAULTS, FEW)
def test_one_fault(rig, call, kind, when, https):
    rig.begin(https)
    rig.plan(kind, *call, when=when)
    rig.assert_sent_once(rig.send())


@pytest.mark.cases("https", [True, False], [True])
def test_a_call_is_made_once(rig, https):
    """Mailjet's library would repeat these by itself, over https."""
    rig.begin(https)
    for kind in ("reset", "500", "429"):
        rig.plan(kind, *SEND_CALL, when="before", count=1)
    rig.plan("503", *SEND_CALL, when="after")
    mailing = rig.send()
    rig.assert_sent_once(mailing)
    sends = [
        r for r in rig.sandbox.requests(method="POST") if r["path"].endswith("send")
    ]
    assert [row["effect"] for row in sends] == [False, False, False, True]


@pytest.mark.whole
@pytest.mark.parametrize("call", [SEND_CALL, ("POST", "csvimport$")], ids=name_of)
@pytest.mark.parametrize("when", ["before", "after", "late"])
@pytest.mark.parametrize("https", [True, False])
def test_no_answer_at_all(rig, call, when, https):
    """The client gives up after its own time, a minute."""
    rig.begin(https)
    rig.plan("hang", *call, when=when, seconds=65)
    rig.assert_sent_once(rig.send())
