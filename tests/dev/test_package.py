"""The add-on as a package: what it needs and what it is, said alike everywhere."""

import ast
import sys

import pytest

from devkit.settings import ADDON, CHECKOUT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = CHECKOUT / ADDON
MANIFEST = ast.literal_eval((FOLDER / "__manifest__.py").read_text())
REQUIREMENTS = MANIFEST["external_dependencies"]["python"]


def read_toml(path):
    return tomllib.loads(path.read_text())


def test_the_build_backend_reads_the_manifest():
    """`pip install ./massmailing_mailjet` needs no second list of requirements."""
    settings = read_toml(FOLDER / "pyproject.toml")
    assert settings.keys() == {"build-system"}
    build = settings["build-system"]
    assert (build["build-backend"], build["requires"]) == ("whool.buildapi", ["whool"])
    assert REQUIREMENTS


def test_developers_have_what_the_add_on_needs():
    groups = read_toml(CHECKOUT / "pyproject.toml")["dependency-groups"]
    assert set(REQUIREMENTS) <= {text for text in groups["dev"] if type(text) is str}


@pytest.mark.parametrize("path", ["README.md"])
def test_those_who_install_by_hand_are_told_what_it_needs(path):
    text = (CHECKOUT / path).read_text()
    assert all(f'"{requirement}"' in text for requirement in REQUIREMENTS)


def test_the_version_is_the_same_everywhere():
    project = read_toml(CHECKOUT / "pyproject.toml")["project"]
    assert project["version"] == MANIFEST["version"]
