"""A mailing from nothing, through the four steps, in the visual editor and in code."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from servers import wait_until
from steps import load, send_now, start_mailing, write_code


@pytest.mark.browser
def test_visual_editor_two_filters_and_an_unticked_row(open_page, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "From nothing", "Good day $contacts-firstname$")
    ui.page.locator(
        ".o_mail_theme_selector [data-name=empty], "
        ".o_mail_theme_selector .cursor-pointer"
    ).first.click()
    canvas = ui.page.frame_locator(".o_field_mailjet_mailing_html iframe").first
    editable = canvas.locator(".o_editable, [contenteditable=true]").first
    expect(editable).to_be_visible()
    editable.click()
    ui.page.keyboard.press("Control+A")
    ui.page.keyboard.type("Dear $contacts-firstname$, hello from the editor.")
    ui.press("Next")
    ui.expect_step("Recipients")

    load(ui, "Newsletter readers")
    load(ui, "In France")
    rows = ui.page.locator(".o_mailjet_recipient_list .o_data_row")
    bruno = rows.filter(has_text="bruno@example.com")
    bruno.locator(".o_mailjet_tick input").click()
    expect(bruno).to_contain_text("Not selected")
    ui.press("Next")
    ui.expect_step("Send")
    expect(ui.page.locator("[data-figure=unticked_count] strong")).to_have_text("1")
    assert ui.figure("planned_count") + sum(
        ui.figure(f"{reason}_count")
        for reason in (
            "unticked",
            "invalid",
            "duplicate",
            "unsubscribed",
            "blacklisted",
            "past_bounce",
            "past_complaint",
            "archived",
            "excluded_target",
            "recent",
        )
    ) == ui.figure("recipient_count")
    send_now(ui)

    messages = _sent(sandbox, "Good day")
    assert "bruno@example.com" not in {message["to"] for message in messages}
    (ada,) = [message for message in messages if message["to"] == "ada@example.com"]
    assert ada["subject"] == "Good day Ada"
    assert "Dear Ada, hello from the editor." in ada["html"]
    assert "Dear Ada, hello from the editor." in ada["text"]


@pytest.mark.browser
def test_code_arrives_as_it_was_written(open_page, user, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "In code", "Code", "Leads")
    source = (
        "<BODY bgcolor=white><p>Caf&eacute;  for $leads-company$ &amp; you</P></BODY>"
    )
    write_code(ui, source)
    ui.press("Next")
    load(ui, "Leads with a company name")
    mailing = user.find("mailjet.mailing", ("subject", "=", "Code"))
    assert user.read("mailjet.mailing", mailing, "body_code")["body_code"] == source
    ui.press("Next")
    send_now(ui)
    (mara,) = [m for m in _sent(sandbox, "Code") if m["to"] == "mara@example.com"]
    assert "<p>Caf&eacute;  for Lind &amp; Sons &amp; you</P>" in mara["html"]
    assert mara["html"].startswith("<BODY bgcolor=white><div ")


@pytest.mark.browser
def test_each_step_says_what_is_missing_and_loses_nothing(open_page):
    ui = open_page("demo")
    start_mailing(ui, "Unfinished", "Unfinished")
    write_code(ui, "<p>$contacts-shoesize$</p>")
    ui.page.locator(".o_arrow_button", has_text="Send").click()
    ui.expect_step("Send")
    checks = ui.page.locator(".o_mailjet_checks")
    expect(checks).to_contain_text("$contacts-shoesize$")
    expect(checks).to_contain_text("Load the recipients")
    expect(ui.page.get_by_label("1 issue in Composition")).to_be_visible()
    expect(ui.page.get_by_label("1 issue in Recipients")).to_be_visible()
    ui.press("Send now")
    expect(ui.page.locator(".o_notification")).to_contain_text("issues before sending")
    expect(ui.page.locator(".o_mailjet_finding.o_red").first).to_be_focused()
    expect(ui.page.locator(".modal-dialog")).to_have_count(0)
    ui.press("Back")
    ui.expect_step("Recipients")
    ui.press("Back")
    ui.expect_step("Composition")
    expect(ui.field("body_code")).to_contain_text("shoesize")
    ui.page.locator(".o_arrow_button", has_text="Details").click()
    ui.expect_step("Details")
    for box in ui.field("recipient_type").get_by_role("radio").all():
        expect(box).to_be_disabled()


@pytest.mark.browser
def test_a_form_without_a_subject_is_left_and_says_so(open_page):
    ui = open_page("demo")
    ui.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    ui.press("New", scope=".o_control_panel")
    ui.fill("name", "Without a subject")
    ui.press("Next")
    ui.expect_step("Composition")
    issues = ui.page.get_by_label("1 issue in Details")
    expect(issues).to_be_visible()
    ui.press("Back")
    ui.expect_step("Details")
    ui.fill("subject", "A few words")
    ui.page.locator(".o_form_button_save").click()
    expect(issues).to_have_count(0)


@pytest.mark.browser
def test_a_last_test_and_the_choice_of_the_hour(open_page, user, sandbox):
    ui = open_page("demo")
    ui.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    start_mailing(ui, "For later", "Later $contacts-firstname$")
    write_code(ui, "<p>Dear $contacts-firstname$</p>")
    ui.press("Next")
    load(ui, "Newsletter readers")
    ui.press("Next")
    ui.expect_step("Send")
    untested = ui.page.locator("[data-finding=not_tested]")
    expect(untested).to_be_visible()
    ui.press("Send a test")
    ui.page.locator(".modal-dialog textarea").fill("one@example.com\ntwo@example.com")
    ui.confirm("Send the test")
    tests = [
        m["to"] for m in sandbox.messages() if m["subject"].startswith("[TEST] Later")
    ]
    assert sorted(tests) == ["one@example.com", "two@example.com"]
    expect(untested).to_have_count(0)
    ui.acknowledge_checks()
    ui.press("Schedule")
    expect(ui.page.get_by_role("button", name=re.compile("^Tomorrow"))).to_be_visible()
    expect(ui.page.locator(".o_datetime_picker")).to_be_hidden()
    ui.page.get_by_role("button", name=re.compile("^Tuesday")).click()
    ui.confirm("Schedule")
    expect(ui.page.locator(".alert-info")).to_contain_text("will be sent on")
    ui.press("Unschedule")
    expect(ui.page.locator(".o_field_widget[name=state]")).to_have_text("Draft")
    expect(ui.page.locator(".o-mail-Chatter")).to_contain_text("Sending was undone by")


@pytest.mark.browser
def test_a_narrow_window(open_page, user):
    mailing = user.find("mailjet.mailing", ("name", "=", "Summer newsletter"))
    ui = open_page("demo", width=420, height=800)
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    expect(ui.page.locator(".alert-success")).to_contain_text("Sent on")
    overflow = ui.page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    assert overflow <= 0


@pytest.mark.browser
def test_a_failed_mailing_is_retried(open_page, user, sandbox):
    mailing = user.find("mailjet.mailing", ("name", "=", "Price list for accounts"))
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    expect(ui.page.locator(".alert-danger")).to_contain_text("cannot be reached")
    ui.press("Retry")
    expect(ui.page.locator(".alert-success")).to_contain_text(
        "3 recipients", timeout=60_000
    )
    assert len(_sent(sandbox, "The price list for")) == 3


def test_send_later_is_sent_at_its_minute_through_the_cron(user, sandbox):
    mailing = user.call(
        "mailjet.mailing",
        "create",
        [
            {
                "name": "At its minute",
                "subject": "At its minute",
                "composition": "html",
                "body_code": "<p>$contacts-firstname$</p>",
            }
        ],
    )[0]
    readers = user.find("ir.filters", ("name", "=", "Newsletter readers"))
    user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
    hour = datetime.utcnow().replace(microsecond=0) + timedelta(seconds=20)
    user.call("mailjet.mailing", "action_schedule", [mailing], str(hour))

    def state():
        return user.read(
            "mailjet.mailing", mailing, "state", "sent_date", "delivery_step"
        )

    wait_until(lambda: state()["delivery_step"] == "schedule", 30, "the preparation")
    assert not _sent(sandbox, "At its minute")
    sent = wait_until(
        lambda: state()["state"] == "done" and state(), 180, "the sending"
    )
    assert datetime.fromisoformat(sent["sent_date"]) >= hour
    assert len(_sent(sandbox, "At its minute")) == 8


def _sent(sandbox, subject):
    return [
        message
        for message in sandbox.messages(kind="campaign")
        if re.search(subject, message["subject"])
    ]
