"""The administrator's screen of a Mailjet account, against every kind of trouble."""

import pytest
from playwright.sync_api import expect
from servers import DEMO_KEYS, free_port


@pytest.fixture
def mended_account(admin, account):
    """The demo account; what a test breaks of it is restored."""
    values = admin.read("mailjet.account", account, "api_secret", "api_url")
    values.pop("id")
    yield account
    admin.call("mailjet.account", "write", [account], values)


@pytest.mark.browser
def test_connection_and_senders(open_page):
    ui = open_page("admin")
    ui.open_crm_menu("Mass Mailing", "Mailjet accounts", title="Mailjet accounts")
    ui.open_row("Demo account")
    ui.press("Test connection")
    expect(ui.page.locator(".o_notification")).to_contain_text("accepts the keys")
    ui.press("Synchronize")
    expect(ui.page.locator(".o_notification").last).to_contain_text(
        "Active senders found: 2"
    )
    expect(ui.field("sender_ids")).to_contain_text("*@example.org")


def test_every_trouble_has_its_own_sentence(mended_account, admin, sandbox):
    def sentence():
        with pytest.raises(AssertionError) as caught:
            admin.call("mailjet.account", "action_test_connection", [mended_account])
        return str(caught.value)

    def set_runlevel(runlevel):
        key = {"public": DEMO_KEYS[0], "runlevel": runlevel}
        sandbox.control("PUT", "keys", json=key)

    def set_account(**values):
        admin.call("mailjet.account", "write", [mended_account], values)

    set_runlevel("Softlock")
    try:
        assert "suspended" in sentence()
    finally:
        set_runlevel("Normal")
    set_account(api_secret="wrong")
    assert "does not accept the keys" in sentence()
    set_account(api_url=f"http://127.0.0.1:{free_port()}")
    assert "cannot be reached" in sentence()
