"""Mailings of one to six campaigns, whose users hold, move, cancel and decide, while
everything around them breaks."""

import random

import pytest
from campaigns import (
    ACTS,
    ACTS_ON_MAILING,
    KINDS,
    Person,
    make_mailing,
    make_salespersons,
)
from clock import SETTLE_SECONDS
from servers import wait_until
from test_random import LAST_CALL, Story

RUNS = 300
DEEDS = [*ACTS, *ACTS_ON_MAILING]
TURNS = 60  # of things that happen to a mailing, at most
CALLS_OF_ALL = 3 * LAST_CALL


@pytest.fixture(scope="module", autouse=True)
def salespersons(session_rig):
    make_salespersons(session_rig)


class CampaignStory(Story):
    """What goes wrong with a mailing of some kind, and what somebody does meanwhile."""

    def __init__(self, seed):
        super().__init__(seed)
        chance = random.Random(-1 - seed)
        self.kind = list(KINDS)[seed % len(KINDS)]
        self.choice = chance.choice(KINDS[self.kind])
        # The number of calls after which something is done, and to which campaign.
        self.deeds = sorted(
            (
                chance.randint(1, CALLS_OF_ALL),
                chance.choice(DEEDS),
                chance.randint(0, 5),
            )
            for _n in range(chance.randint(0, 3))
        )

    def tell(self, rig, person):
        """Let it happen to the mailing that is on its way, until it is sent."""
        deeds, last = list(self.deeds), None
        for _turn in range(TURNS):
            happens = self._wait(rig, person, deeds)
            if happens == "hangs":
                self.crash(rig)
                if self.cut:
                    rig.cut_connections()
            elif deeds:
                _calls, act, number = deeds.pop(0)
                person.do(act, number)
            else:
                last = act, number = person.find_next()
                if not act:
                    return
                person.do(act, number)
        raise AssertionError(f"It never ends, last with {last}: {rig.history()}")

    def _wait(self, rig, person, deeds):
        """Let time pass until something happens: a call hangs, it is time for the next
        deed, or the mailing waits for somebody."""

        def find():
            if rig.is_hanging():
                return "hangs"
            is_time = deeds and len(rig.sandbox.requests()) >= deeds[0][0]
            if is_time or person.find_next():
                return "waits"
            return rig.clock.let_time_pass()

        return wait_until(find, SETTLE_SECONDS, f"something happens to {self.kind}")


@pytest.mark.cases("seed", range(7000, 7000 + RUNS), [7001, 7002])
def test_a_story_of_campaigns(rig, seed):
    """Repeat one by its seed, as in test_random.py."""
    story = CampaignStory(seed)
    rig.begin(story.https)
    mailing = make_mailing(rig, story.kind, story.choice)
    person = Person(rig, mailing)
    story.plan(rig)
    rig.send(mailing)
    story.tell(rig, person)
    person.assert_received_once()
