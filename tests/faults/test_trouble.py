"""Trouble at Mailjet itself, and what people do in its own application."""

import pytest
from calls import CALLS, SEND_CALL
from readers import PLANNED

WORDS = "deleted or archived"


def set_up(rig, **settings):
    rig.sandbox.control("PUT", "settings", json=settings)


def message(rig, mailing):
    row = rig.user.read("mailjet.mailing", mailing, "delivery_message", "activity_ids")
    assert row["activity_ids"], row
    return row["delivery_message"]


def assert_received_once(rig, mailing):
    """Check that each reader got one email, though Mailjet was asked twice to send:
    the first time came to nothing."""
    rig.assert_received_once(rig.settle(mailing), mailing, PLANNED)


@pytest.mark.cases("call", [call for call in CALLS if call[0] == "POST"], [SEND_CALL])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_login_page_instead_of_an_answer(rig, call, when):
    """It is never followed, and never taken for a success."""
    rig.plan("login", *call, when=when)
    rig.assert_sent_once(rig.send())
    assert not [row for row in rig.sandbox.requests() if row["path"] == "/login"]


def test_uploads_that_are_too_large(rig):
    set_up(rig, upload_limit_bytes=500)
    rig.assert_sent_once(rig.send())
    uploads = [r for r in rig.sandbox.requests() if "CSVData" in r["path"]]
    assert {row["status"] for row in uploads} == {200, 413}


def test_a_sending_that_mailjet_gives_up(rig):
    set_up(rig, failed_jobs="send")
    mailing = rig.send()
    rig.wait_until_state(mailing, "failed")
    assert "gave up" in message(rig, mailing)
    set_up(rig, failed_jobs="")
    rig.user.call("mailjet.mailing", "action_cancel", [mailing])
    assert_received_once(rig, rig.send(mailing))


@pytest.mark.parametrize("reads", [0, 1])
def test_a_blocked_key(rig, reads):
    key = rig.sandbox.control("GET", "keys")[0]["public"]
    set_up(rig, blocked_keys_read=reads)
    rig.sandbox.control("PUT", "keys", json={"public": key, "runlevel": "Hardlock"})
    mailing = rig.send()
    rig.wait_until_state(mailing, "failed")
    assert "suspended" in message(rig, mailing)
    rig.sandbox.control("PUT", "keys", json={"public": key, "runlevel": "Normal"})
    rig.user.call("mailjet.mailing", "action_retry", [mailing])
    rig.assert_sent_once(mailing)


@pytest.mark.cases("status", [0, -1, -2, None], [-2])
def test_a_campaign_that_somebody_withdraws_or_deletes(rig, status):
    mailing = rig.schedule()
    rig.wait_until_held(mailing)
    rig.sandbox.control("PUT", "drafts", json={"status": status})
    rig.wait_until_state(mailing, "failed")
    assert ("withdrawn" if status == 0 else WORDS) in message(rig, mailing)
    rig.user.call("mailjet.mailing", "action_retry", [mailing])
    assert_received_once(rig, mailing)
