"""Mailjet as the tests know it: the sandbox, called from within the process."""

import json
from urllib.parse import urlsplit

from werkzeug.test import Client, run_wsgi_app

from mailjet_sandbox import Sandbox
from mailjet_sandbox.server import Application
from mailjet_sandbox.store import insert

from .mailjet_outcome import KEY, OTHER_PROGRAM, MailjetOutcome, parse_call
from .mailjet_transport import Transport

# Calls that tests speak of; a star stands for an id.
UPLOAD = "POST contactslist/*/CSVData/text:plain"
IMPORT_ERRORS = "GET batchjob/*/CSVError/text:csv"
JOB_STATE = "GET contactslist/*/managemanycontacts/*"
DRAFT_STATE = "GET campaigndraft/*"
CONTENT = "GET campaigndraft/*/detailcontent"
SEND = "POST campaigndraft/*/send"
SCHEDULE = "POST campaigndraft/*/schedule"
UNSCHEDULE = "DELETE campaigndraft/*/schedule"


class Mailjet(MailjetOutcome):
    """A sandbox with one key, whose jobs are done at once, and shortcuts to plan what
    happens there and to read what came of it.

    Calls are named by method and path, without what all paths begin with:
    ``POST campaigndraft/*/send``.
    """

    def __init__(self):
        sandbox = Sandbox(keys=[KEY], furnished=False, job_seconds=0)
        self._application = Application(sandbox)
        super().__init__(sandbox, Client(self._application))
        self._transport = Transport(self.respond)
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
        self._sandbox.url = f"{parts.scheme}://{parts.netloc}"
        self.sessions.add(session)
        return self._transport.carry(session, request, **options)

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
        answer = self._client.open(f"/_sandbox/{path}", method=method, json=values)
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

    def add_sender(self, email, name="", status="Active", key=KEY):
        """Let an address, or ``*@`` and a domain, be a sender."""
        self.ask("POST", "sender", {"Email": email, "Name": name}, key)
        self.set_sender(email, status=status, key=key[0])

    def ask(self, method, path, body=None, key=KEY):
        """Make a call of the API, as another program with the key would, and return the
        rows of the answer. It is none of ``calls``."""
        answer = self._client.open(
            f"/v3/REST/{path}",
            method=method,
            json=body or {},
            auth=key,
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
        method, pattern = parse_call(call)
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
        """Register another system's webhook for a type of event."""
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

    def sign_up(self, email, confirm_at, **values):
        """Let an address be entered in a form of Mailjet's, and confirmed then.

        :param confirm_at: Unix seconds; None for a sign-up that is not confirmed
        """
        columns = {"signup_at": 1000, "signup_ip": "192.0.2.1", "source": "widget"}
        columns |= {"email": email, "confirm_at": confirm_at, **values}
        with self._sandbox.store.write() as db:
            insert(db, "signup", key_id=self._key_id(), **columns)

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
