"""The templates that a fresh key starts with: one for each way to create them in
Mailjet's own interface and its API."""

import json
from pathlib import Path

from .store import insert

NEWSLETTERS = Path(__file__).with_name("newsletters")

# The drag-and-drop editor saves a structure, not a text.
STRUCTURE = {
    "tagName": "mjml",
    "children": [{"tagName": "mj-body", "children": []}],
    "attributes": {"version": "4.15.2", "owa": "desktop"},
}
MJML = (
    "<mjml><mj-body><mj-section><mj-text>Autumn</mj-text></mj-section></mj-body></mjml>"
)

DRAG_AND_DROP, HTML, SECTION, MJML_SOURCE = 1, 2, 3, 4

# Name, edit mode, purpose, file of the HTML part, MJML content, headers.
TEMPLATES = (
    (
        "Spring newsletter",
        DRAG_AND_DROP,
        "marketing",
        "drag_and_drop.html",
        json.dumps(STRUCTURE),
        {
            "From": "The garden center <newsletter@example.com>",
            "Subject": 'Spring, [[data:firstname:"gardener"]]',
            "Reply-To": "",
        },
    ),
    (
        "Invitation",
        HTML,
        "marketing",
        "html_editor.html",
        None,
        {"From": "newsletter@example.com", "Subject": "You are invited"},
    ),
    ("Loyalty points", HTML, "marketing", "template_language.html", None, {}),
    ("Autumn newsletter", MJML_SOURCE, "marketing", None, MJML, {}),
    ("Our footer", SECTION, "marketing", None, json.dumps(STRUCTURE), {}),
    ("Order receipt", HTML, "transactional", "receipt.html", None, {}),
)


def plant(db, now, key_id):
    """Create the templates of one key."""
    for name, mode, purpose, file, mjml, headers in TEMPLATES:
        insert(
            db,
            "template",
            key_id=key_id,
            name=name,
            author="Sandbox",
            edit_mode=mode,
            purposes=json.dumps([purpose]),
            html=file and (NEWSLETTERS / file).read_text("utf-8"),
            mjml=mjml,
            headers=json.dumps(headers),
            created_at=now,
            last_updated_at=now,
        )
