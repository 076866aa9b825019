"""What becomes of messages, and how webhooks get events."""

import json
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

TYPES = ("open", "click", "bounce", "spam", "blocked", "unsub", "sent")
HTML = (
    '<body><a href="https://example.com/offer?a=1&amp;b=2">Offer</a>'
    '<a href="[[UNSUB_LINK_EN]]">Out</a></body>'
)


class Listener:
    """The other end of a webhook: keeps what it receives, and answers as it should."""

    def __init__(self):
        self.calls, self.answers = [], []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                listener.calls.append((self.headers["Authorization"], body))
                self.send_response(listener.answers.pop(0) if listener.answers else 200)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://mailjet:p%40ss@127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self):
        """Everything that was received, in groups or not."""
        found = []
        for _authorization, body in self.calls:
            posted = json.loads(body)
            found += posted if isinstance(posted, list) else [posted]
        return found


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()


@pytest.fixture
def hooked(api, listener):
    """An API that posts its events to the listener, in groups, without delays."""
    speeds = {"webhook_seconds": 0, "webhook_retry_seconds": 0.01}
    api.control("PUT", "settings", json=speeds)
    for event_type in TYPES:
        register(api, event_type, listener.url)
    return api


def register(api, event_type, url, **values):
    values = {"EventType": event_type, "Url": url, "Version": 2, **values}
    return api.create("eventcallbackurl", **values)


def send(api, *emails):
    api.list_id = api.new_list(*emails)
    api.draft_id = api.new_draft(api.list_id, html=HTML)
    api.send(api.draft_id)
    return api.messages()


def posted(api, listener, *kinds):
    """Wait until these types of events were posted; returns the last of each."""
    events = api.wait(
        listener.events, lambda found: set(kinds) <= {event["event"] for event in found}
    )
    by_kind = {event["event"]: event for event in events}
    return [by_kind[kind] for kind in kinds]


def test_an_event_is_posted_with_credentials(hooked, listener):
    send(hooked, "ann@example.com", "bob@example.com")
    posted(hooked, listener, "sent")
    authorization, body = listener.calls[0]
    assert authorization == "Basic " + b64encode(b"mailjet:p@ss").decode()
    group = json.loads(body)
    assert {event["email"] for event in group} == {"ann@example.com", "bob@example.com"}
    event = group[0]
    assert event["customcampaign"] == f"mj.nl={hooked.draft_id}"
    assert (event["CustomID"], event["Payload"]) == ("", "")
    assert event["MessageID"] > 2**53


def test_what_a_reader_does_is_reported(hooked, listener):
    (mail,) = send(hooked, "ann@example.com")
    url = f"{hooked.sandbox.url}/message/{mail['id']}/html"
    page = requests.get(url, timeout=10).text
    assert mail["html"] not in page
    assert mail["unsubscribe"] in page
    picture = page.partition('<img src="')[2].partition('"')[0]
    assert requests.get(picture, timeout=10).headers["Content-Type"] == "image/gif"
    link = page.partition('<a href="')[2].partition('"')[0]
    answer = requests.get(
        link, timeout=10, allow_redirects=False, headers={"User-Agent": "Reader"}
    )
    assert answer.headers["Location"] == "https://example.com/offer?a=1&b=2"
    requests.post(mail["unsubscribe"], timeout=10)
    _open, click, unsub = posted(hooked, listener, "open", "click", "unsub")
    assert click["url"] == "https://example.com/offer?a=1&b=2"
    assert click["agent"] == "Reader"
    assert unsub["mj_list_id"] == hooked.list_id
    assert hooked.messages()[0]["status"] == "unsub"


@pytest.mark.parametrize(
    ("button", "kind", "fields", "status"),
    [
        ("hard", "bounce", {"hard_bounce": True}, "hardbounced"),
        ("soft", "bounce", {"hard_bounce": False}, "softbounced"),
        ("blocked", "blocked", {"error": "preblocked"}, "blocked"),
        ("spam", "spam", {"source": "JMRPP"}, "spam"),
    ],
)
def test_the_buttons_of_a_message(hooked, listener, button, kind, fields, status):
    (mail,) = send(hooked, "ann@example.com")
    url = f"{hooked.sandbox.url}/message/{mail['id']}/{button}"
    assert requests.post(url, timeout=10).status_code == 200
    (event,) = posted(hooked, listener, kind)
    assert fields.items() <= event.items()
    row = hooked.one("message")
    assert row["Status"] == status


def test_a_status_never_falls_back(hooked):
    (mail,) = send(hooked, "ann@example.com")
    for kind, status in (("click", "clicked"), ("open", "clicked"), ("spam", "spam")):
        hooked.control("POST", "events", json={"message": mail["id"], "type": kind})
        assert hooked.messages()[0]["status"] == status


def test_a_call_is_repeated_as_it_is_until_it_is_answered_200(hooked, listener):
    listener.answers = [500, 204, 302]
    send(hooked, "ann@example.com")
    hooked.wait(lambda: len(listener.calls), lambda count: count == 4)
    assert len({body for _authorization, body in listener.calls}) == 1
    (call,) = hooked.wait(
        lambda: hooked.control("GET", "webhook-calls"),
        lambda calls: calls[0]["state"] == "delivered",
    )
    assert call["attempts"] == 4


def test_a_webhook_that_never_answers_dies_and_its_backup_takes_over(hooked, listener):
    other = Listener()
    register(hooked, "unsub", other.url, IsBackup=True)
    hooked.control("PUT", "settings", json={"webhook_give_up_seconds": 0})
    (mail,) = send(hooked, "ann@example.com")
    posted(hooked, listener, "sent")
    listener.answers = [500]
    event = {"message": mail["id"], "type": "unsub"}
    hooked.control("POST", "events", json=event)
    hooked.wait(
        lambda: hooked.one("eventcallbackurl", id="unsub|false")["Status"],
        lambda status: status == "dead",
    )
    hooked.control("POST", "events", json=event)
    posted(hooked, other, "unsub")
    other.server.shutdown()
    other.server.server_close()


def test_version_1_tells_bare_objects(hooked, listener):
    (webhook,) = hooked.v3.eventcallbackurl.get(id="sent|false").json()["Data"]
    hooked.v3.eventcallbackurl.update(id=webhook["ID"], data={"Version": 1})
    send(hooked, "ann@example.com", "bob@example.com")
    hooked.wait(lambda: len(listener.calls), lambda count: count == 2)
    assert all(isinstance(json.loads(body), dict) for _a, body in listener.calls)


def test_odd_forms_can_be_reported(hooked, listener):
    send(hooked, "ann@example.com")
    odd = {"hard_bounce": "true", "error": "new", "Message_GUID": None}
    hooked.control(
        "POST",
        "events",
        json={"recipient": "ann@example.com", "type": "bounce", "fields": odd},
    )
    (event,) = posted(hooked, listener, "bounce")
    assert event["hard_bounce"] == "true"
    assert "Message_GUID" not in event
    hooked.control("POST", "webhook-calls", json={"type": "open", "body": "[{"})
    hooked.wait(lambda: listener.calls[-1][1], lambda body: body == b"[{")


def test_only_subscribed_events_are_posted(api):
    (mail,) = send(api, "ann@example.com")
    api.control("POST", "events", json={"message": mail["id"], "type": "open"})
    assert api.control("GET", "webhook-calls") == []
