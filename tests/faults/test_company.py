"""More than one of everything: workers, servers, users, clicks, mailings."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from calls import EFFECTS, SEND_CALL
from readers import PLANNED
from servers import Rpc


def test_two_servers_with_two_threads_each(rig):
    rig.kill_workers()
    for _server in range(2):
        rig.start_worker(cron_threads=2)
    for call in EFFECTS:
        rig.plan("slow", *call, seconds=0.5)
    mailing = rig.send()
    rig.assert_sent_once(mailing)
    rig.restart_worker()


@pytest.mark.cases("call", EFFECTS, [SEND_CALL])
def test_a_server_that_lost_its_database_beside_one_that_goes_on(rig, call):
    """The first waits for Mailjet while its lock on the mailing is gone."""
    rig.start_worker()
    rig.plan("hang", *call, when="late")
    mailing = rig.send()
    assert rig.wait_for_hanging_call()
    rig.cut_connections()
    rig.assert_sent_once(mailing)
    rig.forget_faults()
    rig.assert_sent_once(mailing)
    rig.restart_worker()


@pytest.mark.cases("call", EFFECTS, [SEND_CALL])
def test_the_database_goes_away(rig, call):
    rig.plan("slow", *call, seconds=1)
    mailing = rig.send()
    rig.wait_for_hanging_call()
    rig.cut_connections()
    rig.assert_sent_once(mailing)


def test_double_clicks_of_two_users(rig):
    """Eight clicks at once: one of them counts."""
    mailing = rig.make_mailing()
    users = [Rpc(rig.front, login) for login in ("demo", "admin") * 4]

    def click(user):
        try:
            return user.call("mailjet.mailing", "action_send", [mailing])
        except AssertionError as refusal:
            return str(refusal)

    with ThreadPoolExecutor(len(users)) as pool:
        answers = list(pool.map(click, users))
    assert answers.count(True) == 1, answers
    rig.assert_sent_once(mailing)


def test_clicks_on_retry(rig):
    """A mailing that Mailjet refuses is retried by two users at once."""
    rig.sandbox.control(
        "PUT", "senders", json={"email": "newsletter@example.com", "status": "Inactive"}
    )
    mailing = rig.send()
    rig.wait_until_state(mailing, "failed")
    rig.sandbox.control(
        "PUT", "senders", json={"email": "newsletter@example.com", "status": "Active"}
    )
    users = [Rpc(rig.front, login) for login in ("demo", "admin")]

    def click(user):
        try:
            return user.call("mailjet.mailing", "action_retry", [mailing])
        except AssertionError as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as pool:
        assert True in list(pool.map(click, users))
    rig.assert_sent_once(mailing)


def test_a_broken_mailing_holds_up_no_other(rig):
    """Five at once; the content of one never gets through."""
    mailings = [rig.make_mailing() for _number in range(5)]
    for mailing in mailings:
        rig.send(mailing)
    rig.plan("502", "POST", "detailcontent$", count=1)
    for mailing in mailings:
        assert rig.settle(mailing)["state"] == "done", rig.history()
    messages = rig.sandbox.messages(kind="campaign")
    assert len({message["campaign"] for message in messages}) == 5
    assert len(messages) == 5 * len(PLANNED)
