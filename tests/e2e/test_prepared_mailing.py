"""The newcomer's path: the demo user sends the prepared mailing."""

from collections import Counter

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIRST_NAMES = {
    "ada@example.com": "Ada",
    "bruno@example.com": "Bruno",
    "chloe@example.com": "Chloé",
    "dmitri@example.com": "Dmitri",
    "elif@example.com": "Elif",
    "farah@example.com": "Farah",
    "georg@example.com": "Georg",
    "hana@example.com": "Hana",
}


@pytest.fixture(scope="module")
def campaign(sandbox):
    """The messages of the campaign, once it was sent by the first test."""
    return lambda: [
        message
        for message in sandbox.messages(kind="campaign")
        if "our news of the autumn" in message["subject"]
    ]


def test_the_demo_user_sends_the_prepared_mailing(open_page, campaign):
    ui = open_page("demo")
    ui.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    ui.open_row("Autumn newsletter")
    ui.expect_step("Recipients")
    ui.press("Next")
    ui.expect_step("Send")
    assert ui.figure("planned_count") == len(FIRST_NAMES)
    assert ui.figure("invalid_count") == 2
    assert ui.figure("duplicate_count") == 1
    assert ui.figure("unsubscribed_count") == 1
    assert not campaign()
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    expect(ui.page.locator(".alert-success")).to_contain_text(
        "8 recipients", timeout=60_000
    )
    messages = campaign()
    assert Counter(message["to"] for message in messages) == Counter(FIRST_NAMES.keys())
    for message in messages:
        name = FIRST_NAMES[message["to"]]
        assert message["subject"] == f"{name}, our news of the autumn"
        assert f"Dear {name}," in message["html"]
        assert f"Dear {name}," in message["text"]


def test_values_of_the_account_and_fallbacks_arrive(campaign):
    html = {message["to"]: message["html"] for message in campaign()}
    assert (
        "everyone at\nNordlys Studio when you are next in Oslo"
        in html["ada@example.com"]
    )
    assert "everyone at\nyour company when" in html["dmitri@example.com"]
    assert "[[" not in "".join(html.values())


def test_the_outbox_shows_them_and_its_links_work(open_page, sandbox):
    page = open_page("demo").page
    page.goto(sandbox.url)
    expect(page.get_by_text("Ada, our news of the autumn")).to_be_visible()
    page.get_by_text("Ada, our news of the autumn").click()
    mail = page.frame_locator("iframe").first
    expect(mail.get_by_role("heading", name="Dear Ada,")).to_be_visible()
    with page.context.expect_page() as opened:
        mail.get_by_text("View this email online").click()
    expect(opened.value.get_by_text("Dear Ada,")).to_be_visible()
    # The button is not pressed: other tests write to Ada, and test_feedback presses it.
    with page.context.expect_page() as opened:
        mail.get_by_text("Unsubscribe").click()
    expect(opened.value.get_by_role("button")).to_be_visible()
