"""The documented checks of /v3.1/send: of the call as a whole, and of each message.

A problem of the call raises; a problem of a message is an object of the answer.
"""

from ..errors import gateway, gateway_body
from ..rest import is_email
from ..store import fetch
from .senders import active_sender

MAX_MESSAGES = 50
MAX_RECIPIENTS = 50
MAX_ATTACHED_BYTES = 15 * 1024 * 1024
ROOT_TYPES = {
    "Messages": list,
    "SandboxMode": bool,
    "Globals": dict,
    "AdvanceErrorHandling": bool,
}
MESSAGE_TYPES = {
    "From": dict,
    "Sender": dict,
    "ReplyTo": dict,
    "To": list,
    "Cc": list,
    "Bcc": list,
    "Subject": str,
    "TextPart": str,
    "HTMLPart": str,
    "TemplateID": int,
    "TemplateLanguage": bool,
    "TemplateErrorReporting": dict,
    "TemplateErrorDeliver": bool,
    "Variables": dict,
    "Attachments": list,
    "InlinedAttachments": list,
    "Priority": int,
    "URLTags": str,
    "MonitoringCategory": str,
    "CustomCampaign": str,
    "DeduplicateCampaign": bool,
    "CustomID": str,
    "EventPayload": str,
    "TrackOpens": str,
    "TrackClicks": str,
    "Headers": dict,
}
MAX_LENGTHS = {"Subject": 255, "URLTags": 256}
TRACKING = ("account_default", "disabled", "enabled")
# Lower case; also every header that starts with one of FORBIDDEN_STARTS.
FORBIDDEN_HEADERS = {
    *("from", "sender", "subject", "to", "cc", "bcc", "reply-to", "return-path"),
    *("delivered-to", "dkim-signature", "domainkey-status", "received-spf"),
    *("authentication-results", "received", "date", "message-id", "list-id"),
    *("feedback-id", "list-unsubscribe", "content-type", "x-csa-complaints"),
}
FORBIDDEN_STARTS = ("x-mailjet-", "x-mj-")
MISSING = "Property is missing"
WRONG_TYPE = "Type mismatch. Expected type"
JSON_NAMES = {list: "array", dict: "object", str: "string", int: "int", bool: "bool"}


def check_envelope(call):
    """The body of a call, if its messages can be checked one by one."""
    body = call.json()
    for name, value in body.items():
        if name not in ROOT_TYPES:
            text = f'Property "{name}" is not allowed'
            raise gateway(400, text, "mj-0005", [name])
        if not isinstance(value, ROOT_TYPES[name]):
            text = f'{WRONG_TYPE} "{JSON_NAMES[ROOT_TYPES[name]]}".'
            raise gateway(400, text, "mj-0004", [name])
    messages = body.get("Messages")
    if messages is None:
        raise gateway(400, MISSING, "mj-0003", ["Messages"])
    if not messages:
        raise gateway(400, "The array is empty", "mj-0007", ["Messages"])
    if len(messages) > MAX_MESSAGES:
        raise gateway(400, "Too many elements", "mj-0008", ["Messages"])
    if not all(isinstance(message, dict) for message in messages):
        raise gateway(400, f'{WRONG_TYPE} "object".', "mj-0004", ["Messages"])
    return body


def check_message(call, message, sandbox_mode):
    """The list of error objects of one message, empty if it can be sent."""
    problems = list(_type_problems(message)) or [
        *_value_problems(message),
        *_address_problems(call, message),
        *_attachment_problems(message),
        *_rule_problems(call, message, sandbox_mode),
    ]
    return [
        gateway_body(status, text, code, [related])
        for status, code, related, text in problems
    ]


def _type_problems(message):
    for name, value in message.items():
        wanted = MESSAGE_TYPES.get(name)
        if wanted is None:
            yield 400, "mj-0005", name, f'Property "{name}" is not allowed'
        elif value is None:
            yield 400, "mj-0003", name, f"{MISSING} or null"
        elif not isinstance(value, wanted) or (wanted is int and value is True):
            yield 400, "mj-0004", name, f'{WRONG_TYPE} "{JSON_NAMES[wanted]}".'
    for name in ("From", "To"):
        if name not in message:
            yield 400, "mj-0003", name, MISSING


def _value_problems(message):
    for name, length in MAX_LENGTHS.items():
        if len(message.get(name, "")) > length:
            yield 400, "mj-0006", name, f"Value is longer than {length} characters"
    for name in ("To", "Cc", "Bcc"):
        if message.get(name) == [] and name == "To":
            yield 400, "mj-0007", name, "The array is empty"
    for name in ("TrackOpens", "TrackClicks"):
        if message.get(name, "enabled") not in TRACKING:
            yield 400, "mj-0005", name, "Value is not allowed"
    for name in message.get("Headers", {}):
        lower = name.lower()
        if lower in FORBIDDEN_HEADERS or lower.startswith(FORBIDDEN_STARTS):
            text = f'Header "{name}" cannot be customized using the "Headers" property'
            yield 400, "send-0011", "Headers", text


def _address_problems(call, message):
    """Every address of a message with its place, such as `To[0].Email`."""
    places = [
        (f"{name}[{position}]", recipient)
        for name in ("To", "Cc", "Bcc")
        for position, recipient in enumerate(message.get(name, []))
    ]
    if len(places) > MAX_RECIPIENTS:
        yield 400, "send-0015", "To", "There are too many recipients"
    names = ("From", "Sender", "ReplyTo", "TemplateErrorReporting")
    places += [(name, message[name]) for name in names if name in message]
    for place, address in places:
        if not isinstance(address, dict):
            yield 400, "mj-0004", place, f'{WRONG_TYPE} "object".'
        elif not isinstance(address.get("Name", ""), str):
            yield 400, "mj-0004", f"{place}.Name", f'{WRONG_TYPE} "string".'
        else:
            yield from _email_problems(call, f"{place}.Email", address.get("Email"))


def _email_problems(call, place, email):
    if email is None:
        yield 400, "mj-0003", place, f"{MISSING} or null"
    elif email == "":
        yield 400, "mj-0012", place, "The string is empty"
    elif not is_email(email) or call.sandbox.settings.current.refuses(email):
        yield 400, "mj-0013", place, f'"{email}" is an invalid email address.'


def _attachment_problems(message):
    size = 0
    for name in ("Attachments", "InlinedAttachments"):
        for position, attachment in enumerate(message.get(name, [])):
            place = f"{name}[{position}]"
            if not isinstance(attachment, dict):
                yield 400, "mj-0004", place, f'{WRONG_TYPE} "object".'
                continue
            size += len(str(attachment.get("Base64Content", ""))) * 3 // 4
            for part in ("ContentType", "Filename", "Base64Content"):
                if not attachment.get(part):
                    yield 400, "mj-0003", f"{place}.{part}", MISSING
                elif not isinstance(attachment[part], str):
                    text = f'{WRONG_TYPE} "string".'
                    yield 400, "mj-0004", f"{place}.{part}", text
    if size > MAX_ATTACHED_BYTES:
        yield 400, "mj-0011", "Attachments", "The attachments are larger than 15 MB"


def _rule_problems(call, message, sandbox_mode):
    template = message.get("TemplateID")
    parts = [name for name in ("HTMLPart", "TextPart") if message.get(name)]
    if not template and not parts:
        text = 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.'
        yield 400, "send-0003", "HTMLPart", text
    if template and parts:
        text = "Body and template cannot both supply a part"
        yield 400, "send-0004", "TemplateID", text
    if template and not fetch(
        call.db,
        "SELECT 1 FROM template WHERE id = ? AND key_id = ?",
        template,
        call.key_id,
    ):
        text = f'Template ID "{template}" doesn\'t exist for your account'
        yield 400, "send-0010", "TemplateID", text
    if message.get("DeduplicateCampaign") and not message.get("CustomCampaign"):
        text = '"CustomCampaign" must be set to use "DeduplicateCampaign"'
        yield 400, "send-0012", "DeduplicateCampaign", text
    if message.get("MonitoringCategory"):
        yield 400, "send-0013", "MonitoringCategory", "Unknown monitoring category"
    for name in ("TemplateErrorReporting", "TemplateErrorDeliver"):
        if name in message and not message.get("TemplateLanguage"):
            text = f'"TemplateLanguage" must be set to use "{name}"'
            yield 400, "send-0016", name, text
    if "Sender" in message:
        text = "The use of the property Sender is not permitted"
        yield 403, "send-0006", "Sender", text
    yield from _sender_problems(call, message, sandbox_mode)


def _sender_problems(call, message, sandbox_mode):
    """An arbitrary sender passes in sandbox mode, as at Mailjet."""
    email = (message.get("From") or {}).get("Email")
    if sandbox_mode or not is_email(email):
        return
    if not active_sender(call.db, call.key_id, email):
        text = f'"{email}" is not an authorized sender email address for your account.'
        yield 403, "send-0008", "From", text
