"""What came of a mailing: from Mailjet's webhooks to the page, and from its figures to
the people behind them."""

import re

import pytest
from playwright.sync_api import expect
from servers import wait_until

pytestmark = pytest.mark.browser

COUNT_DOMAINS = ("clicker", "bouncer", "sleeper")
ROWS = ".o_list_view .o_data_row"
LINK = "https://example.com/autumn"


@pytest.fixture(scope="module")
def mailing(admin, sandbox, reported):
    """A mailing that three contacts got: one opened and clicked, one bounced."""
    values = {
        "name": "Results",
        "subject": "Results of the autumn",
        "composition": "html",
        "body_code": f'<p>Hello, <a href="{LINK}">see here</a></p>',
    }
    (mailing,) = admin.call("mailjet.mailing", "create", [values])
    people = [{"name": name, "email": f"{name}@example.com"} for name in COUNT_DOMAINS]
    contacts = admin.call("res.partner", "create", people)
    domain = str([("id", "in", contacts)])
    admin.call("mailjet.mailing", "action_load_domain", [mailing], domain)
    admin.call("mailjet.mailing", "action_send", [mailing])
    wait_for(admin, mailing, "state", "done")
    for recipient, kind, fields in (
        ("clicker@example.com", "open", {"agent": "Thunderbird"}),
        ("clicker@example.com", "click", {"agent": "Thunderbird", "url": LINK}),
        ("bouncer@example.com", "bounce", {"hard_bounce": True}),
    ):
        event = {"recipient": recipient, "type": kind, "fields": fields}
        sandbox.control("POST", "events", json=event)
    wait_for(admin, mailing, "clicked_count", 1)
    wait_for(admin, mailing, "bounced_count", 1)
    return mailing


def wait_for(admin, mailing, field, value):
    wait_until(
        lambda: admin.read("mailjet.mailing", mailing, field)[field] == value,
        90,
        f"{field} of the mailing is {value}",
    )


def test_counts_open_their_recipients(open_page, mailing):
    ui = open_page("demo")
    page = ui.page
    page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    results = page.locator(".o_mailjet_results")
    expect(results.locator("[data-kpi=clicked_count] strong")).to_have_text("1")
    expect(results.frame_locator("iframe").locator("body")).to_contain_text("see here")
    expect(page.locator(".o_form_view")).not_to_contain_text("Monthly email limit")
    expect(page.locator(".o_statusbar_buttons")).not_to_contain_text("Next")
    page.locator(".o_arrow_button", has_text="Details").click()
    ui.expect_step("Details")
    page.reload()
    ui.expect_step("Send")
    ui.press("Statistics")
    expect(page.locator(".o_mailjet_statistics h2").first).to_have_text("Results")
    for figure, count, address in (
        ("sent_count", 3, "sleeper@example.com"),
        ("opened_count", 1, "clicker@example.com"),
        ("bounced_count", 1, "bouncer@example.com"),
    ):
        button = page.locator(f".o_mailjet_statistics [data-kpi={figure}]")
        expect(button.locator("strong")).to_have_text(str(count))
        button.click()
        expect(page.locator(ROWS)).to_have_count(count)
        expect(page.locator(ROWS).filter(has_text=address)).to_have_count(1)
        page.go_back()
    email = page.frame_locator(".o_mailjet_click_map iframe")
    expect(email.locator(f"a[href='{LINK}'] [data-clicks]")).to_have_text("1 · 100%")
    page.locator(".o_mailjet_links button").click()
    expect(page.locator(ROWS)).to_have_text(re.compile("clicker@example.com"))
    page.locator(ROWS).locator("td[name=email]").click()
    expect(page.locator(".o_form_view")).to_contain_text(LINK)


def test_a_follow_up_is_offered_on_a_phone(open_page, mailing):
    ui = open_page("demo", width=360)
    page = ui.page
    page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    page.locator(".o_statusbar_buttons").get_by_title("More").click()
    page.get_by_role("button", name="Follow up").click()
    reminder = page.locator("[data-kind=reminder]")
    expect(reminder).to_have_text("Resend to non-openers (1)")
    expect(page.locator("[data-kind=remaining]")).to_be_visible()
    reminder.click()
    recipients = page.locator(".o_mailjet_recipient_list")
    expect(recipients).to_contain_text("sleeper@example.com")


def test_the_page_survives_a_reload_and_a_phone(open_page, mailing):
    ui = open_page("demo", width=360)
    page = ui.page
    page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}/mass-mailing-statistics")
    title = page.locator(".o_mailjet_statistics h2").first
    expect(title).to_have_text("Results")
    page.reload()
    expect(title).to_have_text("Results")
    expect(page.locator(".o_mailjet_timeline canvas")).to_be_visible()
    for link in ("Excel", "CSV"):
        expect(page.get_by_role("link", name=link)).to_be_in_viewport()
    width = page.evaluate("document.querySelector('.o_content').scrollWidth")
    assert width <= 360
