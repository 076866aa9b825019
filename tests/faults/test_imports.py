"""What Mailjet's imports may say and do."""

import pytest
from readers import PLANNED

REFUSED = "reader7@example.com"


@pytest.mark.parametrize("words", [["Pending", "Allocated", "In Progress"]])
def test_words_that_nobody_knows_mean_running(rig, words):
    rig.sandbox.control("PUT", "settings", json={"job_words": words, "job_seconds": 2})
    mailing = rig.send()
    rig.assert_sent_once(mailing)
    log = rig.sandbox.requests()
    sent = next(n for n, row in enumerate(log) if row["path"].endswith("/send"))
    polls = [n for n, row in enumerate(log) if "/csvimport/" in row["path"]]
    assert len(polls) > 1
    assert max(polls) < sent


def test_refused_rows_fail_with_mailjets_reason(rig):
    rig.sandbox.control("PUT", "settings", json={"refused_text": REFUSED})
    rig.plan("truncated", "GET", "CSVError", count=1)
    mailing = rig.send()
    rig.assert_sent_once(mailing, PLANNED - {REFUSED})
    assert rig.sql(
        "SELECT email_normalized, failure_reason FROM mailjet_recipient"
        " WHERE mailing_id = %s AND status = 'failed'",
        mailing,
    ) == [(REFUSED, "Invalid email")]


def test_members_that_are_missing_stop_the_sending(rig):
    rig.sandbox.control("PUT", "settings", json={"dropped_text": "reader7"})
    mailing = rig.send()
    rig.wait_until_state(mailing, "failed")
    message = rig.user.read("mailjet.mailing", mailing, "delivery_message")
    count = len(PLANNED)
    listed = f"Addresses expected: {count}. Listed by Mailjet: {count - 1}."
    assert listed in message["delivery_message"]
    assert not rig.sandbox.messages(kind="campaign")
    rig.sandbox.control("PUT", "settings", json={"dropped_text": ""})
    rig.user.call("mailjet.mailing", "action_retry", [mailing])
    rig.assert_sent_once(mailing)
