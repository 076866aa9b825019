"""What only some files do: talk HTTP, run SQL, hold constants. Nothing runs text as
code."""

import ast

import pytest
from source_files import ADDON, imports, relative

# Who talks HTTP: one file to Mailjet, one to the sites that emails link to, and the
# tests' stand-ins for both.
HTTP = {
    "mailjet_rest": {"tools/mailjet_client.py"},
    "requests": {
        "tools/link_checker.py",
        "tests/mailjet_transport.py",
        "tests/test_link_checker.py",
    },
    "urllib3": {
        "tools/link_checker.py",
        "tests/mailjet_transport.py",
        "tests/test_link_checker.py",
    },
    "http": set(),
    "socket": {"tools/link_checker.py", "tests/test_link_checker.py"},
}


@pytest.mark.parametrize(("library", "owners"), HTTP.items())
def test_one_file_talks_http(library, owners):
    users = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if library in {module.split(".")[0] for _level, module, _n in imports(path)}
    }
    assert users == owners


def test_nothing_is_run_as_code():
    """Text from users or from outside is read by grammars, never evaluated."""
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


# Modules of constants, each with its owner.
DATA = {
    "const.py",
    "tools/mailjet_vocabulary.py",
    "models/consent/const.py",
    "models/delivery/const.py",
    "models/recipients/const.py",
    "models/recipients/counts.py",
    "models/reporting/rates.py",
}


@pytest.mark.parametrize("name", sorted(DATA))
def test_constants_are_data_only(name):
    docstring, *nodes = ast.parse((ADDON / name).read_text()).body
    assert isinstance(docstring, ast.Expr)
    assert {type(node) for node in nodes} <= {ast.ImportFrom, ast.Assign}


# What runs SQL, or writes it.
SQL_CALLS = {"execute", "executemany", "execute_values", "execute_query"}
SQL_CALLS |= {"execute_query_dict", "copy_expert", "SQL"}
# Where it is used: in the models and in the views of reports. Scripts of an upgrade
# and tests are outside of the add-on's layers.
SQL_FOLDERS = {"models", "report", "migrations", "tests"}


def sql_calls(source):
    """Return the names of what a file calls to run SQL."""
    called = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called.add(ast.unparse(node.func).rpartition(".")[2])
    return called & SQL_CALLS


@pytest.mark.parametrize(
    ("source", "is_found"),
    (
        ("self.env.cr.execute('SELECT 1')", True),
        ("env.execute_query(query)", True),
        ("domain = SQL('TRUE')", True),
        ("x = tools.SQL('TRUE')", True),
        ("execute = 'SELECT 1'", False),
    ),
)
def test_calls_of_sql_are_found(source, is_found):
    assert bool(sql_calls(source)) == is_found


def test_only_models_and_reports_use_sql():
    users = {
        relative(path): found
        for path in ADDON.rglob("*.py")
        if path.relative_to(ADDON).parts[0] not in SQL_FOLDERS
        and (found := sql_calls(path.read_text()))
    }
    assert users == {}
