"""CSV imports: the DATA upload, csvimport, batchjob and the error files."""

import csv
import io
import json

from .. import envelope, errors, importing, jobs
from ..rest import Field, Filter, Resource
from ..routing import Answer, route
from ..store import fetch, insert
from .lists import LIST

_FINAL = f"CASE WHEN {jobs.IS_FINAL} THEN"
_TYPES = " ".join(f"WHEN '{k}' THEN '{v}'" for k, v in jobs.JOB_TYPES.items())

CSVIMPORT = Resource(
    name="csvimport",
    table="job",
    scope="key_id = ? AND kind = 'csv'",
    fields=(
        Field("AliveAt", "job_start", "date"),
        Field("ContactsListID", "list_id", "int", "create"),
        Field("Count", "count", "int"),
        Field("Current", "current", "int"),
        Field("DataID", "data_id", "int", "create"),
        Field("Errcount", "errcount", "int"),
        Field("ErrTreshold", "err_threshold", "int", "create"),
        Field("ID", "id", "int"),
        Field("ImportOptions", "options", "str", "create"),
        Field("JobEnd", f"{_FINAL} job_end END", "date"),
        Field("JobStart", "job_start", "date"),
        Field("Method", "method", "str", "create"),
        Field("RequestAt", "request_at", "date"),
        Field("Status", jobs.STATUS, "str", "rw"),
    ),
    sorts=(),
)
BATCHJOB = Resource(
    name="batchjob",
    table="job",
    # A scheduled send becomes a job at its scheduled time.
    scope="key_id = ? AND request_at <= now()",
    fields=(
        Field("AliveAt", "job_start", "unix"),
        Field("APIKeyID", "key_id", "int"),
        Field("Blocksize", "0", "int"),
        Field("Count", "count", "int"),
        Field("Current", "current", "int"),
        Field("DataID", "data_id", "int"),
        Field("Errcount", "errcount", "int"),
        Field("ErrTreshold", "err_threshold", "int"),
        Field("ID", "id", "int"),
        Field("JobEnd", f"{_FINAL} job_end END", "unix"),
        Field("JobStart", "job_start", "unix"),
        Field("JobType", f"CASE kind {_TYPES} END"),
        Field("Method", "method"),
        Field("RefId", "ref_id", "int"),
        Field("RequestAt", "request_at", "unix"),
        Field("Status", jobs.STATUS),
        Field("Throttle", "0", "int"),
    ),
    filters={
        "data": Filter("data_id = ?", int),
        "jobtype": Filter(f"(CASE kind {_TYPES} END) = ?"),
        "maxrequestat": Filter("request_at <= ?", envelope.parse_time),
        "method": Filter("method = ?"),
        "minrequestat": Filter("request_at >= ?", envelope.parse_time),
        "refid": Filter("ref_id = ?", int),
        "status": Filter(f"({jobs.STATUS}) = ?"),
    },
)
CSVIMPORT.register_reads()
BATCHJOB.register_reads()


@route("POST", "v3/DATA/contactslist/*/CSVData/text:plain")
@route("POST", "v3/DATA/contactslist/*/CSVData/application:octet-stream")
def upload(call):
    try:
        row = LIST.find(call, call.ids[0])
    except errors.ApiError:
        raise errors.source_not_found() from None
    if row["is_deleted"]:
        raise errors.source_not_found()
    limit = call.sandbox.settings.current.upload_limit_bytes
    if 0 < limit < call.upload.stat().st_size:
        raise errors.too_large()
    upload_id = insert(
        call.db, "upload", key_id=call.key_id, list_id=row["id"], created_at=call.now
    )
    call.upload.rename(call.sandbox.store.uploads / str(upload_id))
    return Answer(envelope.legacy_object({"ID": upload_id}))


@route("POST", "v3/REST/csvimport")
def create(call):
    body = call.json()
    status = next((body.pop(k) for k in list(body) if k.lower() == "status"), "Upload")
    if status != "Upload":
        raise errors.invalid_property("Status", "MJ06 Invalid value")
    given = CSVIMPORT.parse(call, creating=True)
    _check_method(call, given)
    _check_options(given.get("options") or "{}")
    known = "SELECT 1 FROM upload WHERE id = ? AND key_id = ?"
    if not fetch(call.db, known, given.get("data_id"), call.key_id):
        raise errors.invalid_property("DataID", "unknown data")
    job_id = jobs.enqueue(call, "csv", **given)
    return call.rows(CSVIMPORT.one(call, job_id), 201)


def _check_method(call, given):
    method = given.get("method")
    if method not in importing.METHODS:
        raise errors.invalid_property("Method", "MJ06 Invalid value")
    list_id = given.get("list_id")
    if method in importing.EXCLUSIONS:
        if list_id:
            raise errors.invalid_property(
                "ContactsList",
                "Exclusion of contacts from marketing campaign is a global status and"
                " can not be applied to a list",
            )
        return
    sql = "SELECT 1 FROM contactslist WHERE id = ? AND key_id = ? AND NOT is_deleted"
    if not fetch(call.db, sql, list_id, call.key_id):
        raise errors.invalid_property("ContactsListID", "unknown list")


def _check_options(text):
    try:
        options = json.loads(text)
        names = options.get("FieldNames", [])
    except (ValueError, AttributeError):
        raise errors.invalid_property("ImportOptions", "not a JSON object") from None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise errors.invalid_property("ImportOptions", "FieldNames is not a list")


@route("PUT", "v3/REST/csvimport/*")
def put(call):
    row = CSVIMPORT.find(call, call.ids[0])
    if call.fields(CSVIMPORT.type_name, "Status") != {"Status": "Abort"}:
        raise errors.invalid_property("Status", "MJ06 Invalid value")
    if row["state"] == "final":
        raise errors.not_modified()
    jobs.abort(call, row["id"])
    return call.rows(CSVIMPORT.one(call, row["id"]))


# --- error files ----------------------------------------------------------------------


def _job_with_errors(call, kind):
    try:
        job = BATCHJOB.find(call, call.ids[0])
    except errors.ApiError:
        raise errors.source_not_found() from None
    if job["kind"] != kind:
        raise errors.source_not_found()
    sql = "SELECT row, error FROM job_error WHERE job_id = ? ORDER BY id"
    return job, call.db.execute(sql, (job["id"],))


@route("GET", "v3/DATA/batchjob/*/CSVError/text:csv")
@route("GET", "v3/DATA/batchjob/*/CSVError/text:csv/LAST")
def csv_errors(call):
    """The rejected rows as received, and a last column `error`."""
    job, rows = _job_with_errors(call, "csv")
    names = json.loads(job["payload"]).get("names", [])
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*names, "error"])
    writer.writerows([*json.loads(row), error] for row, error in rows)
    return Answer(file.getvalue().encode(), content_type="text/csv")


@route("GET", "v3/DATA/batchjob/*/JSONError/application:json/LAST")
def json_errors(call):
    _job, rows = _job_with_errors(call, "json")
    data = [{**json.loads(row), "Error": error} for row, error in rows]
    return Answer(json.dumps(data, ensure_ascii=False).encode())
