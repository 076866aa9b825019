"""POST /v3.1/send: up to 50 messages, each accepted or rejected on its own."""

import json
import os
from email.utils import parseaddr

from .. import envelope
from ..routing import Answer, route
from ..store import fetch, insert
from . import send_checks
from .campaigns import campaign_named
from .contacts import ensure_contact
from .messages import format_uuid
from .senders import active_sender

DUPLICATE_IN_CAMPAIGN = 15


@route("POST", "v3.1/send", gateway=True)
def send(call):
    body = send_checks.check_envelope(call)
    call.effect = False
    sandbox_mode = body.get("SandboxMode") is True
    results = [
        _process(call, {**body.get("Globals", {}), **message}, sandbox_mode)
        for message in body["Messages"]
    ]
    refused = any(result["Status"] == "error" for result in results)
    return Answer(
        envelope.gateway_json({"Messages": results}),
        400 if refused else 200,
        "Bad Request" if refused else "OK",
        envelope.GATEWAY_CONTENT_TYPE,
    )


def _process(call, message, sandbox_mode):
    """The result object of one message."""
    template = _template(call, message)
    if "From" not in message and template:
        name, email = parseaddr(json.loads(template["headers"]).get("From", ""))
        message = {**message, "From": {"Email": email, "Name": name}}
    problems = send_checks.check_message(call, message, sandbox_mode)
    if problems:
        return {"Status": "error", "Errors": problems}
    deliver = _pretend if sandbox_mode else _Delivery(call, message).deliver
    return {
        "Status": "success",
        "CustomID": message.get("CustomID", ""),
        **{
            name: [deliver(recipient) for recipient in message.get(name, [])]
            for name in ("To", "Cc", "Bcc")
        },
    }


def _template(call, message):
    """The template row that a message refers to, if it belongs to this key."""
    if not isinstance(message.get("TemplateID"), int):
        return None
    sql = "SELECT * FROM template WHERE id = ? AND key_id = ?"
    return fetch(call.db, sql, message["TemplateID"], call.key_id)


def _pretend(recipient):
    href = "https://api.mailjet.com/v3/REST/message/0"
    return {
        "Email": recipient["Email"],
        "MessageUUID": "",
        "MessageID": 0,
        "MessageHref": href,
    }


class _Delivery:
    """One accepted message: its content is stored once, each recipient gets a row."""

    def __init__(self, call, message):
        self.call = call
        self.message = message
        self.sender = active_sender(call.db, call.key_id, message["From"]["Email"])
        self.content_id = self._keep_content()
        self.campaign_id = self._campaign() if message.get("CustomCampaign") else 0
        call.effect = True

    def _campaign(self):
        return campaign_named(
            self.call,
            self.message["CustomCampaign"],
            content_id=self.content_id,
            sender_id=self.sender["id"],
            subject=self.message.get("Subject", ""),
            from_email=self.message["From"]["Email"],
            from_name=self.message["From"].get("Name", ""),
        )

    def _keep_content(self):
        message = self.message
        template = dict(_template(self.call, message) or {})
        headers = json.loads(template.get("headers", "{}"))
        variables = json.dumps(message.get("Variables", {}))
        return insert(
            self.call.db,
            "content",
            kind="send",
            subject=message.get("Subject", headers.get("Subject", "")),
            from_email=message["From"]["Email"],
            from_name=message["From"].get("Name", ""),
            reply_to=message.get("ReplyTo", {}).get("Email", ""),
            html=message.get("HTMLPart", template.get("html")),
            text=message.get("TextPart", template.get("text")),
            headers=json.dumps(message.get("Headers", {})),
            variables=variables if message.get("TemplateLanguage") else None,
        )

    def deliver(self, recipient):
        """Write the message row of one recipient and return its ids."""
        call, message = self.call, self.message
        uuid = os.urandom(16)
        contact_id = ensure_contact(call, recipient["Email"], recipient.get("Name", ""))
        contact = fetch(call.db, "SELECT * FROM contact WHERE id = ?", contact_id)
        blocked = message.get("DeduplicateCampaign") and self._had_one(contact_id)
        message_id = insert(
            call.db,
            "message",
            key_id=call.key_id,
            campaign_id=self.campaign_id,
            content_id=self.content_id,
            contact_id=contact_id,
            sender_id=self.sender["id"],
            email=contact["email"],
            name=recipient.get("Name", ""),
            properties=contact["properties"],
            uuid=uuid,
            status="blocked" if blocked else "sent",
            state_id=DUPLICATE_IN_CAMPAIGN if blocked else 0,
            custom_id=message.get("CustomID", ""),
            payload=message.get("EventPayload", ""),
            arrived_at=call.now,
        )
        return {
            "Email": recipient["Email"],
            "MessageUUID": format_uuid(uuid),
            "MessageID": message_id,
            "MessageHref": f"https://api.mailjet.com/v3/REST/message/{message_id}",
        }

    def _had_one(self, contact_id):
        return fetch(
            self.call.db,
            "SELECT 1 FROM message WHERE contact_id = ? AND campaign_id = ?",
            contact_id,
            self.campaign_id,
        )
