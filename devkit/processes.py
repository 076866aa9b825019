"""Running commands, and starting and stopping the processes that outlive `./dev`."""

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .console import DevError, Step

PR_SET_PDEATHSIG = 1


def die_with_parent():
    """In a child: be killed when `./dev` is, so that nothing goes on half-attended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def output_of(command: list, **options) -> str:
    """Standard output of a quick command; DevError with its complaint if it fails."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )
    if done.returncode:
        raise DevError(f"`{_shown(command)}` failed: {done.stderr.strip()}")
    return done.stdout


def run_step(title: str, command: list, log: Path, hint: str = "", **options):
    """Run one long command as a visible step, its output going to `log`.

    Raises DevError with the last lines of the log and the hint if it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with Step(title) as step, log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
            **{"stdin": subprocess.DEVNULL, **options},
        )
        try:
            wait_until(lambda: process.poll() is not None, step)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            raise DevError(f"{title}: failed. {hint}\n{tail(log)}")


def wait_until(ready: Callable[[], bool], step: Step, timeout: float = 0) -> bool:
    """Poll until `ready()`, ticking; False when `timeout` seconds (if any) are over."""
    started = time.monotonic()
    while not ready():
        if timeout and time.monotonic() - started > timeout:
            return False
        step.tick()
        time.sleep(0.1)
    return True


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log, under its name."""
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([f"The end of {log}:", *(f"    {line}" for line in text)])


def start_time(pid: int) -> str | None:
    """When the process started, in clock ticks since boot; None if it does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


@dataclass(frozen=True)
class Daemon:
    """A process that lives on after `./dev` returns, known by its record on disk.

    The record holds its pid, start time (a pid alone may be reused) and `key`: whatever
    it was started with, so that a later `./dev` can tell whether it is still right.
    """

    name: str
    record: Path
    log: Path
    stop_signal: int = signal.SIGTERM

    def start(self, command: list, key: str = "", **options) -> subprocess.Popen:
        self.record.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)

        def write_record():
            # The child writes it, before it becomes the daemon: were `./dev` killed
            # here, there would still be no daemon without a record.
            pid = os.getpid()
            record = {"pid": pid, "started": start_time(pid), "key": key}
            self.record.write_text(json.dumps(record))

        with self.log.open("wb") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=write_record,
                **options,
            )

    def running(self) -> dict | None:
        """The record of the running process; None if there is none."""
        try:
            record = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return None
        alive = start_time(record["pid"]) == record["started"]
        return record if alive else None

    def stop(self, patience: float = 20) -> bool:
        """End the process, by force if it takes too long; False if none was running."""
        record = self.running()
        if record:
            with Step(f"Stopping {self.name}") as step:
                os.kill(record["pid"], self.stop_signal)
                if not wait_until(lambda: not self.running(), step, patience):
                    os.kill(record["pid"], signal.SIGKILL)
                    wait_until(lambda: not self.running(), step, patience)
        self.record.unlink(missing_ok=True)
        return bool(record)


def _shown(command: list) -> str:
    return " ".join(str(word) for word in command)
