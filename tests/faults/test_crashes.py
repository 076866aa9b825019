"""`kill -9` of the server that sends, at every step boundary."""

import pytest
from calls import CALLS, EFFECTS, SEND_CALL

BOUNDARIES = [(call, when) for call in CALLS for when in ("before", "after")]
BOUNDARIES += [(call, "late") for call in EFFECTS]
FEW = [
    (("POST", "CSVData"), "after"),
    (("POST", "csvimport$"), "after"),
    (("POST", "campaigndraft$"), "late"),
    (SEND_CALL, "before"),
    (SEND_CALL, "after"),
]


def crash(rig, call, when, send=None, **values):
    """Kill the worker while Mailjet is about to do what it was asked (`before`), has
    done it without having answered (`after`), or does it when the next worker is there
    (`late`); return the mailing, which is sent now by default."""
    rig.plan("hang", *call, when=when, **values)
    mailing = (send or rig.send)()
    rig.die_at_hanging_call(when)
    return mailing


@pytest.mark.cases("call, when", BOUNDARIES, FEW)
def test_at_a_call(rig, call, when):
    rig.assert_sent_once(crash(rig, call, when))


@pytest.mark.cases("https", [True, False], [True])
def test_at_every_call_of_one_mailing(rig, https):
    """A server that dies at every call it makes still gets there."""
    rig.begin(https)
    mailing = rig.make_mailing()
    rig.send(mailing)
    for call in EFFECTS:
        rig.plan("hang", *call)
        assert rig.wait_for_hanging_call()
        rig.kill_workers()
        rig.forget_faults()
        rig.start_worker()
    rig.assert_sent_once(mailing)
