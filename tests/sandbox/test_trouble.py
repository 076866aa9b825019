"""What may go wrong at Mailjet itself, or be done in its own application."""

import time

import pytest
import requests
from mailjet_rest.errors import ApiError

from mailjet_sandbox import DEFAULT_KEY

from .conftest import in_seconds

FINAL = ("Completed", "Error", "Abort")


def set_up(api, **settings):
    api.control("PUT", "settings", json=settings)


def send_job(api, draft_id):
    """The row of the job that sends a draft."""
    filters = {"JobType": "Send newsletter", "RefID": draft_id}
    return api.one("batchjob", filters=filters)


def status(api, draft_id):
    return api.one("campaigndraft", id=draft_id)["Status"]


def test_an_import_that_makes_no_progress(api):
    set_up(api, stalled_jobs="json,csv")
    list_id = api.new_list()
    job = api.start_csv(list_id, "email\nann@example.com")
    time.sleep(0.3)  # six times as long as a job takes
    row = api.one("csvimport", id=job["ID"])
    assert row["Status"] not in FINAL
    assert (row["Count"], row["Current"], row["JobStart"]) == (0, 0, "")
    set_up(api, stalled_jobs="")
    api.wait(lambda: api.one("csvimport", id=job["ID"])["Status"], "Completed".__eq__)
    assert api.members(list_id) == 1


def test_a_stalled_import_can_be_aborted_and_the_rows_handed_over_again(api):
    set_up(api, stalled_jobs="csv")
    list_id = api.new_list()
    job = api.start_csv(list_id, "email\nann@example.com")
    api.v3.csvimport.update(id=job["ID"], data={"Status": "Abort"})
    assert api.one("csvimport", id=job["ID"])["Status"] == "Abort"
    set_up(api, stalled_jobs="")
    again = api.import_csv(list_id, "email\nann@example.com")
    assert (again["Status"], api.members(list_id)) == ("Completed", 1)


def test_other_kinds_of_jobs_are_not_held_up(api, draft_id):
    set_up(api, stalled_jobs="csv")
    api.send(draft_id)
    assert len(api.messages(kind="campaign")) == 1


def test_a_sending_that_is_given_up(api, draft_id):
    set_up(api, failed_jobs="send")
    api.v3.campaigndraft_send.create(id=draft_id, data={})
    api.wait(lambda: send_job(api, draft_id)["Status"], "Error".__eq__)
    assert status(api, draft_id) == 1
    assert not api.messages(kind="campaign")
    assert api.error(api.v3.campaign.get, id=f"mj.nl={draft_id}")[0] == 404


@pytest.mark.parametrize("stays", [1, 0])
def test_a_sending_that_is_given_up_and_taken_back(api, draft_id, stays):
    set_up(api, failed_jobs="send", given_up_stays=stays)
    api.v3.campaigndraft_send.create(id=draft_id, data={})
    api.wait(lambda: send_job(api, draft_id)["Status"], "Error".__eq__)
    answer = api.raw("DELETE", f"/v3/REST/campaigndraft/{draft_id}/schedule")
    assert (answer.status_code == 204, status(api, draft_id)) == (not stays, stays)
    if not stays:
        set_up(api, failed_jobs="")
        api.send(draft_id)
        assert len(api.messages(kind="campaign")) == 1


def test_an_import_that_is_given_up(api):
    set_up(api, failed_jobs="csv")
    list_id = api.new_list()
    job = api.import_csv(list_id, "email\nann@example.com")
    assert (job["Status"], api.members(list_id)) == ("Error", 0)


@pytest.mark.parametrize("level", ["Softlock", "Hardlock"])
def test_a_blocked_key_that_tells_nothing(api, level):
    api.control("PUT", "keys", json={"public": DEFAULT_KEY[0], "runlevel": level})
    assert api.one("apikey")["Runlevel"] == level
    set_up(api, blocked_keys_read=0)
    for resource in ("apikey", "contactslist"):
        response = api.raw("GET", f"/v3/REST/{resource}")
        assert (response.status_code, response.text) == (401, "")
    answer = api.raw("POST", "/v3.1/send", json={"Messages": []})
    assert (answer.status_code, answer.json()["ErrorCode"]) == (401, "mj-0001")


def test_data_that_are_too_large(api):
    list_id = api.new_list()
    set_up(api, upload_limit_bytes=40)
    with pytest.raises(ApiError) as raised:
        api.start_csv(list_id, "email\n" + "ann@example.com\n" * 9)
    response = raised.value.__cause__.response
    assert response.status_code == 413
    assert response.text.startswith("<html>")
    assert api.import_csv(list_id, "email\nann@example.com")["Status"] == "Completed"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_login_page(api, when):
    plan = {"kind": "login", "method": "POST", "when": when}
    api.control("POST", "faults", json=plan)
    url = f"{api.sandbox.url}/v3/REST/contactslist"
    answer = requests.post(
        url, json={"Name": "L"}, auth=DEFAULT_KEY, timeout=10, allow_redirects=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(api.sandbox.url)
    assert api.v3.contactslist.get().json()["Count"] == (when == "after")


@pytest.mark.parametrize("new", [0, -1, -2, None])
def test_a_draft_that_somebody_changes_in_the_application(api, draft_id, new):
    other = api.new_draft(api.new_list("bob@example.com"))
    date = {"Date": in_seconds(api, 3600)}
    api.v3.campaigndraft_schedule.create(id=draft_id, data=date)
    api.control("PUT", "drafts", json={"id": draft_id, "status": new})
    if new is None:
        assert api.error(api.v3.campaigndraft.get, id=draft_id)[0] == 404
    else:
        assert status(api, draft_id) == new
    set_up(api, clock_offset=7200)
    api.send(other)
    assert [row["to"] for row in api.messages(kind="campaign")] == ["bob@example.com"]


@pytest.mark.parametrize("given", [{"status": 2}, {"id": 5, "status": 0}, {"x": 1}])
def test_changes_of_drafts_that_are_not_understood(api, given):
    answer = api.raw("PUT", "/_sandbox/drafts", auth=None, json=given)
    assert answer.status_code == 400
