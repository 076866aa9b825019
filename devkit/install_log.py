"""What Odoo complained about while it installed the add-on."""

import re
from pathlib import Path

LINE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")

# Not ours: Debian's package and the machine.
NOISE = (
    "Running as user 'root' is a security risk",
    "missing http_interface",
)


def complaints(log: Path) -> list[str]:
    """Warnings and errors in a log of Odoo's, without the known noise."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [
        line
        for line in lines
        if LINE.match(line) and not any(noise in line for noise in NOISE)
    ]
