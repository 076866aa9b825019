"""Imports only point down: views, wizards and controllers use models, models use the
tools, and the tools know neither Odoo's ORM nor its translations. Among the models, the
stages of a mailing only use those before them."""

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
# The folders without such rules.
OTHERS = {"data", "demo", "i18n", "migrations", "readme", "security", "static", "tests"}
OTHERS |= {"views"}

# The rooms of ``models/``, one for each stage of a mailing, with the rooms that each
# may use: import from, or call by the names of their models.
ROOMS = {
    "account": set(),
    "consent": {"account"},
    "composition": {"account", "consent"},
    "checks": {"account", "consent", "composition"},
    "recipients": {"account", "consent", "composition", "checks"},
    "delivery": {"account", "consent", "composition", "checks", "recipients"},
    "feedback": {"account", "consent", "recipients"},
}
ROOMS["reporting"] = {*ROOMS, "report"}
# The files beside the rooms, which all rooms may use and which use no room: the
# mailing, what the add-on adds to Odoo's own models, and what several rooms share.
HUB = {
    "__init__.py",
    "address_faults.py",
    "attempt.py",
    "counting.py",
    "crm_lead.py",
    "empty_column.py",
    "ir_actions_server.py",
    "mail_message.py",
    "mailjet_erasure.py",
    "mailjet_guard_mixin.py",
    "mailjet_mailing.py",
    "mailjet_mailing_address.py",
    "mailjet_owner_mixin.py",
    "notification.py",
    "res_company.py",
    "res_config_settings.py",
    "res_partner.py",
    "res_users_settings.py",
}
USABLE = {**ROOMS, "models": set(), "report": set(ROOMS)}
# What still points the other way. No line may be added.
BACKWARD = {
    "models/account/mailjet_account_webhook.py": {"mailjet.webhook.replace"},
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
    """Return the Python files of a folder of the add-on, those of its folders too, or
    those that lie beside the folders."""
    if folder == ".":
        return sorted(ADDON.glob("*.py"))
    return sorted((ADDON / folder).rglob("*.py"))


def relative(path):
    return str(path.relative_to(ADDON))


def imported(path):
    """Yield what a file imports from the add-on, as paths within it without suffix."""
    above = path.relative_to(ADDON).parents
    for level, module, names in imports(path):
        if not level:
            continue
        target = above[level - 1].joinpath(*module.split("."))
        if (ADDON / target).is_dir():
            yield from (target / name for name in names)
        else:
            yield target


def folders(path):
    """Return the names of the folders in a folder."""
    return {
        child.name
        for child in path.iterdir()
        if child.is_dir() and child.name != "__pycache__"
    }


@pytest.mark.parametrize("folder", ALLOWED)
def test_imports_point_down(folder):
    assert files(folder)
    for path in files(folder):
        used = {target.parts[0] for target in imported(path)} - {folder}
        assert used <= ALLOWED[folder], f"{relative(path)} imports {used}"


def test_nothing_reaches_over_the_top():
    for path in ADDON.rglob("*.py"):
        depth = len(path.relative_to(ADDON).parts)
        for level, module, _names in imports(path):
            assert level <= depth, path
            assert not module.startswith("odoo.addons.massmailing_mailjet"), path


def test_every_file_has_its_place():
    assert folders(ADDON) == {*ALLOWED, *OTHERS} - {"."}
    assert folders(ADDON / "models") == ROOMS.keys()
    assert {path.name for path in (ADDON / "models").glob("*.py")} == HUB
    for folder in (*(f"models/{room}" for room in ROOMS), "report", "wizards"):
        assert not folders(ADDON / folder), folder


def room(parts):
    """Return the room of a file, or ``models`` for the hub, or another folder."""
    return parts[1] if parts[0] == "models" and parts[1] in ROOMS else parts[0]


def defined_models():
    """Return the room of each model of the add-on by its name."""
    found = {}
    for folder in ("models", "report", "wizards"):
        for path in files(folder):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and (name := defined_model(node)):
                    assert name not in found, path
                    found[name] = room(path.relative_to(ADDON).parts)
    return found


def defined_model(node):
    """Return the name of the model that a class defines, None if it extends one."""
    given = {
        ast.unparse(line.targets[0]): ast.literal_eval(line.value)
        for line in node.body
        if isinstance(line, ast.Assign)
        and ast.unparse(line.targets[0]) in ("_name", "_inherit")
    }
    name = given.get("_name")
    inherited = given.get("_inherit", [])
    is_part = not name or (isinstance(inherited, list) and name in inherited)
    return None if is_part else name


def named_models(source):
    """Yield the names in ``env["name"]``, whatever the environment is of."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if ast.unparse(node.value).rpartition(".")[2] == "env":
                yield node.slice.value


def find_backward(parts, source, targets, models):
    """Return what a file uses of rooms that it may not use.

    :param parts: of the file's path within the add-on
    :param targets: what it imports from the add-on
    :param models: the room of each model by its name
    """
    own = room(parts)
    usable = USABLE[own] | {own, "models"}
    found = {
        name for name in named_models(source) if models.get(name, own) not in usable
    }
    for target in targets:
        if target.parts[0] in {"models", "report"} and room(target.parts) not in usable:
            found.add("/".join(target.parts[-2:]))
    return found


@pytest.mark.parametrize(
    ("path", "source", "target", "expected"),
    (
        ("checks/x", "self.env['mailjet.delivery']", None, {"mailjet.delivery"}),
        ("checks/x", "a.sudo().env['mailjet.event']", None, {"mailjet.event"}),
        ("checks/x", "def f(env):\n  env['mailjet.link']", None, {"mailjet.link"}),
        ("mailjet_mailing", "self.env['mailjet.check']", None, {"mailjet.check"}),
        ("checks/x", "self.env['mailjet.mailing.add']", None, {"mailjet.mailing.add"}),
        ("delivery/x", "self.env['mailjet.check']['mailjet.event']", None, set()),
        ("checks/x", "self.env['mailjet.mailing']", None, set()),
        ("checks/x", "self.env['res.country']", None, set()),
        ("checks/x", "", "models/delivery/mailjet_list", {"delivery/mailjet_list"}),
        ("attempt", "", "models/account/client_pool", {"account/client_pool"}),
        ("delivery/x", "", "models/account/client_pool", set()),
        ("delivery/x", "", "models/attempt", set()),
        ("delivery/x", "", "tools/utm", set()),
    ),
)
def test_what_points_backward_is_found(path, source, target, expected):
    parts = ("models", *path.split("/"))
    targets = [Path(target)] if target else []
    assert find_backward(parts, source, targets, defined_models()) == expected


def test_rooms_use_the_rooms_before_them():
    """Each stage can be read without those after it."""
    models = defined_models()
    backward = {}
    for path in (*files("models"), *files("report")):
        if path == ADDON / "models" / "__init__.py":
            continue
        parts = path.relative_to(ADDON).parts
        found = find_backward(parts, path.read_text(), imported(path), models)
        if found:
            backward[relative(path)] = found
    assert backward == BACKWARD


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


def test_the_sandbox_and_the_add_on_meet_in_the_tests_alone():
    for path in (ROOT / "mailjet_sandbox").rglob("*.py"):
        modules = {module.split(".")[0] for _level, module, _n in imports(path)}
        assert not modules & {"odoo", "massmailing_mailjet"}, path
    for path in ADDON.rglob("*.py"):
        if relative(path) != "tests/mailjet.py":
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
    "tools/html_writer.py": "what would begin a comment in a script that it writes",
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
        relative(path)
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts and list(markup_searches(path.read_text()))
    }
    assert searchers <= SEARCHERS.keys()


# Modules of constants, each with its owner.
DATA = {
    "const.py",
    "tools/mailjet_vocabulary.py",
    "models/delivery/const.py",
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
# Where that is: in the models and in the views of reports. Scripts of an upgrade and
# tests are beside the add-on's layers.
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


# What makes a tree of HTML that was not read before.
PARSERS = {"fromstring", "document_fromstring", "fragment_fromstring", "HTMLParser"}
PARSERS |= {"fragments_fromstring", "BeautifulSoup", "XMLParser"}


def test_one_module_makes_trees_of_html():
    parsers = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in PARSERS
    }
    assert parsers == {"tools/html_tree.py"}


# The one place that writes `status` of recipients, and the others with their reasons.
STATUS_WRITERS = {
    "models/recipients/mailjet_recipient_status.py": "the one place, by its table",
    "models/recipients/mailjet_recipient_load.py": "new rows are pending",
    "models/recipients/mailjet_mailing_follow_up.py": "new rows are pending",
    "models/feedback/mailjet_recipient_tracking.py": "one statement writes all that is "
    "reported; the status in it comes from the one place",
    "models/recipients/mailjet_record_sync.py": "writes what records say, by the "
    "columns it lists; the status is none of them",
    "models/account/mailjet_account_synchronize.py": "the status of a sender",
}
# A statement that writes a status, or that takes the columns it writes from elsewhere.
WRITTEN_STATUS = re.compile(
    r"UPDATE\s+mailjet_recipient\b(?:\s+\w+)?\s+SET\s+"
    r"(?:%|(?:(?!\bWHERE\b|\bFROM\b).)*?\bstatus\s*=)"
    r"|INSERT\s+INTO\s+mailjet_recipient\s*\((?:%\(\w+\)s|[^()])*\bstatus\b",
    re.DOTALL,
)
# Methods of the ORM that write what they are given.
WRITES = {"write", "create", "update"}


def writes_status(source):
    """Return whether a file writes a field ``status``, by SQL or by the ORM."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WRITTEN_STATUS.search(node.value):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = node.func.attr in WRITES and ast.Tuple(node.args)
            if given and any("status" in keys(part) for part in ast.walk(given)):
                return True
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "status":
                    return True
    return False


def keys(node):
    """Return the texts that are keys of a dictionary."""
    written = node.keys if isinstance(node, ast.Dict) else ()
    return {key.value for key in written if isinstance(key, ast.Constant)}


@pytest.mark.parametrize(
    ("source", "is_found"),
    (
        ("rows.write({'status': 'pending'})", True),
        ("rows.sudo().create([{'name': 'x', 'status': 'sent'}])", True),
        ("row.status = 'sent'", True),
        ("SQL(\"UPDATE mailjet_recipient r SET name = 'x', status = 'y'\")", True),
        ("SQL('UPDATE mailjet_recipient SET %s', columns)", True),
        ("SQL('INSERT INTO mailjet_recipient (id, status) SELECT 1')", True),
        ("SQL(\"UPDATE mailjet_recipient SET a = 1 WHERE status = 'y'\")", False),
        ("SQL(\"SELECT FROM mailjet_recipient WHERE status = 'y'\")", False),
        ("rows.search([('status', '=', 'sent')])", False),
        ("status = row.status", False),
    ),
)
def test_writers_of_a_status_are_found(source, is_found):
    assert writes_status(source) == is_found


def test_one_place_writes_the_status_of_recipients():
    writers = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and writes_status(path.read_text())
    }
    assert writers == STATUS_WRITERS.keys()
