"""Faults on the way, as a client sees them, and the same over https."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from mailjet_sandbox import DEFAULT_KEY, Sandbox

from .conftest import SENDER

LISTS = "/v3/REST/contactslist"


def create(api, **options):
    """Ask for a list, and return the response."""
    options.setdefault("timeout", 10)
    return requests.post(
        api.sandbox.url + LISTS, json={"Name": "List"}, auth=DEFAULT_KEY, **options
    )


def plan(api, kind, **values):
    api.control("POST", "faults", json={"method": "POST", "kind": kind, **values})


def lists(api):
    return api.v3.contactslist.get().json()["Count"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("429", 429, "<html>"),
        ("500", 500, '{ "ErrorIdentifier"'),
        ("502", 502, "<html>"),
        ("503", 503, "<html>"),
        ("504", 504, "<html>"),
        ("truncated", None, "{ "),
        ("html", 200, "<html>"),
    ],
)
def test_wrong_answers(api, kind, status, start, when):
    plan(api, kind, when=when)
    answer = create(api)
    assert answer.text.startswith(start)
    assert status is None or answer.status_code == status
    assert "Retry-After" not in answer.headers
    if kind != "500":
        with pytest.raises(ValueError):
            answer.json()
    assert lists(api) == (when == "after")
    row = api.control("GET", "log", params={"method": "POST"})[0]
    assert (row["effect"], row["fault"]) == (when == "after", f"{kind} {when}")
    assert create(api).status_code == 201


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_that_the_plan_gives(api, when):
    given = {"status": 403, "body": '{"ErrorMessage": "No"}'}
    plan(api, "given", when=when, **given)
    answer = create(api)
    assert (answer.status_code, answer.text) == tuple(given.values())
    assert answer.headers["Content-Type"] == "application/json"
    assert lists(api) == (when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reset(api, when):
    plan(api, "reset", when=when)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        create(api)
    assert lists(api) == (when == "after")


@pytest.mark.parametrize(("when", "during", "later"), [
    ("before", 0, 0), ("after", 1, 1), ("late", 0, 1),
])  # fmt: skip
def test_nothing_comes(api, when, during, later):
    plan(api, "hang", when=when)
    with pytest.raises(requests.ReadTimeout):
        create(api, timeout=0.2)
    assert lists(api) == during
    assert api.control("GET", "faults")[0]["waiting"] == 1
    api.control("DELETE", "faults")
    api.wait(lambda: lists(api), lambda count: count == later)


def test_a_slow_answer(api):
    plan(api, "slow", seconds=0.1)
    assert create(api).status_code == 201


def test_a_hang_ends_by_itself(api):
    plan(api, "hang", seconds=0.1)
    with pytest.raises(requests.ConnectionError):
        create(api)


def test_which_requests_are_befallen(api):
    plan(api, "429", path="contactslist$", skip=1, count=2)
    api.create("contactmetadata", Name="other", Datatype="str")
    assert [create(api).status_code for _n in range(4)] == [201, 429, 429, 201]
    (fault,) = api.control("GET", "faults")
    assert (fault["seen"], fault["hits"]) == (4, 2)


def test_chance_repeats_itself(api):
    runs = []
    for _run in range(2):
        api.control("DELETE", "faults")
        plan(api, "429", count=0, probability=0.5, seed=7)
        runs.append([create(api).status_code for _n in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {201, 429}


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "odd"},
        {"kind": "reset", "when": "never"},
        {"kind": "reset", "path": "("},
        {"kind": "reset", "speed": 1},
        {"path": "x"},
        ["reset"],
    ],
)
def test_plans_that_are_not_understood(api, given):
    answer = api.raw("POST", "/_sandbox/faults", auth=None, json=given)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_https_under_an_authority_of_its_own(tmp_path):
    authority = tmp_path / "authority.pem"
    with Sandbox(authority=str(authority)) as sandbox:
        url = f"{sandbox.https_url}{LISTS}"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=10)
        options = {"auth": DEFAULT_KEY, "verify": str(authority), "timeout": 10}
        assert requests.get(url, **options).json()["Count"] == 0
        sandbox.faults.add({"kind": "reset"})
        with pytest.raises(requests.ConnectionError):
            requests.get(url, **options)


def test_release_lets_go_what_hangs_and_keeps_the_other_faults(api):
    api.control("POST", "faults/release")  # nothing hangs: nothing changes
    plan(api, "hang")
    plan(api, "429")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(create, api)
        api.wait(lambda: api.control("GET", "faults")[0]["waiting"], bool)
        rows = api.control("POST", "faults/release")
        assert [row["kind"] for row in rows] == ["hang", "429"]
        with pytest.raises(requests.ConnectionError):
            hanging.result(10)
    assert api.control("GET", "faults")[0]["waiting"] == 0
    assert [create(api).status_code for _call in range(2)] == [429, 201]


def test_addresses_that_imports_refuse_or_lose(api):
    api.control("PUT", "settings", json={"refused_text": "bad", "dropped_text": "gone"})
    list_id = api.new_list()
    rows = "email\nann@example.com\nbad@example.com\ngone@example.com"
    job = api.import_csv(list_id, rows)
    assert (job["Status"], job["Errcount"], api.members(list_id)) == ("Completed", 1, 1)
    file = api.raw("GET", f"/v3/DATA/BatchJob/{job['ID']}/CSVError/text:csv").text
    assert "###Invalid email###email" in file
    assert "bad@example.com" in file


def test_several_addresses_that_are_refused(api):
    api.control("PUT", "settings", json={"refused_text": "bad,ann@"})
    list_id = api.new_list()
    rows = "email\nAnn@example.com\nbad@example.com\nbob@example.com"
    job = api.import_csv(list_id, rows)
    assert (job["Errcount"], api.members(list_id)) == (2, 1)


def test_messages_to_addresses_that_are_refused(api):
    api.control("PUT", "settings", json={"refused_text": "bad@"})
    messages = [
        {
            "From": {"Email": SENDER},
            "To": [{"Email": f"{name}@example.com"}],
            "TextPart": "Hello",
        }
        for name in ("bad", "ann")
    ]
    answer = api.raw("POST", "/v3.1/send", json={"Messages": messages})
    bad, good = answer.json()["Messages"]
    assert (bad["Errors"][0]["ErrorCode"], good["Status"]) == ("mj-0013", "success")
    assert [row["to"] for row in api.messages()] == ["ann@example.com"]


def test_stopping_lets_requests_go(tmp_path):
    with Sandbox() as sandbox:
        sandbox.faults.add({"kind": "hang"})
        errors = []

        def ask():
            try:
                requests.get(f"{sandbox.url}{LISTS}", auth=DEFAULT_KEY, timeout=30)
            except requests.ConnectionError as error:
                errors.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not sandbox.faults.rows()[0]["waiting"]:
            assert thread.is_alive()
    thread.join(10)
    assert errors
