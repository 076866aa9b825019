"""Imports only point down: views, wizards and controllers use models, models use the
tools, and the tools know neither Odoo's ORM nor its translations."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ADDON = ROOT / "massmailing_mailjet"

# What the files of each folder may import from the add-on, beside their own folder.
ALLOWED = {
    "tools": {"const", "exceptions"},
    "models": {"const", "exceptions", "tools"},
    "wizards": {"const", "exceptions", "tools", "models"},
    "controllers": {"const", "exceptions", "tools", "models"},
    ".": {"controllers", "hooks", "models", "wizards"},
}


def imports(path):
    """Yield ``(level, module, names)`` of every import of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, []


def files(folder):
    return sorted((ADDON / folder).glob("*.py"))


@pytest.mark.parametrize("folder", ALLOWED)
def test_imports_point_down(folder):
    depth = 1 if folder == "." else 2
    for path in files(folder):
        for level, module, names in imports(path):
            if level < depth or (folder != "." and level == 1):
                continue
            used = {module.split(".")[0]} if module else set(names)
            assert used <= ALLOWED[folder], f"{path.name} imports {used}"


def test_nothing_reaches_over_the_top():
    for path in ADDON.rglob("*.py"):
        for level, module, _names in imports(path):
            assert level <= 2, path
            assert not module.startswith("odoo.addons.massmailing_mailjet"), path


def test_the_tools_are_pure():
    for path in files("tools"):
        modules = {
            module.split(".")[0] for level, module, _n in imports(path) if not level
        }
        assert "odoo" not in modules, path


# Who talks HTTP: one file to Mailjet, one to the sites that e-mails link to, and the
# tests' stand-ins for both.
HTTP = {
    "mailjet_rest": {"tools/mailjet_client.py"},
    "requests": {
        "tools/link_checker.py",
        "tests/wire.py",
        "tests/test_link_checker.py",
    },
    "urllib3": set(),
    "http": set(),
    "socket": {"tools/link_checker.py", "tests/test_link_checker.py"},
}


@pytest.mark.parametrize(("library", "owners"), HTTP.items())
def test_one_file_talks_http(library, owners):
    users = {
        str(path.relative_to(ADDON))
        for path in ADDON.rglob("*.py")
        if library in {module.split(".")[0] for _level, module, _n in imports(path)}
    }
    assert users == owners


def test_the_sandbox_and_the_add_on_do_not_know_each_other():
    for path in (ROOT / "mailjet_sandbox").rglob("*.py"):
        modules = {module.split(".")[0] for _level, module, _n in imports(path)}
        assert not modules & {"odoo", "massmailing_mailjet"}, path
    for path in ADDON.rglob("*.py"):
        assert "mailjet_sandbox" not in path.read_text(), path


def test_nothing_is_run_as_code():
    """What came from users or from outside is read by grammars, never evaluated."""
    for path in ADDON.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            used = set()
            if isinstance(node, ast.Name):
                used = {node.id}
            elif isinstance(node, ast.ImportFrom):
                used = {node.module, *(alias.name for alias in node.names)}
            elif isinstance(node, ast.Attribute):
                used = {node.attr} - {"compile", "exec"}
            forbidden = {"eval", "exec", "compile", "safe_eval", "literal_eval"}
            assert not used & forbidden, f"{path.name}:{node.lineno}"
