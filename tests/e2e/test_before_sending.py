"""Between "Send now" or "Schedule" and the sending: what a person can still do."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def prepared(user):
    """Return a maker of mailings that are ready to be sent, by their names."""

    def make(name):
        (mailing,) = user.call(
            "mailjet.mailing",
            "create",
            [
                {
                    "name": name,
                    "subject": name,
                    "composition": "html",
                    "body_code": "<p>Dear $contacts-firstname$</p>",
                }
            ],
        )
        readers = user.find("ir.filters", ("name", "=", "Newsletter readers"))
        user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
        user.call("mailjet.mailing", "write", [mailing], {"step": "sending"})
        return mailing

    return make


def open_mailing(ui, mailing):
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    ui.expect_step("Send")


def expect_undone(ui):
    """Wait until the mailing is a draft again, and see who did it."""
    expect(ui.field("state")).to_have_text("Draft", timeout=60_000)
    note = "Sending was undone by Marc Demo. Emails not sent: 8"
    expect(ui.page.locator(".o-mail-Chatter")).to_contain_text(note)


def draft_of(sandbox, user, mailing):
    """Return the mailing's draft at Mailjet."""
    (campaign,) = user.read("mailjet.mailing", mailing, "mailjet_campaign_ids")[
        "mailjet_campaign_ids"
    ]
    read = user.read("mailjet.campaign", campaign, "mailjet_draft_id")
    (draft,) = sandbox.read(f"campaigndraft/{read['mailjet_draft_id']}")
    return draft


def test_a_countdown_in_which_it_can_be_undone(
    open_page, prepared, sandbox, undo_minutes
):
    mailing = prepared("Undone")
    ui = open_page("demo")
    open_mailing(ui, mailing)
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    countdown = ui.page.locator(".o_mailjet_countdown")
    expect(countdown).to_have_text(re.compile(rf"[0-{undo_minutes}]:[0-5]\d"))
    expect(countdown).not_to_have_text(countdown.inner_text())
    ui.press("Undo")
    expect_undone(ui)
    assert not [m for m in sandbox.messages() if m["subject"] == "Undone"]
    expect(ui.page.get_by_role("button", name="Send now")).to_be_visible()


def test_mailjet_holds_a_schedule_and_gives_it_back(open_page, prepared, user, sandbox):
    mailing = prepared("Given back")
    hour = datetime.utcnow().replace(microsecond=0) + timedelta(minutes=15)
    user.call("mailjet.mailing", "action_schedule", [mailing], str(hour))
    ui = open_page("demo")
    open_mailing(ui, mailing)
    banner = ui.page.locator(".alert-info:visible")
    expect(banner).to_contain_text("Mailjet sends it at this time", timeout=60_000)
    expect(banner).to_contain_text("UTC")
    held = draft_of(sandbox, user, mailing)
    assert (held["Status"], held["DeliveredAt"]) == (1, "")
    ui.press("Unschedule")
    expect_undone(ui)
    log = sandbox.requests(path="/schedule")
    assert [entry["method"] for entry in log][-2:] == ["POST", "DELETE"]
