"""The commands of `./dev`."""

import os
import sys

from bench.__main__ import parse

from .benching import bench
from .command_help import COMMAND_HELP
from .console import DevError
from .files import locked
from .linting import lint
from .picturing import is_known, pictures
from .serving import run, stop
from .settings import Settings, read_settings
from .testing import find_unknown, test
from .workplace import set_up

HELP = """\
./dev run             Odoo 19 with the add-on, demo data and a Mailjet sandbox
./dev stop            end what `./dev run` and `./dev test` left running
./dev test [...]      all tests, or those that the arguments (pytest's) choose
./dev test --faults   every fault and crash during a sending, half an hour of them
./dev test --odoo     Odoo's own tests of CRM and Email Marketing, without and with the
                      add-on; fails on what only fails with it
./dev bench [...]     measurements: `recipients`, `events`, `send`, `newsletter`
./dev lint            the checks on style and conventions; silent when all is well
./dev shell           Odoo's shell on the database of `./dev run`
./dev pictures        the pictures of the module page, taken from `./dev run`
./dev pictures --emails    those of emails of all themes, in .dev/pictures/emails
./dev pictures --screens   every screen and state, in two languages and three widths

`./dev <command> --help` explains a command, and touches nothing.

Whatever is missing is downloaded the first time, into a cache outside the checkout;
databases and logs are in .dev. Nothing else on the machine changes, except that
`./dev test` installs Debian's Chromium where it is missing and allowed to.

Variables
  MASSMAILING_PORT, MASSMAILING_SANDBOX_PORT    ports, 8069 and 8169 unless set
  MASSMAILING_CACHE    the cache, ~/.cache/massmailing_mailjet unless set
  ODOO_SOURCE          folder of an existing Odoo 19 to use: it holds the package `odoo`
  PGHOST               a PostgreSQL server to use, with PGPORT, PGUSER and PGPASSWORD"""


def main(arguments: list[str]) -> int:
    """Carry out one command; answers the exit code."""
    name, *rest = arguments or ["--help"]
    if name in (*ASKS_FOR_HELP, "help"):
        print(HELP)
        return 0
    if name not in COMMANDS:
        return _refuse(f"./dev has no command `{name}`.", "./dev --help")
    if name in COMMAND_HELP and any(word in ASKS_FOR_HELP for word in rest):
        print(COMMAND_HELP[name])
        return 0
    if unknown := _find_unknown(name, rest):
        sentence = f"./dev {name} does not know `{' '.join(unknown)}`."
        return _refuse(sentence, f"./dev {name} --help")
    try:
        settings = read_settings()
        if name in WITH_ARGUMENTS:
            return COMMANDS[name](settings, rest)
        return COMMANDS[name](settings)
    except DevError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next ./dev goes on from here.", file=sys.stderr)
        return 130


def _refuse(sentence: str, way_out: str) -> int:
    print(f"{sentence} See `{way_out}`.", file=sys.stderr)
    return 2


def _find_unknown(name: str, arguments: list[str]) -> list[str]:
    """The arguments that a command does not take. Those of `bench` are refused or
    explained by argparse, which ends the program."""
    if name == "bench":
        parse(arguments)
        return []
    if name == "pictures":
        return [] if is_known(arguments) else arguments
    return find_unknown(arguments) if name == "test" else arguments


def shell(settings: Settings) -> int:
    """Become Odoo's shell."""
    with locked(settings.state / "lock"):
        place = set_up(settings)
        database = place.databases.ensure_run()
    configuration = place.odoo.configuration(settings)
    command = ["-m", "odoo", "shell", "-c", configuration, "-d", database, "--no-http"]
    os.execve(place.python, [place.python, *command], place.environment)


COMMANDS = {
    "run": run,
    "stop": stop,
    "test": test,
    "bench": bench,
    "lint": lint,
    "shell": shell,
    "pictures": pictures,
}
WITH_ARGUMENTS = {"test", "bench", "pictures"}
ASKS_FOR_HELP = ("-h", "--help")
