"""The ways to compose an e-mail: templates of Mailjet, of Odoo, and our favourites."""

import re

import pytest
from playwright.sync_api import expect
from steps import choose_way, load, send_now, start_mailing

CHOOSER = ".o_mailjet_template_chooser"


@pytest.fixture(scope="module", autouse=True)
def synchronized(admin, account):
    """The templates of the sandbox are known."""
    admin.call("mailjet.account", "action_synchronize", [account])


def open_template(ui, name, tab=None):
    """Look at a template in the chooser that is open."""
    chooser = ui.page.locator(CHOOSER)
    if tab:
        chooser.get_by_role("tab", name=tab).click()
    chooser.locator(".o_mailjet_template_card", has_text=name).click()
    expect(chooser.get_by_role("button", name="Back to the templates")).to_be_visible()
    return chooser


def use_template(ui, name, tab=None):
    chooser = open_template(ui, name, tab)
    chooser.get_by_role("button", name="Use this template").click()


def canvas(ui):
    """The page in the visual editor."""
    return ui.page.frame_locator(".o_field_mailjet_mailing_html iframe").first


def send_to(ui, filter_name):
    """Take the mailing from step 2 to the outbox."""
    ui.press("Next")
    ui.expect_step("Recipients")
    load(ui, filter_name)
    ui.press("Next")
    send_now(ui)


@pytest.mark.browser
def test_a_mailjet_template_up_to_the_outbox(open_page, user, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "From Mailjet", "From Mailjet")
    choose_way(ui, "Template")
    cards = ui.page.locator(".o_mailjet_template_card")
    expect(cards).to_have_count(4)
    picture = cards.filter(has_text="Spring newsletter").frame_locator("iframe")
    expect(picture.locator("body")).to_contain_text("Spring at the garden center")
    ui.page.get_by_placeholder("Search by name").fill("spring")
    expect(cards).to_have_count(1)
    chooser = open_template(ui, "Spring newsletter")
    note = chooser.locator(".o_mailjet_template_note")
    expect(note.first).to_contain_text("$contacts-firstname|gardener$")
    # It was made from blocks: unless its code is asked for, it is edited visually.
    expect(chooser.get_by_label("Visual editor")).to_be_checked()
    chooser.get_by_label("HTML editor").check()
    chooser.get_by_role("button", name="Use this template").click()
    expect(ui.page.locator(".o_notification")).to_contain_text("complete HTML document")
    expect(ui.field("composition").get_by_label("HTML code")).to_be_checked()
    expect(ui.field("body_code")).to_contain_text("mj-column-per-50")
    send_to(ui, "Newsletter readers")
    (ada,) = [
        message
        for message in sandbox.messages(recipient="ada@example.com")
        if message["subject"] == "From Mailjet"
    ]
    assert ada["html"].startswith("<!doctype html>\n<html xmlns=")
    assert "<!--[if mso | IE]>" in ada["html"]
    assert "<p>Dear Ada,</p>" in ada["html"]
    assert "[[" not in ada["html"]


@pytest.mark.browser
def test_a_mailjet_template_made_from_blocks_is_edited_visually(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "From blocks", "From blocks")
    choose_way(ui, "Template")
    card = ui.page.locator(".o_mailjet_template_card", has_text="Spring newsletter")
    expect(card).to_contain_text("Drag and drop · English")
    use_template(ui, "Spring newsletter")
    expect(canvas(ui).get_by_text("Spring at the garden center").first).to_be_visible()
    expect(ui.field("composition").get_by_label("Visual editor")).to_be_checked()
    expect(canvas(ui).locator(".o_mailjet_chip")).to_have_attribute(
        "data-label", "Contact's first name or “gardener”"
    )


@pytest.mark.browser
def test_an_odoo_template_up_to_the_outbox(open_page, user, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "From Odoo", "From Odoo", "Leads")
    choose_way(ui, "Template")
    chooser = open_template(ui, "Welcome Demo", "CRM templates")
    notes = chooser.locator(".o_mailjet_template_note")
    for token in ("$leads-name$", "$leads-salesperson_email$"):
        expect(notes.filter(has_text="become variables")).to_contain_text(token)
    expect(notes.filter(has_text="everyone sees")).to_contain_text("object.user_id")
    chooser.get_by_role("button", name="Use this template").click()
    expect(ui.page.locator(".o_mailjet_made_from")).to_contain_text("Welcome Demo")
    canvas(ui).get_by_text("Feel free to reach out").click()
    ui.page.keyboard.press("End")
    ui.page.keyboard.type(" Changed in the editor.")
    send_to(ui, "Leads with a company name")
    (mara,) = [
        message
        for message in sandbox.messages(recipient="mara@example.com")
        if message["subject"] == "From Odoo"
    ]
    assert "Changed in the editor." in mara["html"]
    assert re.search(r"Welcome to\s+\w+", mara["text"])
    assert not re.search(r"t-out|t-if|object\.|\$leads", mara["html"])


@pytest.mark.browser
def test_no_way_of_composing_loses_work_without_asking(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "Three ways", "Three ways")
    choose_way(ui, "Template")
    use_template(ui, "Invitation")
    expect(canvas(ui).get_by_text("You are invited")).to_be_visible()
    # The code has a place of its own.
    choose_way(ui, "HTML code")
    ui.field("body_code").locator(".ace_editor").click()
    ui.page.keyboard.insert_text("<p>Written by hand</p>")
    choose_way(ui, "Visual editor")
    expect(canvas(ui).get_by_text("You are invited")).to_be_visible()
    # Another template, and a blank page, ask.
    ui.press("Choose another template")
    use_template(ui, "Loyalty points")
    ui.page.get_by_role("button", name="Keep it").click()
    ui.page.locator(CHOOSER).get_by_role("button", name="Use this template").click()
    ui.page.get_by_role("button", name="Replace it").click()
    expect(canvas(ui).get_by_text("you have collected many points")).to_be_visible()
    ui.press("Start from a blank page")
    ui.confirm("Keep the email")
    expect(canvas(ui).get_by_text("you have collected many points")).to_be_visible()
    ui.press("Start from a blank page")
    ui.confirm("Start from a blank page")
    expect(ui.page.locator(".o_mail_theme_selector")).to_be_visible()
    choose_way(ui, "HTML code")
    expect(ui.field("body_code")).to_contain_text("Written by hand")


@pytest.fixture
def model_mailing(user):
    """A mailing that becomes a favourite, during the test."""
    (mailing,) = user.call(
        "mailjet.mailing",
        "create",
        [
            {
                "name": "Model mailing",
                "subject": "Model mailing",
                "composition": "blank",
                "body_arch": "<p>Our usual words</p>",
                "body_html": "<p>Our usual words</p>",
            }
        ],
    )
    yield mailing
    user.call("mailjet.mailing", "write", [mailing], {"favorite": False})


@pytest.mark.browser
def test_favourites_are_templates_and_themes(open_page, user, model_mailing):
    ui = open_page("demo")
    ui.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    ui.open_row("Model mailing")
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Save as template")
    expect(ui.page.locator(".o_notification")).to_contain_text("Saved as a template")
    expect(ui.page.locator("button", has_text="Remove from templates")).to_be_visible()
    start_mailing(ui, "Like the model", "Like the model")
    themes = ui.page.locator(".o_mail_template_preview", has_text="Model mailing")
    expect(themes).to_be_visible()
    choose_way(ui, "Template")
    use_template(ui, "Model mailing", "Our mailings")
    canvas(ui).get_by_text("Our usual words").click()
    ui.page.keyboard.press("End")
    ui.page.keyboard.type(" and new ones")
    ui.press("Next")
    ui.expect_step("Recipients")
    copied = user.find("mailjet.mailing", ("subject", "=", "Like the model"))
    for mailing, text in (
        (model_mailing, "Our usual words<"),
        (copied, " and new ones"),
    ):
        assert text in user.read("mailjet.mailing", mailing, "body_html")["body_html"]


@pytest.mark.browser
def test_what_only_mailjet_can_make_is_explained(open_page):
    ui = open_page("demo")
    start_mailing(ui, "Explained", "Explained")
    choose_way(ui, "Template")
    card = ui.page.locator(".o_mailjet_template_card", has_text="Autumn newsletter")
    expect(card.locator(".o_mailjet_no_picture")).to_contain_text("MJML")
    chooser = open_template(ui, "Autumn newsletter")
    expect(chooser.locator(".alert")).to_contain_text("MJML")
    expect(chooser.get_by_role("button", name="Use this template")).to_be_disabled()
    chooser.get_by_role("button", name="Back to the templates").click()
    chooser = open_template(ui, "Loyalty points")
    notes = chooser.locator(".o_mailjet_template_note")
    expect(notes.filter(has_text="everyone sees")).to_contain_text("{% if var:points")
    expect(notes.filter(has_text="omitted")).to_contain_text("{% for item in")
