"""Steps, and processes that outlive `./dev`."""

import io
import json
import os
import sys

import pytest

from devkit.console import DevError, Step
from devkit.processes import Daemon, output_of, run_step, start_time, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# Says when it is ready to be asked to end, and then does not.
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


@pytest.fixture
def daemon(tmp_path):
    daemon = Daemon("a test", tmp_path / "run/a.json", tmp_path / "log/a.log")
    yield daemon
    daemon.stop()


def test_a_daemon_is_known_by_its_record(daemon):
    process = daemon.start(SLEEP, key="what it runs")
    record = daemon.running()
    assert (record["pid"], record["key"]) == (process.pid, "what it runs")
    assert daemon.stop()
    assert process.wait() != 0
    assert daemon.running() is None
    assert not daemon.stop()


def test_a_reused_pid_is_left_alone(daemon):
    daemon.record.parent.mkdir()
    record = {"pid": os.getpid(), "started": "1", "key": ""}
    daemon.record.write_text(json.dumps(record))
    assert daemon.running() is None
    assert not daemon.stop()
    assert not daemon.record.exists()


@pytest.mark.parametrize("content", ["", "{"])
def test_a_half_written_record_is_no_process(daemon, content):
    daemon.record.parent.mkdir()
    daemon.record.write_text(content)
    assert daemon.running() is None


def test_a_daemon_that_does_not_end_is_killed(daemon, tmp_path):
    ready = tmp_path / "ready"
    process = daemon.start([sys.executable, "-c", STUBBORN, ready])
    with Step("Waiting", io.StringIO()) as step:
        assert wait_until(ready.exists, step, 10)
    assert daemon.stop(patience=0.3)
    assert process.wait() == -9


def test_the_dead_have_no_start_time():
    assert start_time(os.getpid())
    assert start_time(2**22 + 1) is None


def test_a_failed_step_shows_the_end_of_its_log(tmp_path, capsys):
    script = "print('first'); print('reason'); raise SystemExit(3)"
    with pytest.raises(DevError, match=r"(?s)Working: failed. Do that.*reason"):
        run_step(
            "Working", [sys.executable, "-c", script], tmp_path / "a.log", "Do that."
        )
    assert "Working  stopped after" in capsys.readouterr().out


def test_a_failed_command_tells_its_complaint():
    script = "import sys; sys.exit('no such thing')"
    with pytest.raises(DevError, match="no such thing"):
        output_of([sys.executable, "-c", script])


def test_a_long_step_adds_dots_to_a_log():
    stream = io.StringIO()
    with Step("Working", stream) as step:
        step.dot_seconds = 0
        step.tick()
        step.tick()
    assert stream.getvalue() == "Working . .  0.0 s\n"
