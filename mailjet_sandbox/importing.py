"""Import jobs: contacts from an uploaded CSV file or from a JSON call.

Rows are checked outside the write lock, then applied in set-based slices, each in its
own short transaction: other requests are served meanwhile, and memory use stays flat.
"""

import csv
import json
from json.encoder import encode_basestring

from . import membership, values
from .errors import JobFailed, TooManyErrors
from .rest import is_email
from .store import fetch, insert, update

SLICE = 1_000
EXCLUSIONS = {"excludemarketing": 1, "includemarketing": 0}
METHODS = (*membership.ACTIONS, *EXCLUSIONS)

_UPSERT = """
INSERT INTO contact (key_id, email, name, properties, created_at)
SELECT :key, email, coalesce(name, ''), properties, :now FROM temp.staged WHERE true
ON CONFLICT (key_id, email) DO UPDATE SET
    properties = json_patch(properties, excluded.properties), last_update_at = :now
"""
_EXCLUDE = """
UPDATE contact SET is_excluded = staged.exclusion, excluded_at = :now
FROM temp.staged AS staged
WHERE contact.key_id = :key AND contact.email = staged.email
    AND staged.exclusion != contact.is_excluded
"""
_STAGED_IDS = (
    "SELECT contact.id FROM temp.staged JOIN contact"
    " ON contact.key_id = :key AND contact.email = staged.email"
)


class Import:
    """Collects good and bad rows of one job, and applies them slice by slice.

    actions: (list id, action) pairs applied to every good row.
    exclusion: 1 or 0 to exclude all rows from campaigns or to lift their exclusion.
    """

    def __init__(self, sandbox, job, actions, exclusion=None):
        self.sandbox = sandbox
        self.job = job
        self.actions = actions
        self.exclusion = exclusion
        self.good = []
        self.bad = []
        self.done = 0
        self.failed = 0

    def add(self, email, properties, name=None, exclusion=None):
        """Collect a good row; `properties` is the JSON of an object."""
        exclusion = self.exclusion if exclusion is None else exclusion
        self.good.append((email.lower(), name, properties, exclusion))
        self._count()

    def reject(self, row, error):
        """Store a row (JSON-ready) for the error file."""
        self.bad.append((self.job["id"], json.dumps(row, ensure_ascii=False), error))
        self.failed += 1
        self._count()

    def _count(self):
        self.done += 1
        if len(self.good) + len(self.bad) >= SLICE:
            self.flush()

    def flush(self):
        """Apply the rows collected so far, and clear them."""
        with self.sandbox.store.write() as db:
            self.sandbox.worker.check(db, self.job)
            self._apply(db)
            update(
                db,
                "job",
                self.job["id"],
                current=self.done,
                count=self.done,
                errcount=self.failed,
            )
        self.good, self.bad = [], []
        if 0 < self.job["err_threshold"] < self.failed:
            raise TooManyErrors

    def _apply(self, db):
        db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS staged"
            " (line INTEGER PRIMARY KEY, email, name, properties, exclusion)"
        )
        db.execute("DELETE FROM temp.staged")
        db.executemany(
            "INSERT INTO temp.staged (email, name, properties, exclusion)"
            " VALUES (?, ?, ?, ?)",
            self.good,
        )
        db.executemany(
            "INSERT INTO job_error (job_id, row, error) VALUES (?, ?, ?)", self.bad
        )
        scope = {"key": self.job["key_id"], "now": self.sandbox.now()}
        db.execute(_UPSERT, scope)
        db.execute(_EXCLUDE, scope)
        for list_id, action in self.actions:
            key = {"key": self.job["key_id"]}
            membership.apply(db, action, list_id, scope["now"], _STAGED_IDS, **key)


def run_csv(sandbox, job):
    """Import an uploaded file; its values are text, its bad rows go to the error file.

    A file without an address column or not in UTF-8 fails the job.
    """
    options = json.loads(job["options"] or "{}")
    _restart(sandbox, job)
    path = sandbox.store.uploads / str(job["data_id"])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            names = options.get("FieldNames") or next(reader, [])
            _import_csv(sandbox, job, names, reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise JobFailed(f"The file cannot be read: {error}") from None


def _import_csv(sandbox, job, names, reader):
    folded = [name.strip().lower() for name in names]
    if folded.count("email") != 1:
        raise JobFailed("The column email is missing")
    at = folded.index("email")
    columns = [(i, name.strip()) for i, name in enumerate(names) if i != at]
    with sandbox.store.write() as db:
        types = _declare(db, job["key_id"], [name for _i, name in columns])
        update(db, "job", job["id"], payload=json.dumps({"names": names}))
    actions = [(job["list_id"], job["method"])]
    work = Import(
        sandbox,
        job,
        actions if job["method"] in membership.ACTIONS else [],
        EXCLUSIONS.get(job["method"]),
    )
    seen = set()
    settings = sandbox.settings.current
    keys = [(i, encode_basestring(name) + ":") for i, name in columns]
    empty = "null" if settings.empty_cells == "clear" else ""
    for row in reader:
        if not row:
            continue
        error = _csv_error(row, names, columns, at, types, seen)
        if settings.refuses(row[at]):
            error = "###Invalid email###email"
        if error:
            work.reject(row, error)
        elif not settings.drops(row[at]):
            seen.add(row[at].strip().lower())
            work.add(row[at].strip(), _read_cells(row, keys, empty))
    work.flush()


def _read_cells(row, keys, empty):
    """The JSON of the property values that a row sets; null clears one.

    Written as text: an encoder for each row would take a quarter of the time of an
    import.

    keys: pairs of the position of a column and the JSON of its name with its colon
    empty: the JSON that an empty cell stands for, none if it sets nothing
    """
    pairs = [
        key + (encode_basestring(row[i]) if row[i].strip() else empty)
        for i, key in keys
        if empty or row[i].strip()
    ]
    return "{" + ",".join(pairs) + "}"


def _csv_error(row, names, columns, at, types, seen):
    """Why a row is rejected, as `###message###field`, or None."""
    if len(row) < len(names):
        return "###Too few columns at line"
    if len(row) > len(names):
        return "###Too many columns at line"
    email = row[at].strip()
    if not is_email(email):
        return "###Invalid email###email"
    if email.lower() in seen:
        return "###Duplicated email###email"
    for i, name in columns:
        if types[name] != "str" and row[i] and not values.fits(types[name], row[i]):
            return f"###{values.MISMATCH}###{name}"
    return None


def _declare(db, key_id, names):
    """Create unknown columns as string properties, silently, as Mailjet does."""
    types = values.definitions(db, key_id)
    for name in names:
        if name not in types:
            insert(db, "property", key_id=key_id, name=name)
            types[name] = "str"
    return types


def run_json(sandbox, job):
    """Import the contacts of a managemanycontacts call.

    Undocumented, so the less convenient: an undefined or ill-typed property fails the
    job before anything is imported; a bad address fails it too, but the other contacts
    are imported.
    """
    _restart(sandbox, job)
    payload = json.loads(job["payload"])
    actions = [(item["ListID"], item["Action"]) for item in payload["ContactsLists"]]
    work = Import(sandbox, job, actions)
    with sandbox.store.read() as db:
        types = values.definitions(db, job["key_id"])
    contacts = payload["Contacts"]
    for contact in contacts:
        if found := values.problems(contact.get("Properties") or {}, types):
            work.reject(contact, json.dumps(found))
    if work.failed:
        work.flush()
        raise JobFailed("Object properties invalid")
    for contact in contacts:
        _import_contact(work, contact)
    work.flush()
    if work.failed:
        raise JobFailed("Some contacts could not be imported")


def _import_contact(work, contact):
    if not is_email(contact.get("Email")):
        work.reject(contact, "Invalid email")
        return
    given = contact.get("Properties") or {}
    texts = {name: values.to_text(value) for name, value in given.items()}
    work.add(
        contact["Email"],
        json.dumps(texts, ensure_ascii=False),
        contact.get("Name"),
        contact.get("IsExcludedFromCampaigns"),
    )


def _restart(sandbox, job):
    """Delete the error rows of an interrupted run; a deleted list fails the job."""
    with sandbox.store.write() as db:
        sandbox.worker.check(db, job)
        db.execute("DELETE FROM job_error WHERE job_id = ?", (job["id"],))
        if (
            job["list_id"]
            and fetch(
                db, "SELECT is_deleted FROM contactslist WHERE id = ?", job["list_id"]
            )["is_deleted"]
        ):
            raise JobFailed("The contacts list was deleted")
