"""The administrator's screen of a Mailjet account, against every kind of trouble."""

import pytest
from conftest import DEMO_KEY
from playwright.sync_api import expect
from servers import free_port


@pytest.fixture
def account(admin):
    """The demo account; what a test breaks of it is mended."""
    record = admin.find("mailjet.account", ("api_key", "=", DEMO_KEY))
    values = admin.read("mailjet.account", record, "api_secret", "api_url")
    values.pop("id")
    yield record
    admin.call("mailjet.account", "write", [record], values)


@pytest.mark.browser
def test_connection_and_senders(open_page):
    ui = open_page("admin")
    ui.open_crm_menu("Mass Mailing", "Mailjet Accounts", title="Mailjet Accounts")
    ui.open_row("Demo account")
    ui.press("Test connection")
    expect(ui.page.locator(".o_notification")).to_contain_text("accepts the keys")
    ui.press("Synchronise")
    expect(ui.page.locator(".o_notification").last).to_contain_text(
        "Active senders found: 2"
    )
    expect(ui.field("sender_ids")).to_contain_text("*@example.org")


def test_every_trouble_has_its_own_sentence(account, admin, sandbox):
    def sentence():
        with pytest.raises(AssertionError) as caught:
            admin.call("mailjet.account", "action_test_connection", [account])
        return str(caught.value)

    sandbox.control("PUT", "keys", json={"public": DEMO_KEY, "runlevel": "Softlock"})
    try:
        assert "suspended" in sentence()
    finally:
        sandbox.control("PUT", "keys", json={"public": DEMO_KEY, "runlevel": "Normal"})
    admin.call("mailjet.account", "write", [account], {"api_secret": "wrong"})
    assert "does not accept the keys" in sentence()
    nowhere = f"http://127.0.0.1:{free_port()}"
    admin.call("mailjet.account", "write", [account], {"api_url": nowhere})
    assert "cannot be reached" in sentence()
