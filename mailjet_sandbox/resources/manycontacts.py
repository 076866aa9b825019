"""Contacts in bulk as JSON: the checks of the call and the state of its job."""

import json

from .. import envelope, errors, membership
from ..jobs import IS_FINAL, STATUS, enqueue
from ..rest import to_bool
from ..routing import route
from ..store import fetch

CONTACT_FIELDS = {"Email", "Name", "Properties", "IsExcludedFromCampaigns"}


def check_contacts(contacts):
    """Raise for what is rejected at once; the job checks the contents."""
    if not isinstance(contacts, list) or not contacts:
        raise errors.too_short("Contacts")
    for contact in contacts:
        _check_contact(contact)


def _check_contact(contact):
    if not isinstance(contact, dict):
        raise errors.invalid_property("Contacts", "MJ03 Value type does not match")
    for name in contact:
        if name not in CONTACT_FIELDS:
            raise errors.unknown_property("TContact", name)
    if not isinstance(contact.get("Properties") or {}, dict):
        raise errors.invalid_property("Properties", "MJ03 Value type does not match")
    if "IsExcludedFromCampaigns" in contact:
        try:
            exclusion = to_bool(contact["IsExcludedFromCampaigns"])
        except ValueError:
            raise errors.invalid_property(
                "IsExcludedFromCampaigns", "MJ03 Value type does not match"
            ) from None
        contact["IsExcludedFromCampaigns"] = exclusion


def check_lists(call, targets):
    """Check `ContactsLists` entries; raises with one error object per bad entry."""
    if not isinstance(targets, list):
        raise errors.too_short("ContactsLists")
    bad = []
    for target in targets:
        if error := _list_error(call, target):
            bad.append({**target, "Error": error})
    if bad:
        raise errors.legacy(400, {"ContactsLists": bad})


def _list_error(call, target):
    known = fetch(
        call.db,
        "SELECT 1 FROM contactslist WHERE id = ? AND key_id = ? AND NOT is_deleted",
        target.get("ListID"),
        call.key_id,
    )
    if not known:
        return "listID missing or not valid"
    if target.get("Action") not in membership.ACTIONS:
        return "action missing or not valid"
    return None


def answer_job(call, ident, list_id=0):
    """Answer a GET on a JSON job of this key and of this list (0 = of none), or 404."""
    sql = f"SELECT *, {STATUS} AS status, {IS_FINAL} AS is_final FROM job"
    sql += " WHERE id = ? AND key_id = ? AND kind = 'json' AND list_id = ?"
    ident = int(ident) if ident.isdigit() else 0
    job = fetch(call.db, sql, ident, call.key_id, list_id)
    if job is None:
        raise errors.not_found()
    final = job["is_final"]
    path = f"/v3/DATA/batchjob/{job['id']}/JSONError/application:json/LAST"
    has_errors = final and job["errcount"]
    row = {
        "ContactsLists": json.loads(job["payload"])["ContactsLists"],
        "Count": job["current"],
        "Error": job["error"] if final else "",
        "ErrorFile": call.sandbox.url + path if has_errors else "",
        "JobStart": envelope.rfc3339(job["job_start"]),
        "JobEnd": envelope.rfc3339(job["job_end"]) if final else "",
        "Status": job["status"],
    }
    return call.rows([row])


@route("POST", "v3/REST/contact/managemanycontacts")
def managemanycontacts(call):
    given = call.fields("TManageManyContacts", "Contacts", "ContactsLists")
    check_contacts(given.get("Contacts"))
    payload = {"Contacts": given["Contacts"], "ContactsLists": []}
    if given.get("ContactsLists"):
        check_lists(call, given["ContactsLists"])
        payload["ContactsLists"] = given["ContactsLists"]
    job_id = enqueue(call, "json", payload=json.dumps(payload, ensure_ascii=False))
    return call.rows([{"JobID": job_id}], 201)


@route("GET", "v3/REST/contact/managemanycontacts/*")
def managemanycontacts_job(call):
    return answer_job(call, call.ids[0])
