"""What the add-on's tests keep to, read from their code."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "massmailing_mailjet/tests"
FILES = sorted(TESTS.glob("*.py"))
TREES = {path.name: ast.parse(path.read_text()) for path in FILES}

# What belongs to Python, Odoo and libraries: chance, connections, a field's groups, and
# what is only listened to.
FOREIGN = {
    "__init__",
    "_commit_progress",
    "_render",
    "action_archive",
    "create_connection",
    "create_default_context",
    "execute",
    "getaddrinfo",
    "groups",
    "uniform",
}
# It refuses machines of one's own network, and so the one that a test starts.
GUARD = {"resolve"}
# What is there for extensions to override, which a test may be.
HOOKS = {"_get_divisions"}


def find_calls(tree, name):
    """Return the calls of a method of that name, whatever it is called on."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]


def find_stood_in(tree):
    """Return what is replaced by ``patch.object`` and ``self.patch``, but for constants
    and what is not ours."""
    calls = [call for call in find_calls(tree, "object")] + find_calls(tree, "patch")
    names = [
        call.args[1].value
        for call in calls
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    ]
    return {
        name
        for name in names
        if not name.isupper() and name not in FOREIGN | GUARD | HOOKS
    }


@pytest.mark.parametrize("name", TREES)
def test_tests_run_once_everything_is_installed(name):
    for node in TREES[name].body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            tags = [ast.unparse(decorator) for decorator in node.decorator_list]
            assert "tagged('post_install', '-at_install')" in tags, node.name


@pytest.mark.parametrize("name", TREES)
def test_every_test_begins_afresh(name):
    for call in find_calls(TREES[name], "setUp"):
        assert ast.unparse(call.func) == "super().setUp", ast.unparse(call)


@pytest.mark.parametrize("name", TREES)
def test_no_method_of_ours_is_stood_in_for(name):
    assert not find_stood_in(TREES[name])


def test_what_is_stood_in_for_is_found():
    tree = ast.parse(
        'patch.object(module, "SIZE", 1)\n'
        'patch.object(Verdict, "_recompute_verdicts")\n'
        'self.patch(Event, "_store", other)\n'
    )
    assert find_stood_in(tree) == {"_recompute_verdicts", "_store"}


def test_every_file_is_run_by_odoo_too():
    (imports,) = [
        node for node in TREES["__init__.py"].body if isinstance(node, ast.ImportFrom)
    ]
    imported = {alias.name for alias in imports.names}
    assert imported == {path.stem for path in FILES if path.stem.startswith("test_")}
