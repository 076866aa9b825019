"""What a draft does between its test and its sending: the states and their clock."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from .conftest import HOUR, in_seconds

DRAFT, PROGRAMMED, SENT = 0, 1, 2


def status(api, draft_id):
    return api.one("campaigndraft", id=draft_id)["Status"]


def test_a_test_leaves_the_status(api, draft_id):
    data = {"Recipients": [{"Email": "me@example.com", "Name": "Me"}]}
    answer = api.v3.campaigndraft_test.create(id=draft_id, data=data)
    assert (answer.status_code, answer.json()["Data"]) == (201, [{"Status": "draft"}])
    (message,) = api.wait(lambda: api.messages(kind="test"), len)
    assert (message["to"], message["to_name"]) == ("me@example.com", "Me")
    row = api.one("campaigndraft", id=draft_id)
    assert (row["Status"], row["Used"]) == (DRAFT, True)
    job = api.one("batchjob", filters={"RefID": draft_id})
    assert job["JobType"] == "Send newsletter test"


def test_send_is_programmed_first(api, draft_id):
    api.control("PUT", "settings", json={"job_seconds": 600})
    answer = api.v3.campaigndraft_send.create(id=draft_id, data={})
    assert answer.json()["Data"] == [{"Status": "programmed"}]
    row = api.one("campaigndraft", id=draft_id)
    assert (row["Status"], bool(row["DeliveredAt"])) == (PROGRAMMED, True)
    assert api.error(api.v3.campaign.get, id=f"mj.nl={draft_id}")[0] == 404
    filters = {"JobType": "Send newsletter", "RefID": draft_id}
    assert api.one("batchjob", filters=filters)["Status"] == "Upload"
    refused = api.error(
        api.v3.campaigndraft_detailcontent.create, id=draft_id, data={"Text-part": "x"}
    )
    assert refused[0] == 400

    assert api.v3.campaigndraft_send.create(id=draft_id, data={}).status_code == 200
    accepted, repeated = api.control("GET", "log", params={"path": "/send"})
    assert (accepted["effect"], repeated["effect"]) == (True, False)
    assert api.one("batchjob", filters=filters)

    api.control("PUT", "settings", json={"clock_offset": 900})
    api.wait(lambda: status(api, draft_id), lambda value: value == SENT)
    assert len(api.messages()) == 1


def test_a_schedule_is_sent_when_its_time_has_come(api, draft_id):
    date = in_seconds(api, 2 * HOUR)
    schedule = api.v3.campaigndraft_schedule
    answer = schedule.create(id=draft_id, data={"Date": date})
    assert answer.json()["Data"] == [{"Status": "programmed"}]
    row = api.one("campaigndraft", id=draft_id)
    assert (row["Status"], row["DeliveredAt"]) == (PROGRAMMED, "")
    assert api.one("campaigndraft_schedule", id=draft_id)["Date"] == date
    assert api.v3.batchjob.get(filters={"RefID": draft_id}).json()["Data"] == []

    later = in_seconds(api, 3 * HOUR)
    schedule.update(id=draft_id, data={"Date": later})
    api.control("PUT", "settings", json={"clock_offset": 2.5 * HOUR})
    assert status(api, draft_id) == PROGRAMMED
    api.control("PUT", "settings", json={"clock_offset": 3.5 * HOUR})
    api.wait(lambda: status(api, draft_id), lambda value: value == SENT)
    assert api.one("campaigndraft_status", id=draft_id)["Status"] == "Sent"


def test_hours_can_be_brought_nearer(api, draft_id):
    schedule = api.v3.campaigndraft_schedule
    schedule.create(id=draft_id, data={"Date": in_seconds(api, 2 * HOUR)})
    api.control("POST", "schedules", json={"seconds": HOUR})
    assert api.one("campaigndraft_schedule", id=draft_id)["Date"] <= in_seconds(
        api, HOUR
    )
    assert status(api, draft_id) == PROGRAMMED
    api.control("POST", "schedules", json={"seconds": HOUR})
    api.wait(lambda: status(api, draft_id), lambda value: value == SENT)


def test_unscheduling(api, draft_id):
    schedule = api.v3.campaigndraft_schedule
    assert api.error(schedule.get, id=draft_id)[0] == 404
    schedule.create(id=draft_id, data={"Date": in_seconds(api, HOUR)})
    assert schedule.delete(id=draft_id).status_code == 204
    assert status(api, draft_id) == DRAFT
    assert api.error(schedule.delete, id=draft_id)[0] == 404
    api.control("PUT", "settings", json={"clock_offset": 2 * HOUR})
    api.send(draft_id)
    assert len(api.messages()) == 1
    assert api.error(schedule.delete, id=draft_id)[0] == 404


def test_dates_of_a_schedule(api, draft_id):
    moment = datetime.now(timezone(timedelta(hours=2)))
    dates = {
        "yesterday": 400,
        in_seconds(api, -60): 400,
        in_seconds(api, 200): 400,
        "": 400,
        None: 400,
        (moment + timedelta(minutes=10)).isoformat(timespec="seconds"): None,
        "NOW": None,
    }
    create = api.v3.campaigndraft_schedule.create
    for date, refusal in dates.items():
        if refusal:
            assert api.error(create, id=draft_id, data={"Date": date})[0] == refusal
        else:
            assert create(id=draft_id, data={"Date": date}).status_code in (200, 201)


def _key_blocked(api, _list_id):
    data = {"public": api.key[0], "runlevel": "Hardlock"}
    api.control("PUT", "keys", json=data)


def _sender_deactivated(api, _list_id):
    data = {"email": "newsletter@example.com", "status": "Inactive"}
    api.control("PUT", "senders", json=data)


def _list_deleted(api, list_id):
    api.v3.contactslist.delete(id=list_id)


def _everybody_left(api, list_id):
    api.import_csv(list_id, "email\nann@example.com", Method="unsub")


def _import_running(api, list_id):
    api.control("PUT", "settings", json={"job_seconds": 9 * HOUR})
    api.start_csv(list_id, "email\nbob@example.com")


@pytest.mark.parametrize(
    "obstacle",
    [_key_blocked, _sender_deactivated, _list_deleted, _everybody_left]
    + [_import_running],
)
def test_what_comes_between_leaves_the_draft_unsent(api, list_id, draft_id, obstacle):
    data = {"Date": in_seconds(api, HOUR)}
    api.v3.campaigndraft_schedule.create(id=draft_id, data=data)
    obstacle(api, list_id)
    api.control("PUT", "settings", json={"clock_offset": 2 * HOUR})
    api.wait(lambda: status(api, draft_id), lambda value: value == DRAFT)
    assert api.messages() == []
    filters = {"JobType": "Send newsletter"}
    assert api.one("batchjob", filters=filters)["Status"] == "Error"


def test_recipients_are_those_of_the_moment_of_execution(api, list_id, draft_id):
    api.import_csv(list_id, "email\nbob@example.com")
    data = {"Date": in_seconds(api, HOUR)}
    api.v3.campaigndraft_schedule.create(id=draft_id, data=data)
    api.import_csv(list_id, "email\nann@example.com", Method="unsub")
    options = json.dumps({"FieldNames": ["email"]})
    api.import_csv(list_id, "cy@example.com", ImportOptions=options)
    api.control("PUT", "settings", json={"clock_offset": 2 * HOUR})
    api.wait(lambda: status(api, draft_id), lambda value: value == SENT)
    recipients = [message["to"] for message in api.messages()]
    assert recipients == ["bob@example.com", "cy@example.com"]
