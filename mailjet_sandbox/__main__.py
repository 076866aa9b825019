"""Command line: `python -m mailjet_sandbox --port 8169 --data DIR`."""

import argparse
import errno
import signal
import sys
import threading

from . import DEFAULT_KEY, Sandbox
from .server import HOST

# How long, in seconds, a thread may compute while others wait for their turn. By
# default a running job would make each request wait ten times as long, several times.
SWITCH_SECONDS = 0.0005


def _key(text):
    public, colon, secret = text.partition(":")
    if not (public and colon and secret):
        raise argparse.ArgumentTypeError("a key is written PUBLIC:SECRET")
    return public, secret


def _arguments():
    parser = argparse.ArgumentParser(
        prog="mailjet_sandbox",
        description="A local stand-in for Mailjet's HTTP API, with a web outbox.",
    )
    parser.add_argument("--port", type=int, default=8169, help="0 takes a free port")
    parser.add_argument(
        "--host",
        default=HOST,
        help="address to listen on (127.0.0.1); 0.0.0.0 only within a container",
    )
    parser.add_argument("--data", help="folder that keeps the state over restarts")
    parser.add_argument("--job-seconds", type=float, help="how long a job takes (1.0)")
    parser.add_argument(
        "--https",
        metavar="FILE",
        help="speak https as well; FILE receives the authority to trust",
    )
    parser.add_argument(
        "--key",
        action="append",
        type=_key,
        help="PUBLIC:SECRET, may be repeated; the first is the master key",
    )
    return parser.parse_args()


def main():
    arguments = _arguments()
    sys.setswitchinterval(SWITCH_SECONDS)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: stopping.set())
    settings = {}
    if arguments.job_seconds is not None:
        settings["job_seconds"] = arguments.job_seconds
    sandbox = Sandbox(
        arguments.data,
        arguments.key or [DEFAULT_KEY],
        arguments.port,
        arguments.https,
        arguments.host,
        **settings,
    )
    try:
        sandbox.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.exit(f"mailjet_sandbox: port {arguments.port} is taken by another program")
    for url in filter(None, (sandbox.url, sandbox.https_url)):
        print(f"mailjet_sandbox listening on {url}", flush=True)
    stopping.wait()
    sandbox.stop()


if __name__ == "__main__":
    main()
