"""A sandbox that is not started: its application, called from within the process."""

import pytest
from werkzeug.test import Client

from mailjet_sandbox import DEFAULT_KEY, Sandbox
from mailjet_sandbox.server import Application

CONTACTS = [{"Email": "ann@example.com"}]


@pytest.fixture
def sandbox():
    sandbox = Sandbox(furnished=False, job_seconds=0)
    yield sandbox
    sandbox.close()
    assert not sandbox.store.folder.exists()


@pytest.fixture
def client(sandbox):
    return Client(Application(sandbox))


def call(client, method, path, **json):
    answer = client.open(f"/v3/REST/{path}", method=method, json=json, auth=DEFAULT_KEY)
    return answer.json["Data"]


def test_jobs_wait_until_they_are_worked_at(sandbox, client):
    (made,) = call(client, "POST", "contactslist", Name="List")
    path = f"contactslist/{made['ID']}/managemanycontacts"
    (job,) = call(client, "POST", path, Action="addforce", Contacts=CONTACTS)
    path += f"/{job['JobID']}"
    assert call(client, "GET", path)[0]["Status"] != "Completed"
    sandbox.work()
    assert call(client, "GET", path)[0]["Status"] == "Completed"


@pytest.mark.parametrize(
    ("kind", "error"), [("reset", ConnectionResetError), ("hang", TimeoutError)]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_breaks(sandbox, client, kind, error, when):
    sandbox.faults.add({"kind": kind, "method": "POST", "when": when, "seconds": 0})
    with pytest.raises(error):
        call(client, "POST", "contactslist", Name="List")
    assert len(call(client, "GET", "contactslist")) == (when == "after")


def test_a_key_that_is_not_furnished(client):
    assert call(client, "GET", "apikey")[0]["APIKey"] == DEFAULT_KEY[0]
    assert not call(client, "GET", "sender")
    assert not call(client, "GET", "template")
