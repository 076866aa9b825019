"""Mailjet at the end of the wire: answers ``requests`` in tests, without a socket.

``FakeMailjet`` knows just what one campaign needs and keeps what it was told. Its
ids overflow 32 bits, as Mailjet's do. ``faults`` makes calls go wrong.
"""

import csv
import io
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import requests

FIRST_ID = 7_000_000_000


def answer(status, body):
    """Return a ``requests.Response``; a body that is no text is sent as JSON."""
    response = requests.Response()
    response.status_code = status
    text = body if isinstance(body, str) else json.dumps(body)
    response._content = text.encode()
    return response


def rows(*data, status=200):
    """Return Mailjet's envelope around the rows."""
    return answer(status, {"Count": len(data), "Data": list(data), "Total": len(data)})


def refusal(message):
    """Return Mailjet's "no"."""
    return answer(400, {"ErrorInfo": "", "ErrorMessage": message, "StatusCode": 400})


class FakeMailjet:
    """The state of one API key, and the calls that were made on it."""

    def __init__(self):
        self.calls = []
        self.faults = {}
        self.senders = [
            {"ID": 1, "Email": "news@example.com", "Name": "News", "Status": "Active"}
        ]
        self.domains = []
        self.key = {"APIKey": "public", "SecretKey": "secret", "Runlevel": "Normal"}
        self.lists = {}
        self.properties = []
        self.data = {}
        self.imports = {}
        self.import_status = "Completed"
        self.import_count = 0
        self.aborted = []
        self.upload_limit = None
        self.send_jobs = []
        self.refused_emails = {}
        self.members = set()
        self.contacts = {}
        self.unsubscribed = set()
        self.drafts = {}
        self.content = {}
        self.scheduled = {}
        self.departures = []
        self.messages = []
        self.sent_count = 0
        self.webhooks = {}
        self.campaign_messages = {}
        self.opens, self.clicks = [], []
        self.campaign_total = None
        self.excluded = {}
        self.exclusion_status = "Completed"
        self.templates = {}

    def handle(self, request):
        """Return the answer to a prepared request."""
        parts = urlsplit(request.url)
        name = f"{request.method} {unquote(parts.path)}"
        self.calls.append(name)
        for pattern, method in self.ROUTES:
            match = re.fullmatch(pattern, name)
            if match:
                fault = self._take_fault(method)
                if fault and not fault.after_effect:
                    return fault.result()
                result = getattr(self, method)(
                    request, parse_qs(parts.query), *match.groups()
                )
                return fault.result() if fault else result
        return answer(404, {"ErrorInfo": "", "ErrorMessage": "Object not found"})

    def count(self, method):
        """Return how often a handler was called."""
        pattern = next(pattern for pattern, name in self.ROUTES if name == method)
        return sum(bool(re.fullmatch(pattern, call)) for call in self.calls)

    def _take_fault(self, method):
        """Return the next fault of a handler, if any is planned."""
        planned = self.faults.get(method)
        return planned.pop(0) if planned else None

    ROUTES = [
        (r"GET /v3/REST/apikey", "get_keys"),
        (r"GET /v3/REST/sender", "get_senders"),
        (r"GET /v3/REST/dns", "get_domains"),
        (r"GET /v3/REST/statcounters", "get_counters"),
        (r"GET /v3/REST/template", "get_templates"),
        (r"GET /v3/REST/template/(\d+)/detailcontent", "get_template_content"),
        (r"GET /v3/REST/contactslist", "get_lists"),
        (r"POST /v3/REST/contactslist", "create_list"),
        (r"GET /v3/REST/contactslist/(\d+)", "get_list"),
        (r"DELETE /v3/REST/contactslist/(\d+)", "delete_list"),
        (r"GET /v3/REST/contactmetadata", "get_properties"),
        (r"POST /v3/REST/contactmetadata", "create_property"),
        (r"POST /v3/DATA/contactslist/(\d+)/CSVData/text:plain", "upload"),
        (r"POST /v3/REST/csvimport", "start_import"),
        (r"GET /v3/REST/batchjob", "get_jobs"),
        (r"GET /v3/REST/csvimport/(\d+)", "get_import"),
        (r"PUT /v3/REST/csvimport/(\d+)", "abort_import"),
        (r"GET /v3/DATA/[bB]atch[jJ]ob/(\d+)/CSVError/text:csv", "get_errors"),
        (r"GET /v3/REST/listrecipient", "count_members"),
        (r"POST /v3/REST/contactslist/(\d+)/managemanycontacts", "unsubscribe"),
        (r"GET /v3/REST/contactslist/(\d+)/managemanycontacts/(\d+)", "get_job"),
        (r"GET /v3/REST/campaigndraft", "get_drafts"),
        (r"POST /v3/REST/campaigndraft", "create_draft"),
        (r"GET /v3/REST/campaigndraft/(\d+)", "get_draft"),
        (r"GET /v3/REST/campaigndraft/(\d+)/detailcontent", "get_content"),
        (r"POST /v3/REST/campaigndraft/(\d+)/detailcontent", "set_content"),
        (r"POST /v3/REST/campaigndraft/(\d+)/send", "send_draft"),
        (r"POST /v3/REST/campaigndraft/(\d+)/schedule", "schedule_draft"),
        (r"DELETE /v3/REST/campaigndraft/(\d+)/schedule", "unschedule_draft"),
        (r"GET /v3/REST/campaign/mj\.nl=(\d+)", "get_campaign"),
        (r"POST /v3\.1/send", "send_messages"),
        (r"GET /v3/REST/message", "get_messages"),
        (r"GET /v3/REST/openinformation", "get_opens"),
        (r"GET /v3/REST/clickstatistics", "get_clicks"),
        (r"GET /v3/REST/contact", "get_contacts"),
        (r"GET /v3/REST/contact/(\d+)", "get_contact"),
        (r"POST /v3/REST/contact/managemanycontacts", "exclude"),
        (r"GET /v3/REST/contact/managemanycontacts/(\d+)", "get_exclusion_job"),
        (r"GET /v3/REST/eventcallbackurl", "get_webhooks"),
        (r"POST /v3/REST/eventcallbackurl", "create_webhook"),
        (r"PUT /v3/REST/eventcallbackurl/(\d+)", "update_webhook"),
        (r"DELETE /v3/REST/eventcallbackurl/(\d+)", "delete_webhook"),
    ]

    def _new_id(self, container):
        return FIRST_ID + 1000 * len(self.calls) + len(container)

    # === HANDLERS === #

    def get_keys(self, _request, _query):
        return rows(self.key)

    def get_senders(self, _request, _query):
        return rows(*self.senders)

    def get_domains(self, _request, _query):
        return rows(*self.domains)

    def get_counters(self, _request, query):
        if query["CounterSource"] == ["Campaign"]:
            total = self.campaign_total
            return rows(
                {"Total": len(self.campaign_messages) if total is None else total}
            )
        return rows({"Total": self.sent_count, "MessageSentCount": self.sent_count})

    def get_templates(self, _request, _query):
        return rows(*(row for row, _content in self.templates.values()))

    def get_template_content(self, _request, _query, template_id):
        if template_id not in self.templates:
            return answer(404, {"ErrorInfo": "", "ErrorMessage": "Object not found"})
        return rows(self.templates[template_id][1])

    def add_template(self, template_id, html, headers=None, **row):
        """Add a template as Mailjet would answer it."""
        self.templates[str(template_id)] = (
            {
                "ID": template_id,
                "Name": f"Template {template_id}",
                "OwnerType": "apikey",
                "EditMode": 2,
                "Locale": "en_US",
                "Purposes": ["marketing"],
                "Author": "Ann",
                "CreatedAt": "2026-01-02T03:04:05Z",
                "LastUpdatedAt": "",
                **row,
            },
            {
                "MJMLContent": None,
                "Html-part": html,
                "Text-part": None,
                "Headers": headers or {},
            },
        )

    def get_lists(self, _request, query):
        wanted = query.get("Name", [None])[0]
        return rows(*(row for row in self.lists.values() if row["Name"] == wanted))

    def create_list(self, request, _query):
        row = {**json.loads(request.body), "ID": self._new_id(self.lists)}
        self.lists[row["ID"]] = {**row, "IsDeleted": False}
        return rows(row, status=201)

    def get_list(self, _request, _query, list_id):
        return rows(self.lists[int(list_id)])

    def delete_list(self, _request, _query, list_id):
        self.lists[int(list_id)]["IsDeleted"] = True
        return answer(204, "")

    def get_properties(self, _request, _query):
        return rows(*({"Name": name} for name in self.properties))

    def create_property(self, request, _query):
        self.properties.append(json.loads(request.body)["Name"])
        return rows({"Name": self.properties[-1]}, status=201)

    def upload(self, request, _query, _list_id):
        if self.upload_limit and len(request.body) > self.upload_limit:
            return answer(413, "<html><h1>413 Request Entity Too Large</h1></html>")
        data_id = self._new_id(self.data)
        self.data[data_id] = request.body.decode()
        return answer(200, {"ID": data_id})

    def start_import(self, request, _query):
        job = {**json.loads(request.body), "ID": self._new_id(self.imports)}
        self.imports[job["ID"]] = job
        contacts = self.read_csv(job["DataID"])
        emails = {row["email"] for row in contacts}
        for row in contacts:
            self._set_properties(**row)
        self.members |= emails - self.refused_emails.keys()
        return rows({**job, "Status": "Upload", "Errcount": 0}, status=201)

    def _set_properties(self, email, **cells):
        """Keep the values of a contact, of all the account's campaigns; a cell that is
        empty leaves what is there, which nothing says that Mailjet does not do."""
        filled = {name: cell for name, cell in cells.items() if cell.strip()}
        self.contacts.setdefault(email, {}).update(filled)

    def deliver(self, draft_id, email):
        """Return ``(subject, html, text)`` of a campaign as it would reach a contact
        now, but for Mailjet's own links. Values are put in as they are, and read once
        more for variables."""
        content = self.content[int(draft_id)]
        parts = (
            self.drafts[int(draft_id)]["Subject"],
            content["Html-part"],
            content["Text-part"],
        )
        return tuple(self._fill(self._fill(part, email), email) for part in parts)

    def _fill(self, text, email):
        values = self.contacts[email]
        return re.sub(
            r'\[\[data:([\w-]+)(?::"(.*?)")?\]\]',
            lambda found: values.get(found[1]) or found[2] or "",
            text,
        )

    def get_jobs(self, _request, query):
        if "RefID" in query:
            return rows(
                *(
                    {**job, "JobType": "Send newsletter"}
                    for job in self.send_jobs
                    if [str(job["RefId"])] == query["RefID"]
                )
            )
        wanted = query.get("Data", [None])[0]
        return rows(
            *(job for job in self.imports.values() if str(job["DataID"]) == wanted)
        )

    def read_csv(self, data_id):
        """Return the rows of an upload as dicts."""
        return list(csv.DictReader(io.StringIO(self.data[data_id])))

    def get_import(self, _request, _query, job_id):
        return rows(
            {
                "ID": int(job_id),
                "Status": self.import_status,
                "Count": self.import_count,
                "Errcount": len(self.refused_emails),
            }
        )

    def abort_import(self, _request, _query, job_id):
        self.aborted.append(int(job_id))
        return answer(304, "")

    def get_errors(self, _request, _query, _job_id):
        lines = ["email,error"]
        for email, reason in self.refused_emails.items():
            lines.append(f'"{email}","###{reason}###email"')
        return answer(200, "\n".join(lines))

    def count_members(self, _request, query):
        if query.get("Unsub") == ["true"]:
            return self._list_unsubscribed(query["ContactsList"][0])
        count = len(self.members - self.unsubscribed)
        return answer(200, {"Count": 0, "Data": [], "Total": count})

    def _list_unsubscribed(self, list_id):
        return rows(
            *(
                {
                    "ContactID": _contact_id(email),
                    "ListID": int(list_id),
                    "IsUnsubscribed": True,
                }
                for email in sorted(self.unsubscribed)
            )
        )

    def unsubscribe(self, request, _query, _list_id):
        body = json.loads(request.body)
        self.unsubscribed |= {contact["Email"] for contact in body["Contacts"]}
        return rows({"JobID": FIRST_ID}, status=201)

    def get_job(self, _request, _query, _list_id, _job_id):
        return rows({"Status": self.import_status})

    def get_drafts(self, _request, query):
        wanted = query.get("ContactsList", [None])[0]
        return rows(
            *(
                row
                for row in self.drafts.values()
                if str(row["ContactsListID"]) == wanted
            )
        )

    def create_draft(self, request, _query):
        row = {**json.loads(request.body), "Status": 0, "DeliveredAt": ""}
        row["ID"] = self._new_id(self.drafts)
        self.drafts[row["ID"]] = row
        return rows(row, status=201)

    def get_draft(self, _request, _query, draft_id):
        if int(draft_id) not in self.drafts:
            return answer(404, {"ErrorInfo": "", "ErrorMessage": "Object not found"})
        return rows(self.drafts[int(draft_id)])

    def set_content(self, request, _query, draft_id):
        self.content[int(draft_id)] = json.loads(request.body)
        return rows(self.content[int(draft_id)], status=201)

    def get_content(self, _request, _query, draft_id):
        return rows(self.content[int(draft_id)])

    def send_draft(self, _request, _query, draft_id):
        draft = self.drafts[int(draft_id)]
        if draft["Status"] not in (0, 1):
            return refusal("Newsletter has to be in status draft or programmed")
        draft["Status"] = 2
        self.departures.append(self.members - self.unsubscribed)
        return rows({"Status": "programmed"})

    def schedule_draft(self, request, _query, draft_id):
        draft = self.drafts[int(draft_id)]
        if draft["Status"] not in (0, 1):
            return refusal("Newsletter has to be in status draft or programmed")
        draft["Status"] = 1
        self.scheduled[int(draft_id)] = json.loads(request.body)["Date"]
        return rows({"Status": "programmed"}, status=201)

    def unschedule_draft(self, _request, _query, draft_id):
        draft = self.drafts[int(draft_id)]
        if draft["Status"] != 1:
            return answer(404, {"ErrorInfo": "", "ErrorMessage": "Object not found"})
        draft["Status"] = 0
        del self.scheduled[int(draft_id)]
        return answer(204, "")

    def strike(self):
        """Let the hour of every scheduled draft come."""
        for draft_id in list(self.scheduled):
            del self.scheduled[draft_id]
            self.drafts[draft_id]["Status"] = 2
            self.departures.append(self.members - self.unsubscribed)

    def get_campaign(self, _request, _query, draft_id):
        if self.drafts.get(int(draft_id), {}).get("Status") != 2:
            return answer(404, {"ErrorInfo": "", "ErrorMessage": "Object not found"})
        return rows({"ID": int(draft_id) + 1})

    def get_messages(self, _request, query):
        start, size = int(query["Offset"][0]), int(query["Limit"][0])
        found = [
            {"ContactAlt": email, "ArrivedAt": "2026-03-02T08:00:30Z", **row}
            for email, row in sorted(self.campaign_messages.items())
        ]
        return rows(*found[start : start + size])

    def get_opens(self, _request, query):
        return self._get_reactions(self.opens, query)

    def get_clicks(self, _request, query):
        return self._get_reactions(self.clicks, query)

    def _get_reactions(self, found, query):
        assert "EventFromTs" in query  # else Mailjet answers those of today alone
        start, size = int(query["Offset"][0]), int(query["Limit"][0])
        return rows(*found[start : start + size])

    def get_contacts(self, _request, query):
        if "ContactsList" in query:
            return rows(
                *(
                    {"ID": _contact_id(email), "Email": email}
                    for email in sorted(self.members)
                )
            )
        if "countOnly" in query:
            return answer(200, {"Count": 0, "Data": [], "Total": len(self.excluded)})
        start, size = int(query["Offset"][0]), int(query["Limit"][0])
        found = [
            {
                "Email": email,
                "IsExcludedFromCampaigns": True,
                "ExclusionFromCampaignsUpdatedAt": date,
            }
            for email, date in self.excluded.items()
        ]
        return rows(*found[start : start + size])

    def get_contact(self, _request, _query, contact_id):
        email = next(
            email
            for email in self.members | self.unsubscribed
            if _contact_id(email) == int(contact_id)
        )
        return rows({"ID": int(contact_id), "Email": email})

    def exclude(self, request, _query):
        for contact in json.loads(request.body)["Contacts"]:
            if contact["IsExcludedFromCampaigns"]:
                self.excluded[contact["Email"]] = ""
            else:
                self.excluded.pop(contact["Email"], None)
        return rows({"JobID": FIRST_ID}, status=201)

    def get_exclusion_job(self, _request, _query, _job_id):
        return rows({"Status": self.exclusion_status, "Error": ""})

    def get_webhooks(self, _request, _query):
        return rows(*self.webhooks.values())

    def add_webhook(self, event_type, **values):
        """Let another system, or ours, be told of a type of event."""
        row = {"EventType": event_type, "IsBackup": False, "Status": "alive", **values}
        row["ID"] = self._new_id(self.webhooks)
        self.webhooks[row["ID"]] = row
        return row

    def create_webhook(self, request, _query):
        values = json.loads(request.body)
        if any(
            row["EventType"] == values["EventType"] and not row["IsBackup"]
            for row in self.webhooks.values()
        ):
            return refusal("MJ18 A EventCallbackUrl resource already exists")
        return rows(self.add_webhook(values.pop("EventType"), **values), status=201)

    def update_webhook(self, request, _query, webhook_id):
        self.webhooks[int(webhook_id)] |= json.loads(request.body)
        return rows(self.webhooks[int(webhook_id)])

    def delete_webhook(self, _request, _query, webhook_id):
        del self.webhooks[int(webhook_id)]
        return answer(204, "")

    def send_messages(self, request, _query):
        results = []
        for message in json.loads(request.body)["Messages"]:
            email = message["To"][0]["Email"]
            if email in self.refused_emails:
                error = {"ErrorMessage": self.refused_emails[email]}
                results.append({"Status": "error", "Errors": [error]})
            else:
                self.messages.append(message)
                results.append({"Status": "success"})
        status = 400 if self.refused_emails else 200
        return answer(status, {"Messages": results})


def _contact_id(email):
    """Return the id of the contact with an address, always the same."""
    return FIRST_ID + sum(email.encode())


class Fault:
    """One call that goes wrong.

    :param response: what is answered instead, or an exception to raise
    :param after_effect: the call does its work before it goes wrong
    """

    def __init__(self, response, after_effect=False):
        self.response = response
        self.after_effect = after_effect

    def result(self):
        if isinstance(self.response, Exception):
            raise self.response
        return self.response


TIMEOUT = requests.exceptions.ReadTimeout("no answer")
RESET = requests.exceptions.ConnectionError("connection reset")
TOO_MANY = answer(429, "<html><body><h1>429 Too Many Requests</h1></body></html>")
BROKEN = answer(
    500, {"ErrorMessage": "An Unexpected Error occurred", "StatusCode": 500}
)
UNREADABLE = answer(200, '{"Count": 1, "Da')
