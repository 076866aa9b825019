"""A sandbox on a free loopback port, driven by the real client."""

import time

import pytest
import requests
from mailjet_rest import Client
from mailjet_rest.errors import ApiError

from mailjet_sandbox import DEFAULT_KEY, Sandbox
from mailjet_sandbox.envelope import rfc3339

SENDER = "newsletter@example.com"
HOUR = 3600


class Api:
    """The client and shortcuts of the tests."""

    def __init__(self, sandbox, key=DEFAULT_KEY):
        self.sandbox = sandbox
        self.key = key
        self.v3 = Client(auth=key, api_url=f"{sandbox.url}/", version="v3")
        self.v31 = Client(auth=key, api_url=f"{sandbox.url}/", version="v3.1")

    def raw(self, method, path, **kwargs):
        """A bare request with the key, for what the client cannot say."""
        kwargs.setdefault("auth", self.key)
        return requests.request(method, self.sandbox.url + path, timeout=10, **kwargs)

    def control(self, method, path, **kwargs):
        answer = self.raw(method, f"/_sandbox/{path}", auth=None, **kwargs)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def error(self, call, *args, **kwargs):
        """(status, body text with its quotes bare) of a call that is refused."""
        with pytest.raises(ApiError) as raised:
            call(*args, **kwargs)
        response = raised.value.__cause__.response
        return response.status_code, response.text.replace(r"\"", '"')

    def one(self, endpoint, **kwargs):
        """The only row that a GET answers."""
        (row,) = getattr(self.v3, endpoint).get(**kwargs).json()["Data"]
        return row

    def create(self, endpoint, **data):
        return getattr(self.v3, endpoint).create(data=data).json()["Data"][0]

    def wait(self, read, done):
        """Poll until `done(read())`; returns the last reading."""
        deadline = time.monotonic() + 10
        while not done(value := read()):
            assert time.monotonic() < deadline, value
            time.sleep(0.01)
        return value

    # --- a campaign, step by step -----------------------------------------------------

    def new_list(self, *emails, name="List"):
        list_id = self.create("contactslist", Name=name)["ID"]
        if emails:
            self.import_csv(list_id, "email\n" + "\n".join(emails))
        return list_id

    def start_csv(self, list_id, text, upload_list=None, **options):
        body = text if isinstance(text, bytes) else text.encode()
        upload = self.v3.contactslist_csvdata.create(
            id=upload_list or list_id, data=body
        )
        data = {"DataID": upload.json()["ID"], "Method": "addnoforce", **options}
        if list_id:
            data["ContactsListID"] = list_id
        return self.create("csvimport", **data)

    def import_csv(self, list_id, text, **options):
        """Upload, import, and the csvimport row once it is final."""
        job = self.start_csv(list_id, text, **options)
        final = ("Completed", "Error", "Abort")
        return self.wait(
            lambda: self.one("csvimport", id=job["ID"]), lambda r: r["Status"] in final
        )

    def new_draft(self, list_id, html="<p>Hello</p>", **values):
        data = {
            "Locale": "en_US",
            "Subject": "News",
            "Sender": "Example",
            "SenderEmail": SENDER,
            "ContactsListID": list_id,
            "EditMode": "html2",
            **values,
        }
        draft_id = self.create("campaigndraft", **data)["ID"]
        if html:
            content = {"Html-part": html, "Text-part": "Hello"}
            self.v3.campaigndraft_detailcontent.create(id=draft_id, data=content)
        return draft_id

    def send(self, draft_id):
        """Send a draft and wait until it is sent."""
        self.v3.campaigndraft_send.create(id=draft_id, data={})
        self.wait(
            lambda: self.one("campaigndraft", id=draft_id), lambda r: r["Status"] == 2
        )

    def messages(self, **filters):
        return self.control("GET", "messages", params=filters)

    def members(self, list_id, **filters):
        filters = {"ContactsList": list_id, "countOnly": 1, **filters}
        return self.v3.listrecipient.get(filters=filters).json()["Total"]


def in_seconds(api, seconds):
    """A date on the sandbox's clock, as the API takes it."""
    return rfc3339(api.sandbox.now() + seconds)


@pytest.fixture(scope="session")
def running():
    with Sandbox(job_seconds=0.05) as sandbox:
        yield sandbox


@pytest.fixture
def api(running):
    """A freshly reset sandbox and a client of its default key."""
    running.reset()
    return Api(running)


@pytest.fixture
def list_id(api):
    """A list with one member, ann@example.com."""
    return api.new_list("ann@example.com")


@pytest.fixture
def draft_id(api, list_id):
    """A draft to that list which may be sent."""
    return api.new_draft(list_id, Title="Title")
