"""`./dev pictures`: the module page's pictures, and those of emails, made from the
running system."""

import re
import subprocess

from .browser import ensure_chromium
from .files import locked
from .serving import run
from .settings import ADDON, Settings
from .venv import ensure_venv

SCRIPT, EMAIL_SCRIPT = "devkit.pictures", "devkit.email_pictures"
EMAILS = "--emails"
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z@]+)?")
HOST = "http://127.0.0.1"


def is_known(arguments: list[str]) -> bool:
    """True for no arguments, for `--emails`, and for that with a language."""
    emails, *languages = arguments or [EMAILS]
    is_one = len(languages) < 2 and all(map(LANGUAGE.fullmatch, languages))
    return emails == EMAILS and is_one


def pictures(settings: Settings, arguments: list[str]) -> int:
    """Start what is not running, and take the pictures; answers the exit code.

    :param arguments: `--emails` for those of emails, and their language
    """
    run(settings)
    with locked(settings.state / "lock"):
        chromium, python = ensure_chromium(settings), ensure_venv(settings)
    url = f"{HOST}:{settings.port}"
    if arguments:
        language = arguments[1] if len(arguments) > 1 else "en_US"
        folder = settings.state / "pictures/emails" / language
        outbox = f"{HOST}:{settings.sandbox_port}"
        script = [EMAIL_SCRIPT, chromium, url, outbox, folder, language]
    else:
        folder = settings.checkout / ADDON / "static/description"
        script = [SCRIPT, chromium, url, folder]
    command = [python, "-m", *script]
    return subprocess.run(command, cwd=settings.checkout).returncode
