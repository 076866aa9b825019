"""Views and what runs in the browser lie in the rooms of the models: each view in the
file of its model, each component in a folder of its room."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_architecture import ADDON, ROOMS, files, folders

VIEWS = ADDON / "views"
SOURCES = ADDON / "static/src"
# The components that all rooms may use, and that use no room.
SHARED = "core"
# Files of views that are of no model.
MODELLESS = {"mailjet_menus.xml"}
# What the files are named after besides the rooms' own models.
ODOO_MODELS = {"crm.lead", "res.config.settings", "res.partner"}
FORM = "mailjet_mailing_view_form"
# The field in which a record names its model.
MODEL_FIELD = {"ir.ui.view": "model", "ir.actions.act_window": "res_model"}
FILE_NAME = re.compile(r"(?P<model>\w+?)(?:_form)?_(?:views|templates)\.xml")
IMPORT = re.compile(r'from "(?P<module>@massmailing_mailjet/[^"]+|\.[^"]*)"')


def models_of(folder):
    """Return the names of the models that the files of a folder define or extend."""
    found = set()
    for path in files(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign):
                if ast.unparse(node.targets[0]) in ("_name", "_inherit"):
                    names = ast.literal_eval(node.value)
                    found |= {names} if isinstance(names, str) else set(names)
    return found


def usable_models(room):
    """Return the models of which a room, or none, may have views."""
    if not room:
        return {"mailjet.mailing", *ODOO_MODELS}
    return models_of(f"models/{room}") | models_of("report")


def model_of(path, models):
    """Return the one of the models that a file of views is named after, or None."""
    match = FILE_NAME.fullmatch(path.name)
    names = {model.replace(".", "_"): model for model in models}
    return match and names.get(match["model"])


def view_files():
    return sorted(VIEWS.rglob("*.xml"))


def place(path, root):
    """Return the room of a file, or None beside the rooms."""
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else None


def fields(record):
    return {field.get("name"): field for field in record.findall("field")}


def test_views_lie_in_rooms():
    assert folders(VIEWS) <= ROOMS.keys()
    for room in folders(VIEWS):
        assert not folders(VIEWS / room), room


@pytest.mark.parametrize("path", view_files(), ids=lambda path: path.name)
def test_a_file_has_the_views_of_the_model_in_its_name(path):
    if path.name in MODELLESS:
        return
    model = model_of(path, usable_models(place(path, VIEWS)))
    assert model, f"{path} is not named after a model of its room"
    for record in ElementTree.parse(path).iter("record"):
        if name := MODEL_FIELD.get(record.get("model")):
            assert fields(record)[name].text == model, record.get("id")


@pytest.mark.parametrize(
    ("name", "model"),
    (
        ("mailjet_mailing_views.xml", "mailjet.mailing"),
        ("mailjet_mailing_form_views.xml", "mailjet.mailing"),
        ("mailjet_recipient_report_views.xml", "mailjet.recipient.report"),
        ("mailjet_summary_templates.xml", "mailjet.summary"),
        ("mailjet_people_views.xml", None),
        ("mailjet_mailing.xml", None),
    ),
)
def test_names_of_files_are_distinguished(name, model):
    models = {"mailjet.mailing", "mailjet.recipient.report", "mailjet.summary"}
    assert model_of(Path(name), models) == model


def test_every_file_of_views_is_loaded():
    manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text())
    loaded = [name for name in manifest["data"] if name.startswith("views/")]
    assert sorted(loaded) == [str(path.relative_to(ADDON)) for path in view_files()]


def test_the_rooms_add_to_the_form_in_their_order():
    """The parts name elements of the parts before them, and other add-ons' views, of
    priority 16, those of all."""
    priorities = {}
    for path in view_files():
        for record in ElementTree.parse(path).iter("record"):
            given = fields(record)
            inherited = given.get("inherit_id")
            if inherited is not None and inherited.get("ref") == FORM:
                room = place(path, VIEWS)
                assert record.get("id") == f"{FORM}_{room}"
                priorities[room] = int(given["priority"].text)
    assert priorities
    rooms = sorted(priorities, key=priorities.get)
    assert rooms == [room for room in ROOMS if room in priorities]
    assert len(set(priorities.values())) == len(priorities)
    assert max(priorities.values()) < 16


@pytest.mark.parametrize("root", (SOURCES, ADDON / "static/tests"))
def test_components_lie_in_rooms(root):
    assert folders(root)
    assert folders(root) <= {SHARED, *ROOMS}


def test_a_component_has_a_folder_of_its_own():
    for path in SOURCES.rglob("*.*"):
        assert len(path.relative_to(SOURCES).parts) == 3, path


def test_components_use_the_rooms_before_them():
    sources = sorted(SOURCES.rglob("*.js"))
    assert sources
    for path in sources:
        room = place(path, SOURCES)
        usable = {room, SHARED, *ROOMS.get(room, ())}
        for module in IMPORT.findall(path.read_text()):
            if module.startswith("."):
                target = path.parent.joinpath(f"{module}.js").resolve()
                # A component of another room is imported by its full name.
                assert place(target, SOURCES) == room, f"{path}: {module}"
            else:
                target = SOURCES / f"{module.partition('/')[2]}.js"
                assert place(target, SOURCES) in usable - {room}, f"{path}: {module}"
            assert target.exists(), f"{path}: {module}"
