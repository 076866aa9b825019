"""Faults and crashes at random: a seed is a whole story, and can be repeated."""

import random

import pytest
from calls import CALLS
from readers import PLANNED

RUNS = 100
KINDS = ["reset", "429", "500", "502", "503", "504", "truncated", "html", "slow"]
LAST_CALL = 22  # about as many calls as a mailing makes


class Story:
    """What goes wrong in one run."""

    def __init__(self, seed, calls=CALLS):
        chance = random.Random(seed)
        self.calls = calls
        self.https = chance.random() < 0.5
        self.faults = [self._fault(chance) for _n in range(chance.randint(0, 4))]
        self.noise = chance.choice([0, 0, 0.1, 0.3])
        self.crashes = [
            self._crash(chance) for _n in range(chance.choice([0, 1, 1, 2]))
        ]
        self.cut = chance.random() < 0.2
        self.seed = seed

    def _fault(self, chance):
        """One fault at one kind of call."""
        method, path = chance.choice(self.calls)
        return {
            "kind": chance.choice(KINDS),
            "method": method,
            "path": path,
            "when": chance.choice(["before", "after"]),
            "count": chance.choice([1, 1, 2]),
            "skip": chance.choice([0, 0, 1]),
            "seconds": 0.3,
        }

    def _crash(self, chance):
        """The server dies during some call; one that it survives, since another was
        taken for it, breaks before its client gives up by itself."""
        when = chance.choice(["before", "after", "late"])
        skip = chance.randint(0, LAST_CALL)
        return {"path": "^/v3", "when": when, "skip": skip, "seconds": 20}

    def plan(self, rig):
        """Plan its crashes, its faults, and that any call goes wrong now and then."""
        for crash in self.crashes:
            rig.plan("hang", **crash)
        for fault in self.faults:
            rig.plan(**fault)
        if self.noise:
            rig.plan(
                "reset", count=6, probability=self.noise, seed=self.seed, path="^/v3"
            )

    def tell(self, rig):
        """Let it happen to the mailing that is on its way."""
        for _crash in self.crashes:
            if rig.wait_for_hanging_call():
                self.crash(rig)
            if self.cut:
                rig.cut_connections()

    def crash(self, rig):
        """Crash while a call hangs, which has its effect before the next worker is
        there."""
        rig.kill_workers()
        rig.release_hanging_calls()
        rig.start_worker()


@pytest.mark.cases("seed", range(RUNS), [3, 14, 65])
def test_a_story(rig, seed):
    """Repeat one by `./dev test --faults tests/faults/test_random.py -k "[<seed>]"`."""
    story = Story(seed)
    rig.begin(story.https)
    mailing = rig.make_mailing()
    story.plan(rig)
    rig.send(mailing)
    story.tell(rig)
    rig.assert_sent_once(mailing, PLANNED)
