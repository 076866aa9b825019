"""The sandbox as a program."""

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import requests

from mailjet_sandbox.server import reached_at

from .conftest import Api


@contextmanager
def running(*arguments):
    """A running program; (process, its address)."""
    command = [sys.executable, "-m", "mailjet_sandbox", "--job-seconds", "0.05"]
    process = subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        url = re.fullmatch(r"mailjet_sandbox listening on (http://127\S+)\n", line)[1]
        yield process, url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        process.stdout.close()


@contextmanager
def program(*arguments):
    """A running program; (process, Api of its default key)."""
    with running(*arguments) as (process, url):
        yield process, Api(SimpleNamespace(url=url))


def test_a_restart_keeps_the_outbox(tmp_path):
    arguments = ("--port", "0", "--data", str(tmp_path))
    with program(*arguments) as (process, api):
        api.send(api.new_draft(api.new_list("ann@example.com")))
        (before,) = api.messages()
    assert process.returncode == 0
    with program(*arguments) as (_process, api):
        (after,) = api.messages()
    token = before["permalink"].rpartition("/")[2]
    assert (after["id"], after["permalink"].rpartition("/")[2]) == (before["id"], token)


def test_a_restart_finishes_what_was_accepted(tmp_path):
    arguments = ("--port", "0", "--data", str(tmp_path))
    with program(*arguments) as (process, api):
        list_id = api.new_list("ann@example.com")
        api.control("PUT", "settings", json={"job_seconds": 2})
        api.v3.campaigndraft_send.create(id=api.new_draft(list_id), data={})
        assert api.messages() == []
        process.kill()
    with program(*arguments) as (_process, api):
        (message,) = api.wait(api.messages, len)
    assert message["to"] == "ann@example.com"


def test_keys_of_the_command_line():
    with program("--port", "0", "--key", "one:1", "--key", "two:2") as (_process, api):
        assert api.raw("GET", "/v3/REST/user").status_code == 401
        for key, rows in (("one", 2), ("two", 1)):
            answer = api.raw(
                "GET", "/v3/REST/apikey", auth=(key, key and str(3 - rows))
            )
            assert answer.json()["Count"] == rows


def test_a_port_that_is_taken(api):
    port = api.sandbox.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "mailjet_sandbox", "--port", port],
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert done.returncode == 1
    assert done.stderr == f"mailjet_sandbox: port {port} is taken by another program\n"


def test_another_address_of_the_machine():
    with running("--port", "0", "--host", "127.0.0.2") as (_process, url):
        assert url.startswith("http://127.0.0.2:")
        assert requests.get(f"{url}/_sandbox/health", timeout=10).status_code == 200
        with pytest.raises(requests.ConnectionError):
            requests.get(url.replace("127.0.0.2", "127.0.0.1"), timeout=10)


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")]
)
def test_where_the_links_of_emails_lead(host, address):
    """Within a container, all addresses are listened on; visitors know one."""
    assert reached_at(host) == address
