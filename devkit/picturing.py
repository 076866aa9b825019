"""`./dev pictures`: those of the module page, of emails and of all screens,
taken by scripts of the virtual environment, which has Playwright."""

import re
import subprocess

from .browser import ensure_chromium
from .files import locked
from .serving import run
from .settings import ADDON, Settings
from .testing import tests_environment
from .venv import ensure_venv

EMAILS, SCREENS = "--emails", "--screens"
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z@]+)?")
HOST = "http://127.0.0.1"


def is_known(arguments: list[str]) -> bool:
    """True for no arguments, for `--screens`, for `--emails`, and for that with a
    language."""
    chosen, *languages = arguments or [SCREENS]
    if chosen == SCREENS:
        return not languages
    is_one = len(languages) < 2 and all(map(LANGUAGE.fullmatch, languages))
    return chosen == EMAILS and is_one


def pictures(settings: Settings, arguments: list[str]) -> int:
    """Take the pictures that are asked for; answers the exit code.

    :param arguments: none for those of the module page, `--screens`, or `--emails` and
        their language
    """
    if not arguments:
        return _picture_page(settings)
    chosen, *languages = arguments
    if chosen == SCREENS:
        return _picture_screens(settings)
    return _picture_emails(settings, *languages)


def _picture_page(settings: Settings) -> int:
    folder = settings.checkout / ADDON / "static/description"
    return _run_script(settings, "devkit.pictures", folder)


def _picture_emails(settings: Settings, language: str = "en_US") -> int:
    folder = settings.state / "pictures/emails" / language
    outbox = f"{HOST}:{settings.sandbox_port}"
    return _run_script(settings, "devkit.email_pictures", outbox, folder, language)


def _run_script(settings: Settings, script: str, *words) -> int:
    """Start what is not running, and run a script on it."""
    run(settings)
    with locked(settings.state / "lock"):
        chromium, python = ensure_chromium(settings), ensure_venv(settings)
    url = f"{HOST}:{settings.port}"
    command = [python, "-m", script, chromium, url, *words]
    return subprocess.run(command, cwd=settings.checkout).returncode


def _picture_screens(settings: Settings) -> int:
    """Picture every screen, on servers and a database of its own."""
    folder = settings.state / "pictures/screens"
    with tests_environment(settings) as (python, environment):
        command = [python, "-m", "devkit.screen_pictures", folder]
        return subprocess.run(
            command, cwd=settings.checkout, env=environment
        ).returncode
