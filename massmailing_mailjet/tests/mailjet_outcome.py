"""What came of the add-on's calls, read from the sandbox's log and memory."""

import json
import re

KEY = ("public", "secret")
OTHER_PROGRAM = "another program"
BASE = r"/v(3(\.1)?|4)(/(REST|DATA))?/"


class MailjetOutcome:
    """The part of :class:`~.mailjet.Mailjet` that only reads.

    :param client: of the sandbox's application
    """

    def __init__(self, sandbox, client):
        self._sandbox = sandbox
        self._client = client
        self._forgotten = 0

    def rows(self, sql, *parameters):
        """Return rows of the sandbox's memory."""
        with self._sandbox.store.read() as db:
            return [dict(row) for row in db.execute(sql, parameters)]

    def column(self, sql, *parameters):
        """Return the first column of rows of the sandbox's memory."""
        with self._sandbox.store.read() as db:
            return [row[0] for row in db.execute(sql, parameters)]

    @property
    def request_log(self):
        """The add-on's requests, as the sandbox has logged them."""
        return [
            row
            for row in self._sandbox.log.select()
            if row["headers"].get("User-Agent") != OTHER_PROGRAM
        ]

    @property
    def calls(self):
        """Method and path of the add-on's requests."""
        return [f"{row['method']} {row['path']}" for row in self.request_log]

    def forget_calls(self):
        self._sandbox.log.clear()

    def bodies(self, call):
        """Return what the add-on's requests of a call have said, decoded."""
        return [json.loads(row["body"]) for row in self._find_requests(call)]

    def count(self, call):
        """Return how often the add-on made a call."""
        return len(self._find_requests(call))

    def _find_requests(self, call):
        method, pattern = parse_call(call)
        return [
            row
            for row in self.request_log
            if row["method"] == method and re.search(pattern, row["path"])
        ]

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
    def sent(self):
        """The addresses of every campaign that was sent, but for those that were to be
        forgotten."""
        emails = self.column(
            "SELECT (SELECT json_group_array(email) FROM message"
            " WHERE campaign_id = campaign.id) FROM campaign WHERE draft_id"
            " ORDER BY id"
        )
        return [set(json.loads(text)) for text in emails[self._forgotten :]]

    def forget_sent(self):
        self._forgotten += len(self.sent)

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
        answer = self._client.get("/_sandbox/messages", query_string=filters)
        return answer.json

    def _key_id(self, public=KEY[0]):
        (key_id,) = self.column("SELECT id FROM apikey WHERE public = ?", public)
        return key_id


def parse_call(call):
    """Return the method of a call and a pattern of its path."""
    method, path = call.split(" ")
    return method, f"(?i)^{BASE}{path.replace('*', '[^/]+')}$"
