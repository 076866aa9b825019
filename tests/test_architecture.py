"""Imports only point down: views, wizards and controllers use models, models use the
tools, and the tools know neither Odoo's ORM nor its translations. Among the models, the
stages of a mailing only use those before them."""

import ast
from pathlib import Path

import pytest
from source_files import ADDON, ROOT, files, imported, imports, relative

# What the files of each folder may import from the add-on, besides their own folder.
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
    "retention": {"account", "consent", "composition", "recipients", "feedback"},
}
ROOMS["reporting"] = {*ROOMS, "report"}
# The files outside of the rooms, which all rooms may use and which use no room: the
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
    "mailjet_campaign.py",
    "mailjet_erasure.py",
    "mailjet_guard_mixin.py",
    "mailjet_mailing.py",
    "mailjet_mailing_address.py",
    "mailjet_mailing_campaigns.py",
    "mailjet_owner_mixin.py",
    "notification.py",
    "res_company.py",
    "res_config_settings.py",
    "res_partner.py",
    "res_users_settings.py",
    "sentence.py",
}
USABLE = {**ROOMS, "models": set(), "report": set(ROOMS)}
# What still points the other way. Do not add any.
BACKWARD = {
    "models/account/mailjet_account_webhook.py": {"mailjet.webhook.replace"},
}


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
    """Each stage can be understood without those after it."""
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


def test_the_sandbox_and_the_add_on_meet_in_the_tests_alone():
    for path in (ROOT / "mailjet_sandbox").rglob("*.py"):
        modules = {module.split(".")[0] for _level, module, _n in imports(path)}
        assert not modules & {"odoo", "massmailing_mailjet"}, path
    for path in ADDON.rglob("*.py"):
        if relative(path) != "tests/mailjet.py":
            assert "mailjet_sandbox" not in path.read_text(), path
