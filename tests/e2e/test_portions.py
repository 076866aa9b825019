"""A mailing that is sent in portions: its plan, and each portion on its own."""

import pytest
from accessibility import add_axe, find_violations
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EVERY_DAY = {"portion_size": 3, "portion_working_days": False, "portion_hour": 0}


@pytest.fixture
def mailing(user):
    """Return a mailing to eight people that is ready to be sent."""
    (mailing,) = user.call(
        "mailjet.mailing",
        "create",
        [
            {
                "name": "In portions",
                "subject": "In portions",
                "composition": "html",
                "body_code": "<p>Dear $contacts-firstname$</p>",
                **EVERY_DAY,
            }
        ],
    )
    readers = user.find("ir.filters", ("name", "=", "Newsletter readers"))
    user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
    user.call("mailjet.mailing", "write", [mailing], {"step": "sending"})
    return mailing


def test_one_portion_is_sent_one_held_and_one_canceled(
    open_page, mailing, user, sandbox
):
    ui = open_page("demo")
    add_axe(ui.page)
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    ui.expect_step("Send")
    rows = ui.page.locator(".o_mailjet_campaigns tbody tr")
    expect(rows).to_have_count(0)

    ui.page.get_by_role("radio", name="In portions").check()
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("At once")
    expect(rows.nth(2).locator("td").nth(1)).to_have_text("2")
    ui.acknowledge_checks()
    ui.press("Send now")
    dialog = ui.page.locator(".modal-dialog")
    expect(dialog).to_contain_text("3 portions of up to 3 emails, from ")
    ui.confirm("Send now")

    expect(rows.nth(0)).to_contain_text("Sent", timeout=60_000)
    expect(rows.nth(1)).to_contain_text("Planned")
    ui.page.get_by_role("button", name="Hold Portion 2 of 3").click()
    expect(rows.nth(1)).to_contain_text("On hold")
    expect(ui.page.get_by_role("button", name="Release Portion 2 of 3")).to_be_visible()
    assert find_violations(ui.page) == []

    ui.page.get_by_role("button", name="Cancel Portion 3 of 3").click()
    ui.confirm("Cancel this part")
    expect(rows).to_have_count(2)
    note = "canceled it: 2 emails are not sent."
    expect(ui.page.locator(".o-mail-Chatter")).to_contain_text(note)
    received = [m for m in sandbox.messages() if m["subject"] == "In portions"]
    assert len(received) == 3

    ui.page.get_by_role("button", name="Release Portion 2 of 3").click()
    ui.page.get_by_role("button", name="Cancel Portion 2 of 3").click()
    ui.confirm("Cancel this part")
    expect(ui.field("state")).to_have_text("Sent")
    counts = user.call("mailjet.mailing", "get_follow_up_counts", [mailing])
    assert counts["remaining"] == 5
