"""sender and dns: which addresses may send."""

from .. import errors
from ..envelope import rfc3339
from ..rest import Field, Filter, Resource, is_email, to_bool, to_text
from ..routing import no_content, route
from ..seed import create_sender
from ..store import fetch, update

DOMAIN = "substr(email, instr(email, '@') + 1)"

SENDER = Resource(
    name="sender",
    table="sender",
    unique="status != 'Deleted' AND email",
    fields=(
        Field("CreatedAt", "created_at", "date"),
        Field("DNSID", "dns_id", "int"),
        Field("Email", "email", "str", "create", required=True),
        Field("EmailType", "email_type", "str", "rw"),
        Field("Filename", "filename"),
        Field("ID", "id", "int"),
        Field("IsDefaultSender", "is_default", "bool", "rw"),
        Field("Name", "name", "str", "rw"),
        Field("Status", "status"),
    ),
    filters={
        "dnsid": Filter("dns_id = ?", int),
        "domain": Filter(f"{DOMAIN} = lower(?)"),
        "email": Filter("email = lower(?)"),
        "isdomainsender": Filter("(email LIKE '*@%') = ?", to_bool),
        "localpart": Filter("email LIKE lower(?) || '@%'"),
        "status": Filter("status = ?"),
    },
)
DNS = Resource(
    name="dns",
    table="dns",
    unique="domain",
    fields=(
        Field("DKIMRecordName", "'mailjet._domainkey.' || domain || '.'"),
        Field("DKIMRecordValue", "'k=rsa; p=' || token"),
        Field("DKIMStatus", "dkim_status"),
        Field("Domain", "domain"),
        Field("ID", "id", "int"),
        Field("IsCheckInProgress", "0", "bool"),
        Field("LastCheckAt", "last_check_at", "date"),
        Field("OwnerShipToken", "token"),
        Field("OwnerShipTokenRecordName", "'mailjet._' || token || '.' || domain"),
        Field("SPFRecordValue", "'v=spf1 include:spf.mailjet.com ?all'"),
        Field("SPFStatus", "spf_status"),
    ),
    filters={"domain": Filter("domain = lower(?)")},
)
DNS.register_reads()
route("GET", "v3/REST/sender/*")(SENDER.get)
SENDER.register_update()


def active_sender(db, key_id, email):
    """The active sender row that allows an address, itself or by domain; or None."""
    return fetch(
        db,
        "SELECT * FROM sender WHERE key_id = ? AND status = 'Active'"
        " AND email IN (?, ?) ORDER BY email LIKE '*@%'",
        key_id,
        email.lower(),
        "*@" + email.lower().rpartition("@")[2],
    )


@route("GET", "v3/REST/sender")
def list_senders(call):
    if to_bool(call.args.get("showdeleted", "false")):
        return SENDER.list(call)
    return SENDER.list(call, ("status != ?", "Deleted"))


@route("POST", "v3/REST/sender")
def create(call):
    values = SENDER.parse(call, creating=True)
    email = to_text(values.pop("email")).lower()
    if not is_email(email.replace("*@", "any@", 1)):
        raise errors.invalid_property("Email", f'"{email}" is not an email address')
    if fetch(
        call.db,
        "SELECT 1 FROM sender WHERE key_id = ? AND email = ? AND status != 'Deleted'",
        call.key_id,
        email,
    ):
        raise errors.duplicate("Sender", email, "Email")
    sender_id = create_sender(call.db, call.now, call.key_id, email, **values)
    return call.rows(SENDER.one(call, sender_id), 201)


@route("DELETE", "v3/REST/sender/*")
def delete(call):
    row = SENDER.find(call, call.ids[0])
    update(call.db, "sender", row["id"], status="Deleted")
    return no_content()


@route("POST", "v3/REST/sender/*/validate")
def validate(call):
    """Nobody clicks the activation email here: use `/_sandbox/senders` for that."""
    row = SENDER.find(call, call.ids[0])
    if row["status"] == "Active":
        raise errors.legacy(400, "The sender is already active!")
    result = {
        "Errors": {"DNSValidationError": "", "FileValidationError": ""},
        "GlobalError": "",
        "ValidationMethod": "ActivationEmail",
    }
    if row["email"].startswith("*@"):
        result["Errors"]["DNSValidationError"] = "The token record was not found."
        result["Errors"]["FileValidationError"] = "The token file was not found."
        result["ValidationMethod"] = ""
    return call.rows([result])


@route("POST", "v3/REST/dns/*/check")
def check_dns(call):
    row = DNS.find(call, call.ids[0])
    found = {"Not checked": "Not found"}
    dkim = found.get(row["dkim_status"], row["dkim_status"])
    spf = found.get(row["spf_status"], row["spf_status"])
    update(
        call.db,
        "dns",
        row["id"],
        dkim_status=dkim,
        spf_status=spf,
        last_check_at=call.now,
    )
    result = {
        "DKIMErrors": [] if dkim == "OK" else ["record not found"],
        "DKIMRecordCurrentValue": f"k=rsa; p={row['token']}" if dkim == "OK" else "",
        "DKIMStatus": dkim,
        "LastCheckAt": rfc3339(call.now),
        "SPFErrors": [] if spf == "OK" else ["record not found"],
        "SPFRecordsCurrentValues": [],
        "SPFStatus": spf,
    }
    return call.rows([result])
