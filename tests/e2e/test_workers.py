"""Odoo as in production: several processes, and scheduled actions in one more."""

import os

import pytest
from browser import OdooPage
from conftest import DEMO_KEY, set_undo_minutes
from playwright.sync_api import expect
from servers import OdooServer, Rpc, wait_until

MAILING = "Autumn newsletter"


@pytest.fixture(scope="module")
def server(scratch, sandbox):
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}workers"
    server = OdooServer(scratch, database, workers=2)
    admin = Rpc(server, "admin")
    account = admin.find("mailjet.account", ("api_key", "=", DEMO_KEY))
    admin.call("mailjet.account", "write", [account], {"api_url": sandbox.url})
    set_undo_minutes(admin, 0)
    yield server
    server.drop()


@pytest.mark.browser
def test_the_list_opens(chromium, server):
    context = chromium.new_context()
    page = OdooPage(context.new_page(), server)
    page.log_in("demo")
    page.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    expect(page.page.locator(".o_data_row", has_text=MAILING)).to_be_visible()
    context.close()
    assert not page.errors


def test_a_scheduled_action_sends(server, sandbox):
    user = Rpc(server, "demo")
    mailing = user.find("mailjet.mailing", ("name", "=", MAILING))
    before = len(sandbox.messages(kind="campaign"))
    user.call("mailjet.mailing", "action_send", [mailing])
    wait_until(
        lambda: user.read("mailjet.mailing", mailing, "state")["state"] == "done",
        240,
        "the mailing is sent",
    )
    sent = user.read("mailjet.mailing", mailing, "sent_count")["sent_count"]
    assert sent > 0
    assert len(sandbox.messages(kind="campaign")) - before == sent
