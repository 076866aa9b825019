"""Locks, fingerprints and folders that appear whole or not at all."""

import multiprocessing

import pytest

from devkit import files
from devkit.console import DevError


def write(folder, **texts):
    for name, text in texts.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_fingerprint_follows_names_and_contents(tmp_path):
    write(tmp_path, addon__a="1", addon__b="2")
    seen = {files.fingerprint(tmp_path / "addon")}
    for change in ({"addon__a": "2"}, {"addon__b": "1"}, {"addon__c": ""}):
        write(tmp_path, **change)
        seen.add(files.fingerprint(tmp_path / "addon"))
    assert len(seen) == 4


def test_fingerprint_ignores_tests_and_caches(tmp_path):
    write(tmp_path, addon__a="1")
    before = files.fingerprint(tmp_path / "addon")
    write(tmp_path, addon__tests__test_a="x")
    (tmp_path / "addon/__pycache__").mkdir()
    (tmp_path / "addon/__pycache__/a.pyc").write_text("x")
    assert files.fingerprint(tmp_path / "addon") == before


def test_an_interrupted_folder_does_not_appear(tmp_path):
    path = tmp_path / "odoo"
    with pytest.raises(KeyboardInterrupt), files.whole_folder(path) as partial:
        write(partial, half="x")
        raise KeyboardInterrupt
    assert not path.exists()
    with files.whole_folder(path) as partial:
        assert not list(partial.iterdir())
        write(partial, whole="x")
    assert [child.name for child in path.iterdir()] == ["whole"]
    assert list(tmp_path.iterdir()) == [path]


def take_lock(path, taken):
    with files.locked(path):
        taken.set()


def test_a_second_dev_waits(tmp_path):
    context = multiprocessing.get_context("spawn")
    taken = context.Event()
    other = context.Process(target=take_lock, args=(tmp_path / "lock", taken))
    with files.locked(tmp_path / "lock"):
        other.start()
        assert not taken.wait(1)
    assert taken.wait(10)
    other.join()


def test_a_full_disk_is_named_before_the_work(tmp_path):
    files.need_space(tmp_path / "not/yet/there", 0)
    with pytest.raises(DevError, match="MASSMAILING_CACHE"):
        files.need_space(tmp_path, 1e9)
