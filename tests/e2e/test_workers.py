"""Odoo as in production: several processes, and scheduled actions in one more."""

import pytest
from browser import OdooPage
from playwright.sync_api import expect
from servers import Rpc, SandboxServer, demo_server, wait_until

MAILING = "Autumn newsletter"


@pytest.fixture(scope="module")
def folder(scratch):
    folder = scratch / "workers"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def sandbox(folder):
    """One of their own: the mailing is also that of other tests."""
    server = SandboxServer(folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(folder, sandbox):
    with demo_server(folder, "workers", sandbox, workers=2) as server:
        yield server


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
    user.call("mailjet.mailing", "action_send", [mailing])
    wait_until(
        lambda: user.read("mailjet.mailing", mailing, "state")["state"] == "done",
        240,
        "the mailing is sent",
    )
    sent = user.read("mailjet.mailing", mailing, "sent_count")["sent_count"]
    assert sent > 0
    assert len(sandbox.messages(kind="campaign")) == sent
