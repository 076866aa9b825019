"""Locks, fingerprints and folders that appear whole or not at all."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import DevError, Step

# Neither changes what a database with the add-on contains.
UNHASHED_FOLDERS = {"tests", "__pycache__"}
PARTIAL = ".partial-"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file `path` for one `./dev` at a time; a second one waits, saying so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait_for(handle, path)
        yield


def _wait_for(handle, path: Path):
    with Step(f"Waiting for another ./dev ({path})") as step:
        while True:
            step.tick()
            try:
                return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.2)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; it becomes `path` when the block ends well."""
    partial = fresh_folder(path)
    yield partial
    partial.rename(path)
    _remove_left_overs(path)


def fresh_folder(path: Path) -> Path:
    """A new empty folder beside `path`; those of interrupted runs are removed.

    Always another one, since a grandchild of a killed run may still be writing into its
    own. The caller holds the lock.
    """
    _remove_left_overs(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=path.name + PARTIAL, dir=path.parent))
    fresh.chmod(0o755)
    return fresh


def _remove_left_overs(path: Path):
    for left_over in path.parent.glob(f"{path.name}{PARTIAL}*"):
        shutil.rmtree(left_over, ignore_errors=True)


def fingerprint(*folders: Path) -> str:
    """Hash of the names and contents of the folders' files, not of tests."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(_files(folder)):
            digest.update(bytes(path.relative_to(folder.parent)) + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterable[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in UNHASHED_FOLDERS]
        yield from (Path(root, name) for name in files)


def need_space(path: Path, gigabytes: float):
    """Raise DevError unless the disk that will hold `path` has room."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    free = shutil.disk_usage(existing).free / 1e9
    if free < gigabytes:
        raise DevError(
            f"{path} needs about {gigabytes:.0f} GB and its disk has {free:.1f} GB "
            "free. Make room, or let MASSMAILING_CACHE name a folder on another disk."
        )
