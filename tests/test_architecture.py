"""Imports only point down: views, wizards and controllers use models, models use the
tools, and the tools know neither Odoo's ORM nor its translations."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ADDON = ROOT / "massmailing_mailjet"

# What the files of each folder may import from the add-on, beside their own folder.
ALLOWED = {
    "tools": {"const", "exceptions"},
    "models": {"const", "exceptions", "tools"},
    "report": {"const", "exceptions", "tools", "models"},
    "wizards": {"const", "exceptions", "tools", "models"},
    "controllers": {"const", "exceptions", "tools", "models"},
    ".": {"controllers", "hooks", "models", "report", "wizards"},
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
    if folder == ".":
        return sorted(ADDON.glob("*.py"))
    return sorted((ADDON / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", ALLOWED)
def test_imports_point_down(folder):
    for path in files(folder):
        depth = len(path.relative_to(ADDON).parts)
        for level, module, names in imports(path):
            if level < depth:
                continue
            used = {module.split(".")[0]} if module else set(names)
            assert used <= ALLOWED[folder], f"{path.name} imports {used}"


def test_nothing_reaches_over_the_top():
    for path in ADDON.rglob("*.py"):
        for level, module, _names in imports(path):
            assert level <= len(path.relative_to(ADDON).parts), path
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
    "urllib3": {"tools/link_checker.py", "tests/test_link_checker.py"},
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


# A piece of a pattern that finds tags, comments or declarations; names of groups and
# looks behind are none.
MARKUP = re.compile(r"(?<!\(\?)(?<!\?P)<(?:[a-zA-Z/!?\[(]|\\[swb/])")
SEARCHES = {"find", "rfind", "index", "rindex", "split", "rsplit", "partition"}
SEARCHES |= {"rpartition", "count", "replace"}
# The modules that may search markup, and why.
SEARCHERS = {
    "tools/html_tokenizer.py": "the one place that does",
    "tools/checks_email.py": "`<%` of other programs; addresses within plain text",
    "tools/addresses.py": "`Name <address>`",
    "tools/style_sheets.py": "what would end the element of a style sheet",
    "tools/html_tree.py": "what would begin a comment in a script that it writes",
}


def literals(node, named):
    """Yield the texts that an expression puts together, those of its names too."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in named:
            yield from literals(named.pop(part.id), named)


def markup_searches(source):
    """Yield the patterns, and the texts that methods look for, that are markup."""
    tree = ast.parse(source)
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        function = node.func
        is_pattern = isinstance(function.value, ast.Name) and function.value.id == "re"
        if is_pattern or function.attr in SEARCHES:
            for text in literals(ast.Tuple(node.args[:1]), dict(named)):
                if MARKUP.search(text):
                    yield text


@pytest.mark.parametrize(
    ("source", "is_found"),
    (
        ("re.compile(r'<body[^>]*>')", True),
        ("re.sub(r'<[^>]+>', '', html)", True),
        ("TAG = '<[^<>]*>'\nre.compile(rf'{TAG}x')", True),
        ("re.search('x' '</p>', html)", True),
        ("html.find('<!--')", True),
        ("html.split('</table>')", True),
        ("re.compile(r'(?P<name>a)(?<!b)(?<=c)[<>]')", False),
        ("print('<p>')", False),
        ("text.split('<')", False),
    ),
)
def test_searches_of_markup_are_found(source, is_found):
    assert bool(list(markup_searches(source))) == is_found


def test_one_module_searches_markup():
    """What HTML is read or changed goes through its tokenizer: expressions of one's own
    take comments, quoted signs and style sheets for something else."""
    searchers = {
        str(path.relative_to(ADDON))
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts and list(markup_searches(path.read_text()))
    }
    assert searchers <= SEARCHERS.keys()


# What makes a tree of HTML that was not read before.
PARSERS = {"fromstring", "document_fromstring", "fragment_fromstring", "HTMLParser"}
PARSERS |= {"fragments_fromstring", "BeautifulSoup", "XMLParser"}


def test_one_module_makes_trees_of_html():
    parsers = {
        str(path.relative_to(ADDON))
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in PARSERS
    }
    assert parsers == {"tools/html_tree.py"}
