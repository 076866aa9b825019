"""The documents at the top of the project name what is there."""

import ast
import re

import pytest

from devkit.settings import ADDON, CHECKOUT

FOLDER = CHECKOUT / ADDON
VERSION = re.compile(r"^## \[([\d.]+)\]", re.MULTILINE)
# A path within backticks, or what a link leads to.
PATHS = re.compile(
    r"`([\w.-]*/[\w./-]*|[\w-]+\.(?:md|yml|toml))`|\]\((?!https?:)([\w./-]+)"
)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md"])
def test_files_that_are_named_exist(name):
    found = PATHS.findall((CHECKOUT / name).read_text())
    paths = {path or link for path, link in found} - {""}
    commands = {path for path in paths if path.startswith("./")}
    assert paths
    absent = {
        path
        for path in paths - commands
        if not (CHECKOUT / path).exists() and not (FOLDER / path).exists()
    }
    assert not absent


def test_the_changelog_has_every_version():
    versions = VERSION.findall((CHECKOUT / "CHANGELOG.md").read_text())
    manifest = ast.literal_eval((FOLDER / "__manifest__.py").read_text())
    assert versions[0] == manifest["version"]
    migrations = {path.name for path in (FOLDER / "migrations").glob("[0-9]*")}
    assert migrations <= set(versions)


def test_the_readme_leads_to_the_other_documents():
    text = (CHECKOUT / "README.md").read_text()
    assert "(CONTRIBUTING.md)" in text
    assert "(CHANGELOG.md)" in text
