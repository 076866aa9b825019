"""The add-on as a package: what it needs and what it is, said alike everywhere."""

import ast
import re
import sys

import pytest
from docutils import nodes
from docutils.core import publish_doctree

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


@pytest.mark.parametrize(
    "path", ["README.md", f"{ADDON}/README.rst", "docker-compose.yml"]
)
def test_the_readme_names_what_it_needs(path):
    text = (CHECKOUT / path).read_text()
    assert all(f'"{requirement}"' in text for requirement in REQUIREMENTS)


def test_the_version_is_the_same_everywhere():
    project = read_toml(CHECKOUT / "pyproject.toml")["project"]
    assert project["version"] == MANIFEST["version"]


# The fragments, in the order of the Odoo community's generator, and their titles.
FRAGMENTS = {
    "DESCRIPTION": "",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
    "CREDITS": "Other credits",
}
# What Markdown adds to the words: numbers and signs of lists and titles, emphasis,
# code and its fences.
MARKS = re.compile(r"^(?:\d+\.|-|#+) |^```$|[*`]", re.MULTILINE)


def test_every_fragment_has_its_place():
    names = {path.name for path in (FOLDER / "readme").iterdir()}
    assert names == {f"{name}.md" for name in FRAGMENTS}


@pytest.fixture(scope="module")
def readme():
    """The words of each section of README.rst by its title, which must be faultless;
    those of the description have none."""
    text = (FOLDER / "README.rst").read_text()
    document = publish_doctree(text, settings_overrides={"halt_level": 1})
    for comment in list(document.findall(nodes.comment)):
        comment.parent.remove(comment)
    words = {
        section.next_node(nodes.title).astext(): section.astext().split()
        for section in document.findall(nodes.section)
    }
    words = {title: found[len(title.split()) :] for title, found in words.items()}
    before, _, _ = document.astext().partition("Table of contents")
    title, _, description = before.partition("\n")
    return words | {"": description.split(), "title": title}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_the_readme_says_what_the_fragments_say(name, readme):
    fragment = (FOLDER / f"readme/{name}.md").read_text()
    assert readme[FRAGMENTS[name]] == MARKS.sub("", fragment).split()


def test_the_readme_is_of_the_manifest(readme):
    assert readme["title"] == MANIFEST["name"]
    assert " ".join(readme["Authors"]) == MANIFEST["author"]
    assert readme["Changelog"][0] == MANIFEST["version"]
