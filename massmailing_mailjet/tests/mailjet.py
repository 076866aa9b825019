"""Mailjet as the tests know it: the sandbox, called from within the process."""

import io
import json
import re
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from mailjet_sandbox import Sandbox
from mailjet_sandbox.server import Application
from mailjet_sandbox.store import insert

KEY = ("public", "secret")
BASE = r"/v3(\.1)?(/(REST|DATA))?/"

# The calls that tests speak of most; a star stands for an id.
FIND_LIST = "GET contactslist"
UPLOAD = "POST contactslist/*/CSVData/text:plain"
IMPORT = "POST csvimport"
IMPORT_STATE = "GET csvimport/*"
IMPORT_ERRORS = "GET batchjob/*/CSVError/text:csv"
JOB_STATE = "GET contactslist/*/managemanycontacts/*"
COUNT_MEMBERS = "GET listrecipient"
DRAFT = "POST campaigndraft"
DRAFT_STATE = "GET campaigndraft/*"
CONTENT = "GET campaigndraft/*/detailcontent"
SEND = "POST campaigndraft/*/send"
SCHEDULE = "POST campaigndraft/*/schedule"
UNSCHEDULE = "DELETE campaigndraft/*/schedule"
CAMPAIGN = "GET campaign/*"

OTHER_PROGRAM = "another program"

# Odoo's tests replace it by one that asks their classes.
_send = requests.Session.send


class Mailjet:
    """A sandbox with one key, whose jobs are done at once, and shortcuts to plan what
    happens there and to read what came of it.

    Calls are named by method and path, without what all paths begin with:
    ``POST campaigndraft/*/send``.
    """

    def __init__(self):
        self._sandbox = Sandbox(keys=[KEY], furnished=False, job_seconds=0)
        self._application = Application(self._sandbox)
        self._control = Client(self._application)
        self._transport = _Transport(self)
        self.reset()

    def reset(self):
        """Forget all that happened. One address and one domain may send."""
        self._sandbox.reset()
        self.sessions = set()
        self._forgotten = 0
        self.add_sender("news@example.com", name="News")
        self.add_sender("*@example.org")

    def close(self):
        self._sandbox.close()

    # === TRANSPORT === #

    def send(self, session, request, **options):
        """Answer a request that a session was about to send."""
        parts = urlsplit(request.url)
        self.sessions.add(session)
        self._sandbox.url = f"{parts.scheme}://{parts.netloc}"
        session.mount(self._sandbox.url, self._transport)
        return _send(session, request, **options)

    def respond(self, environ):
        """Return body, status and headers of the answer to a request. What has become
        due since the last one was done in between."""
        self._sandbox.work()
        answer = run_wsgi_app(self._application, environ)
        self._sandbox.work()
        return answer

    # === WHAT IS TO HAPPEN === #

    def control(self, method, path, **values):
        """Ask the sandbox for something, and return what it answers."""
        answer = self._control.open(f"/_sandbox/{path}", method=method, json=values)
        assert answer.status_code == 200, answer.text
        self._sandbox.work()
        return answer.json

    def set(self, **settings):
        """Change settings of the sandbox."""
        self.control("PUT", "settings", **settings)

    def set_key(self, **values):
        """Change the key, or (``public``, ``secret``) create another one."""
        self.control("PUT", "keys", **{"public": KEY[0], **values})

    def set_sender(self, email, **values):
        """Change a sender (``status``) or its domain (``spf``, ``dkim``)."""
        self.control("PUT", "senders", email=email, **values)

    def add_sender(self, email, name="", status="Active"):
        """Let an address, or ``*@`` and a domain, be a sender."""
        self.ask("POST", "sender", {"Email": email, "Name": name})
        self.set_sender(email, status=status)

    def ask(self, method, path, body=None):
        """Make a call of the API, as another program with the key would, and return the
        rows of the answer. It is none of ``calls``."""
        answer = self._control.open(
            f"/v3/REST/{path}",
            method=method,
            json=body or {},
            auth=KEY,
            headers={"User-Agent": OTHER_PROGRAM},
        )
        assert answer.status_code < 300, answer.text
        self._sandbox.work()
        return answer.json["Data"] if answer.data else []

    def fail(self, call, kind, when="before", **values):
        """Let a call go wrong; see the kinds of faults of the sandbox.

        :param when: ``before`` it has its effect, or ``after`` it
        :param values: ``count`` of the calls, 1 unless given; ``skip`` some first
        """
        method, pattern = _parse(call)
        plan = {"method": method, "path": pattern, "kind": kind, "when": when}
        self._sandbox.faults.add({"seconds": 0, **plan, **values})

    def reply(self, call, status, body="", when="before", **values):
        """Let a call be answered with this status and body, which is text or JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.fail(call, "given", when, status=status, body=text, **values)

    def refuse(self, call, words, **values):
        """Let a call be refused in these words."""
        body = {"ErrorInfo": "", "ErrorMessage": words, "StatusCode": 400}
        self.reply(call, 400, body, **values)

    def stop_failing(self):
        """Forget the faults that are planned."""
        self._sandbox.faults.clear()

    def add_template(self, name, html, **values):
        """Add a template for campaigns, with columns of the sandbox's table, and return
        its id."""
        template = {"purposes": ["marketing"], "author": "Ann", "edit_mode": 2}
        template |= {"created_at": self._sandbox.now(), "headers": {}}
        template |= {"name": name, "html": html, **values}
        for column in ("purposes", "headers"):
            template[column] = json.dumps(template[column])
        with self._sandbox.store.write() as db:
            return insert(db, "template", key_id=self._key_id(), **template)

    def add_webhook(self, event_type, url, **values):
        """Let another system be told of a type of event."""
        self.ask(
            "POST", "eventcallbackurl", {"EventType": event_type, "Url": url, **values}
        )

    def send_otherwise(self, count, public=KEY[0]):
        """Let other programs send so many e-mails with the key."""
        self.change(
            "WITH RECURSIVE number(n) AS (SELECT 0 UNION SELECT n + 1 FROM number"
            " WHERE n < ?) INSERT INTO message (key_id, content_id, contact_id, email,"
            " uuid, arrived_at) SELECT ?, 0, 0, 'somebody@example.com',"
            " randomblob(16), now() FROM number WHERE n",
            count,
            self._key_id(public),
        )

    def strike(self):
        """Let the hour of every scheduled campaign come."""
        (row,) = self.rows(
            "SELECT max(scheduled_at) - now() AS left FROM draft WHERE status = 1"
        )
        self.control("POST", "schedules", seconds=row["left"] or 0)

    def put_away(self, status):
        """Let somebody set the status of the newest draft in Mailjet's own application,
        or (None) delete it for good."""
        self.control("PUT", "drafts", status=status)

    def unsubscribe(self, email):
        """Let an address leave the newest list."""
        contact = {"Email": email, "Action": "unsub"}
        list_id = self.lists[-1]["id"]
        self.ask("POST", f"contactslist/{list_id}/managecontact", contact)

    def exclude(self, *emails, excluded=True):
        """Exclude addresses from all campaigns, or let them in again."""
        contacts = [
            {"Email": email, "IsExcludedFromCampaigns": excluded} for email in emails
        ]
        self.ask("POST", "contact/managemanycontacts", {"Contacts": contacts})

    def send_campaign(self, emails):
        """Let another program send a campaign, and return the ids of its draft, its
        campaign and its list."""
        (made,) = self.ask("POST", "contactslist", {"Name": "Another program's"})
        contacts = [{"Email": email} for email in emails]
        self.ask(
            "POST",
            f"contactslist/{made['ID']}/managemanycontacts",
            {"Action": "addforce", "Contacts": contacts},
        )
        values = {"Locale": "en_US", "Subject": "News", "Sender": "News"}
        values |= {"SenderEmail": "news@example.com", "ContactsListID": made["ID"]}
        (draft,) = self.ask("POST", "campaigndraft", values)
        path = f"campaigndraft/{draft['ID']}"
        self.ask("POST", f"{path}/detailcontent", {"Html-part": "<p>News</p>"})
        self.ask("POST", f"{path}/send")
        (campaign,) = self.ask("GET", f"campaign/mj.nl={draft['ID']}")
        return draft["ID"], campaign["ID"], made["ID"]

    def happen(self, email, kind, **fields):
        """Let something happen to the newest e-mail to an address: ``open``, ..."""
        self.control("POST", "events", recipient=email, type=kind, fields=fields)

    def change(self, sql, *parameters):
        """Change the sandbox's memory, for what no program can do at Mailjet."""
        with self._sandbox.store.write() as db:
            db.execute(sql, parameters)

    # === WHAT CAME OF IT === #

    def rows(self, sql, *parameters):
        """Return rows of the sandbox's memory."""
        with self._sandbox.store.read() as db:
            return [dict(row) for row in db.execute(sql, parameters)]

    def column(self, sql, *parameters):
        """Return the first column of rows of the sandbox's memory."""
        with self._sandbox.store.read() as db:
            return [row[0] for row in db.execute(sql, parameters)]

    @property
    def requests(self):
        """The add-on's requests, as the sandbox has logged them."""
        return [
            row
            for row in self._sandbox.log.select()
            if row["headers"].get("User-Agent") != OTHER_PROGRAM
        ]

    @property
    def calls(self):
        """Method and path of the add-on's requests."""
        return [f"{row['method']} {row['path']}" for row in self.requests]

    def forget_calls(self):
        self._sandbox.log.clear()

    def bodies(self, call):
        """Return what the add-on's requests of a call have said, decoded."""
        method, pattern = _parse(call)
        return [
            json.loads(row["body"])
            for row in self.requests
            if row["method"] == method and re.search(pattern, row["path"])
        ]

    def count(self, call):
        """Return how often the add-on made a call."""
        method, pattern = _parse(call)
        return sum(
            row["method"] == method and bool(re.search(pattern, row["path"]))
            for row in self.requests
        )

    @property
    def lists(self):
        return self.rows("SELECT * FROM contactslist ORDER BY id")

    @property
    def drafts(self):
        return self.rows("SELECT * FROM draft ORDER BY id")

    @property
    def scheduled(self):
        """When the drafts that wait for their hour leave."""
        return self.column("SELECT scheduled_at FROM draft WHERE status = 1")

    @property
    def departures(self):
        """The addresses of every campaign that was sent, but for those that were to be
        forgotten."""
        emails = self.column(
            "SELECT (SELECT json_group_array(email) FROM message"
            " WHERE campaign_id = campaign.id) FROM campaign WHERE draft_id"
            " ORDER BY id"
        )
        return [set(json.loads(text)) for text in emails[self._forgotten :]]

    def forget_departures(self):
        self._forgotten += len(self.departures)

    @property
    def uploads(self):
        """The text of every CSV that was uploaded."""
        folder = self._sandbox.store.uploads
        return [
            (folder / str(upload)).read_bytes().decode()
            for upload in self.column("SELECT id FROM upload ORDER BY id")
        ]

    @property
    def excluded(self):
        """The addresses that get no campaign."""
        return set(self.column("SELECT email FROM contact WHERE is_excluded"))

    @property
    def unsubscribed(self):
        """The addresses that have left a list."""
        return set(
            self.column(
                "SELECT email FROM contact JOIN member ON contact_id = contact.id"
                " WHERE is_unsubscribed"
            )
        )

    @property
    def webhooks(self):
        return self.rows("SELECT * FROM eventcallbackurl ORDER BY id")

    @property
    def messages(self):
        """The single messages that were sent, as their recipients see them."""
        return self._emails(kind="send")

    def get_delivered(self, draft_id, email):
        """Return the e-mail of a campaign that an address got, as its reader sees
        it."""
        (mail,) = self._emails(campaign=f"mj.nl={draft_id}", recipient=email)
        return mail

    def _emails(self, **filters):
        answer = self._control.get("/_sandbox/messages", query_string=filters)
        return answer.json

    def _key_id(self, public=KEY[0]):
        (key_id,) = self.column("SELECT id FROM apikey WHERE public = ?", public)
        return key_id


class _Transport(HTTPAdapter):
    """Answers the requests of a session that it is mounted in."""

    def __init__(self, mailjet):
        super().__init__()
        self._mailjet = mailjet

    def send(self, request, **_options):
        parts = urlsplit(request.url)
        builder = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        try:
            body, status, headers = self._mailjet.respond(builder.get_environ())
        except TimeoutError as error:
            raise requests.exceptions.ReadTimeout(request=request) from error
        except ConnectionError as error:
            raise requests.exceptions.ConnectionError(request=request) from error
        code, _space, reason = status.partition(" ")
        answer = HTTPResponse(
            body=io.BytesIO(b"".join(body)),
            headers=list(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
        )
        return self.build_response(request, answer)


def _parse(call):
    """Return the method of a call and a pattern of its path."""
    method, path = call.split(" ")
    return method, f"(?i)^{BASE}{path.replace('*', '[^/]+')}$"
