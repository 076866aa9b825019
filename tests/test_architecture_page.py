"""The page on the architecture is true: its files and functions are there, its ways are
short, and it names every room."""

import ast
import re

import pytest
from source_files import ADDON, ROOT
from test_architecture import ROOMS

PAGE = (ROOT / "docs/architecture.md").read_text()
WAYS = {"The way of a recipient": 9, "The way of an event": 6}


def section(title):
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def points(text):
    """Yield the numbered points of a way, each in one line."""
    yield from re.findall(r"^\d+\. (.*(?:\n   .*)*)", text, re.MULTILINE)


def places():
    """Yield each file that the page names, with the functions named with it."""
    rows = re.findall(r"^\|.*\|$", section("Where to look"), re.MULTILINE)
    for way in WAYS:
        rows += points(section(way))
    for row in rows:
        named = re.findall(r"`([^`]+)`", row)
        files = [name for name in named if name.endswith(".py")]
        for file in files:
            yield file, {name for name in named if re.fullmatch(r"\w+", name)}


def functions(path):
    """Return the names of the functions of a file."""
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "named"), list(places()))
def test_what_is_named_is_there(file, named):
    assert named <= functions(ADDON / file)


@pytest.mark.parametrize(("way", "most"), WAYS.items())
def test_a_way_is_short(way, most):
    files = [
        name
        for point in points(section(way))
        for name in re.findall(r"`([^`]+\.py)`", point)
    ]
    assert len(files) == len(set(files)) == len(list(points(section(way))))
    assert 3 < len(files) <= most


def test_every_room_is_named():
    rooms = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert rooms == set(ROOMS)
