"""Asynchronous work: one thread that runs what is due by the sandbox's clock.

A job is accepted at `request_at`, runs from `start_at`, and shows its outcome from
`done_at`.  Jobs run one after the other; a restart resumes interrupted ones.
"""

import json
import logging
import threading

from . import importing, sending
from .errors import JobAborted, JobFailed
from .store import fetch, insert, update

_logger = logging.getLogger(__name__)

JOB_TYPES = {
    "csv": "Contact list import csv",
    "json": "Contact list import free format",
    "send": "Send newsletter",
    "test": "Send newsletter test",
}
RUNNERS = {
    "csv": importing.run_csv,
    "json": importing.run_json,
    "send": sending.run_campaign,
    "test": sending.run_test,
}
STATUS = (
    "CASE WHEN state = 'final' AND now() >= done_at THEN outcome"
    " WHEN state != 'waiting' OR now() >= start_at THEN running_word(2)"
    " WHEN now() >= (request_at + start_at) / 2 THEN running_word(1)"
    " ELSE running_word(0) END"
)
IS_FINAL = "state = 'final' AND now() >= done_at"
IDLE_SECONDS = 1.0


def enqueue(call, kind, at=None, **values):
    """Create a job, due now or at a time on the sandbox's clock; returns its id."""
    request_at = call.now if at is None else at
    seconds = call.sandbox.settings.current.job_seconds
    return insert(
        call.db,
        "job",
        key_id=call.key_id,
        kind=kind,
        request_at=request_at,
        start_at=request_at + seconds * 2 / 3,
        done_at=request_at + seconds,
        **values,
    )


def abort(call, job_id):
    """End a job that is not final yet; the rows it has imported stay."""
    now = call.now
    call.db.execute(
        "UPDATE job SET state = 'final', outcome = 'Abort', done_at = ?, job_end = ?"
        " WHERE id = ? AND state != 'final'",
        (now, now, job_id),
    )


def cancel_campaign(db, draft_id):
    """Delete the send job of a draft that has not started; returns whether there was
    one."""
    done = db.execute(
        "DELETE FROM job WHERE kind = 'send' AND ref_id = ? AND state = 'waiting'",
        (draft_id,),
    )
    return done.rowcount > 0


def has_given_up(db, draft_id):
    """Whether the newest job that was to send a draft ended without doing so."""
    job = fetch(
        db,
        f"SELECT {IS_FINAL} AND outcome != 'Completed' FROM job"
        " WHERE kind = 'send' AND ref_id = ? ORDER BY id DESC",
        draft_id,
    )
    return bool(job and job[0])


def bring_schedules_nearer(db, seconds):
    """Move the dates of scheduled campaigns, as if time had passed."""
    db.execute(
        "UPDATE job SET request_at = request_at - :by, start_at = start_at - :by,"
        " done_at = done_at - :by WHERE kind = 'send' AND state = 'waiting'",
        {"by": seconds},
    )
    db.execute(
        "UPDATE draft SET scheduled_at = scheduled_at - ? WHERE status = 1", (seconds,)
    )


class Worker:
    """Runs due jobs in a thread, in the order of their start."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._condition = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        with self._sandbox.store.write() as db:
            db.execute("UPDATE job SET state = 'waiting' WHERE state = 'running'")
        self._thread.start()

    def stop(self):
        """Let the running slice finish, then end."""
        self._stopping = True
        self.wake()
        self._thread.join()

    def wake(self):
        """Check again: a job was added, or the clock moved."""
        with self._condition:
            self._condition.notify()

    def work(self):
        """Do what is due by now, in this thread."""
        while not self._stopping and (job := self._take()) is not None:
            self._perform(job)

    def check(self, db, job):
        """Raise if the job must not continue; called in every slice of work."""
        row = fetch(db, "SELECT state FROM job WHERE id = ?", job["id"])
        if self._stopping or row is None or row["state"] != "running":
            raise JobAborted

    def _run(self):
        while not self._stopping:
            self.work()
            with self._condition:
                if not self._stopping:
                    self._condition.wait(self._pause())

    def _take(self):
        stalled = json.dumps(self._sandbox.settings.current.stalled_jobs.split(","))
        with self._sandbox.store.write() as db:
            job = fetch(
                db,
                "SELECT * FROM job WHERE state = 'waiting' AND start_at <= now()"
                " AND kind NOT IN (SELECT value FROM json_each(?))"
                " ORDER BY start_at, id LIMIT 1",
                stalled,
            )
            if job is not None:
                started = job["job_start"] or self._sandbox.now()
                update(db, "job", job["id"], state="running", job_start=started)
        return job

    def _pause(self):
        with self._sandbox.store.read() as db:
            # Jobs that are already due are stalled.
            due = fetch(
                db,
                "SELECT min(start_at) FROM job WHERE state = 'waiting'"
                " AND start_at > now()",
            )[0]
        if due is None:
            return IDLE_SECONDS
        return min(max(due - self._sandbox.now(), 0.001), IDLE_SECONDS)

    def _perform(self, job):
        outcome, error = "Completed", ""
        try:
            if job["kind"] in self._sandbox.settings.current.failed_jobs.split(","):
                raise JobFailed("The job was given up")
            RUNNERS[job["kind"]](self._sandbox, job)
        except JobAborted:
            if self._stopping:
                return
            outcome = "Abort"
        except JobFailed as failure:
            outcome, error = "Error", str(failure)
        except Exception:
            _logger.exception("job %s", job["id"])
            outcome, error = "Error", "An unexpected error occurred"
        with self._sandbox.store.write() as db:
            db.execute(
                "UPDATE job SET state = 'final', outcome = ?, error = ?,"
                " job_end = max(now(), done_at), done_at = max(now(), done_at)"
                " WHERE id = ? AND state = 'running'",
                (outcome, error, job["id"]),
            )
