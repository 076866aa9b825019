"""Launchers of Odoo for workers that do what an everyday Odoo does only with many more
recipients, or with an extension."""

from contextlib import contextmanager
from pathlib import Path

from servers import LAUNCHER

SMALL_CHUNKS = Path(__file__).with_name("small_chunks.py")
IN_PARTS = Path(__file__).with_name("in_parts.py")


@contextmanager
def launched_by(rig, launcher):
    """Let a rig's workers be launched in another way meanwhile."""
    rig.launcher = launcher
    rig.restart_worker()
    yield
    rig.launcher = LAUNCHER
    rig.restart_worker()
