"""The sandbox's own namespace: log, settings, reset."""

import pytest


def test_health(api):
    assert api.raw("GET", "/_sandbox/health", auth=None).text == "ok"


def test_log_keeps_what_came_in_but_not_the_credentials(api):
    list_id = api.new_list()
    api.v3.contactslist.update(id=list_id, data={"Name": "List"})
    api.raw("PUT", f"/v3/REST/contactslist/{list_id}?x=1", json={"Name": "New"})
    created, same, changed = api.control("GET", "log", params={"path": "contactslist"})
    assert (created["method"], created["status"], created["effect"]) == (
        "POST",
        201,
        True,
    )
    assert (same["status"], same["effect"]) == (304, False)
    assert (changed["query"], changed["body"]) == ("x=1", '{"Name": "New"}')
    assert changed["headers"]["Authorization"] == "(redacted)"
    assert api.control("GET", "log", params={"after": changed["id"]}) == []
    assert api.control("GET", "log", params={"method": "delete"}) == []


def test_log_cuts_uploads_but_tells_their_length(api):
    text = "email\n" + "\n".join(f"p{n}@example.com" for n in range(500))
    api.import_csv(api.new_list(), text)
    (row,) = api.control("GET", "log", params={"path": "CSVData"})
    assert row["body_length"] == len(text)
    assert row["body"] == text[:2048]


def test_reset_forgets_everything(api):
    api.send(api.new_draft(api.new_list("ann@example.com")))
    api.control("PUT", "settings", json={"clock_offset": 60})
    api.control("POST", "reset")
    assert api.messages() == []
    assert api.control("GET", "log") == []
    assert api.v3.contactslist.get().json()["Data"] == []
    assert api.control("GET", "settings")["clock_offset"] == 0


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("settings", {"speed": 9}),
        ("settings", {"job_seconds": "fast"}),
        ("settings", {"job_words": ["one"]}),
        ("settings", {"refused_text": 1}),
        ("keys", {"public": "new"}),
        ("keys", {"public": "sandbox-public-key", "runlevel": "Odd"}),
        ("senders", {"email": "unknown@example.com"}),
        ("senders", {"mail": "newsletter@example.com"}),
    ],
)
def test_what_control_does_not_understand(api, path, data):
    answer = api.raw("PUT", f"/_sandbox/{path}", json=data)
    assert answer.status_code == 400
    assert answer.json()["error"]
