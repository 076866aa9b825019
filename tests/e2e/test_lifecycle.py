"""Installed, used, upgraded and uninstalled by real Odoo processes."""

import os

import pytest
from scratch_database import ADDON, ScratchDatabase

# A bit of everything: records of each model, and what Odoo keeps about them elsewhere.
USE = """
account = env["mailjet.account"].create(
    {"name": "Own", "api_key": "a", "api_secret": "b", "company_id": False}
)
env["mailjet.sender"].create(
    {"account_id": account.id, "email": "news@example.com", "status": "active"}
)
partner = env["res.partner"].create({"name": "Ann", "email": "ann@example.com"})
partner.massmailing_unsubscribed = True
target = env["mailjet.target"].create({"name": "T", "contact_ids": partner.ids})
mailing = env["mailjet.mailing"].create(
    {
        "name": "Kept",
        "subject": "Hello",
        "account_id": account.id,
        "recipient_type": "target",
        "composition": "html",
        "body_code": '<img src="data:image/gif;base64,'
        'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">',
    }
)
mailing.action_load_target(target.id)
mailing.message_post(body="Note", attachments=[("note.txt", b"text")])
mailing.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
env["ir.filters"].create(
    {"name": "F", "model_id": "mailjet.mailing", "user_ids": False}
)
env["ir.default"].set("mailjet.mailing", "composition", "html")
env.company.mailjet_privacy_contact = "privacy@example.com"
"""
CHECK = """
mailing = env["mailjet.mailing"].search([("name", "=", "Kept")])
assert mailing.recipient_count == 1, mailing.recipient_count
assert mailing.unsubscribed_count == 1, mailing.unsubscribed_count
assert "/web/image/" in mailing.body_code, mailing.body_code
assert env["mailjet.account"].search([("name", "=", "Own")]).api_secret == "b"
"""
UNINSTALL = f"""
env["ir.module.module"].search([("name", "=", "{ADDON}")]).button_immediate_uninstall()
"""
# Odoo adds these by itself while it works, whatever is installed.
OF_ODOO = {
    "defaults": set(),
    "parameters": {"base.template_portal_user_id"},
}


@pytest.fixture(scope="module")
def database(scratch):
    name = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}lifecycle"
    database = ScratchDatabase(name, scratch)
    yield database
    database.drop()


def test_from_installing_to_uninstalling(database):
    before = database.traces()
    database.run("-i", ADDON)
    assert database.traces()["tables and columns"] > before["tables and columns"]
    database.shell(USE)
    database.run("-u", ADDON)
    database.shell(CHECK)
    database.shell(UNINSTALL)
    after = database.traces()
    left = {
        kind: sorted(after[kind] - before[kind] - OF_ODOO.get(kind, set()))
        for kind in after
    }
    # Hosted images stay: e-mails that were sent go on showing them.
    assert {kind: names for kind, names in left.items() if names} == {
        "attachments": [" newsletter.gif"]
    }
