"""Variables in the visual editor, the subject and the preview text; and whose values
are shown."""

import pytest
from playwright.sync_api import expect
from steps import load, send_now, start_mailing
from visual_editor import choose_theme, pick_variable, start_plain_text

CHIP = ".o_mailjet_chip"


@pytest.mark.browser
def test_a_variable_by_the_slash_menu_is_sent(open_page, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "By the slash menu", "Slash")
    text = start_plain_text(ui)
    ui.page.keyboard.type("Dear /first")
    menu = ui.page.locator(".o-we-powerbox")
    expect(menu.locator(".o-we-command").first).to_contain_text("Contact's first name")
    expect(menu).not_to_contain_text("Dynamic Placeholder")
    ui.page.keyboard.press("Enter")
    ui.page.keyboard.type(", /variab")
    expect(menu.locator(".o-we-command").first).to_contain_text("add a fallback text")
    ui.page.keyboard.press("Enter")
    pick_variable(ui, "contact reference", "reader")
    ui.page.keyboard.type(", hello")
    expect(text.locator(CHIP)).to_have_count(2)
    for chip, label in enumerate(
        ("Contact's first name", "Contact's reference or “reader”")
    ):
        expect(text.locator(CHIP).nth(chip)).to_have_attribute("data-label", label)
    ui.press("Next")
    ui.expect_step("Recipients")
    load(ui, "Newsletter readers")
    ui.press("Next")
    send_now(ui)
    messages = [m for m in sandbox.messages(kind="campaign") if m["subject"] == "Slash"]
    texts = {message["to"]: message["text"] for message in messages}
    assert "Dear Ada, reader, hello" in texts["ada@example.com"]
    assert not [text for text in texts.values() if "$" in text]


@pytest.mark.browser
def test_a_variable_by_the_toolbar_of_a_theme_with_blocks(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "By the toolbar", "Toolbar", "Accounts")
    canvas = choose_theme(ui, "default")
    expect(ui.page.locator(".o-snippets-menu")).to_be_visible()
    # The theme has the identity of the company.
    (company,) = user.call("res.company", "search_read", [], ["name"], limit=1)
    expect(canvas.locator(".s_footer_social")).to_contain_text(f"{company['name']} · ")
    heading = canvas.locator("h1, h2, h3", has_text="joining").first
    heading.dblclick(position={"x": 30, "y": 12})
    ui.page.locator(".o-we-toolbar").get_by_title("Insert a variable").click()
    groups = ui.page.locator(".o_mailjet_variable_picker [role=group]")
    expect(groups.first).to_have_attribute("aria-label", "Accounts")
    expect(groups.last).to_contain_text("always empty for these recipients")
    pick_variable(ui, "account name")
    expect(heading).to_contain_text("$accounts-name$")
    ui.press("Next")
    ui.expect_step("Recipients")
    mailing = user.find("mailjet.mailing", ("name", "=", "By the toolbar"))
    body = user.read("mailjet.mailing", mailing, "body_html")["body_html"]
    assert "$accounts-name$" in body


@pytest.mark.browser
def test_chips_are_never_saved(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "With chips", "Chips")
    text = start_plain_text(ui)
    ui.page.keyboard.type("Dear $contacts-firstname|reader$, in $contacts-city$")
    expect(text.locator(CHIP)).to_have_count(2)
    width = text.locator(CHIP).first.bounding_box()["width"]
    label = "Contact's first name or “reader”"
    assert width < len(label) * 12, "the variable itself is not hidden"
    ui.page.keyboard.press("Control+A")
    ui.page.keyboard.press("Control+C")
    ui.page.keyboard.press("End")
    ui.page.keyboard.press("Enter")
    ui.page.keyboard.press("Control+V")
    expect(text.locator(CHIP)).to_have_count(4)
    ui.page.keyboard.press("Control+Z")
    expect(text.locator(CHIP)).to_have_count(2)
    ui.page.keyboard.press("Control+Y")
    expect(text.locator(CHIP)).to_have_count(4)
    ui.press("Next")
    ui.expect_step("Recipients")
    mailing = user.find("mailjet.mailing", ("name", "=", "With chips"))
    saved = user.read("mailjet.mailing", mailing, "body_arch", "body_html")
    written = "Dear $contacts-firstname|reader$, in $contacts-city$"
    for body in (saved["body_arch"], saved["body_html"]):
        assert body.count(written) == 2
        assert "mailjet_chip" not in body
        assert "data-label" not in body
        assert "\ufeff" not in body
    ui.press("Back")
    ui.expect_step("Composition")
    expect(text.locator(CHIP)).to_have_count(4)


@pytest.mark.browser
def test_variables_in_the_subject_and_the_preview_text(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "In the subject", "Hello, news", "Leads")
    ui.press("Back")
    ui.expect_step("Details")
    box = ui.field("preview").locator("input")
    box.fill("For ")
    ui.field("preview").get_by_role("button", name="Insert a variable").click()
    groups = ui.page.locator(".o_mailjet_variable_picker [role=group]")
    expect(groups.first).to_have_attribute("aria-label", "Leads")
    pick_variable(ui, "lead title")
    expect(box).to_have_value("For $leads-name$")
    expect(box).to_be_focused()
    box = ui.field("subject").locator("input")
    box.click()
    box.evaluate("input => input.setSelectionRange(5, 5)")
    ui.field("subject").get_by_role("button", name="Insert a variable").click()
    picker = ui.page.locator(".o_mailjet_variable_picker")
    expect(picker.get_by_role("combobox")).to_be_focused()
    ui.page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    ui.field("subject").get_by_role("button", name="Insert a variable").click()
    pick_variable(ui, "contact first name", "you|$")
    expect(box).to_have_value("Hello$contacts-firstname|you$, news")
    expect(box).to_be_focused()
    # Odoo moves the cursor while it stores a change: begin again with what is stored.
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Back")
    ui.expect_step("Details")
    box.evaluate("input => input.setSelectionRange(0, 0)")
    ui.field("subject").get_by_label("Emojis").click()
    ui.page.locator(".o-Emoji", has_text="😀").first.click()
    expect(box).to_have_value("😀Hello$contacts-firstname|you$, news")
    ui.press("Next")
    ui.expect_step("Composition")
    mailing = user.find("mailjet.mailing", ("name", "=", "In the subject"))
    assert user.read("mailjet.mailing", mailing, "subject", "preview") == {
        "id": mailing,
        "subject": "😀Hello$contacts-firstname|you$, news",
        "preview": "For $leads-name$",
    }


@pytest.mark.browser
@pytest.mark.parametrize(
    ("recipients", "token"),
    [
        ("Contacts", "$contacts-firstname$"),
        ("Accounts", "$accounts-name$"),
        ("Leads", "$leads-contact$"),
    ],
)
def test_examples_suit_the_recipients(open_page, recipients, token):
    ui = open_page("demo")
    ui.open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    ui.press("New", scope=".o_control_panel")
    ui.field("recipient_type").get_by_label(recipients).check()
    subject = ui.field("subject").locator("input")
    expect(subject).to_have_attribute("placeholder", f"e.g. {token}, our autumn news")
    ui.fill("name", f"Examples for {recipients}")
    ui.fill("subject", "Examples")
    ui.press("Next")
    ui.expect_step("Composition")
    expect(ui.field("variable_hint")).to_contain_text(token)


@pytest.mark.browser
def test_no_condition_is_offered_that_is_refused_later(open_page):
    ui = open_page("demo")
    start_mailing(ui, "Without conditions", "Without conditions")
    canvas = choose_theme(ui, "default")
    canvas.locator("h1, h2, h3", has_text="joining").first.click()
    panel = ui.page.locator(".o-snippets-menu")
    expect(panel.get_by_text("Background Color").first).to_be_visible()
    expect(panel.get_by_text("Visibility")).to_have_count(0)


@pytest.mark.browser
def test_before_there_are_recipients_somebody_is_shown(open_page, admin, sandbox):
    admin.call(
        "res.partner",
        "create",
        [
            {"name": f"{name} Sample", "email": f"{name.lower()}@example.com"}
            for name in ("Quentin", "Rosa")
        ],
    )
    ui = open_page("demo")
    start_mailing(ui, "For a sample", "For $contacts-firstname$")
    text = start_plain_text(ui)
    ui.page.keyboard.type("Dear $contacts-firstname$")
    expect(text.locator(CHIP)).to_have_count(1)
    ui.press("Preview")
    preview = ui.page.locator(".o_mailjet_preview")
    expect(preview).to_contain_text("this is an example")
    person = preview.locator(".o_mailjet_preview_person input")
    person.fill("Quentin Sam")
    ui.page.locator(".o-autocomplete--dropdown-item", has_text="Quentin").click()
    expect(preview.locator(".o_mailjet_preview_subject")).to_have_text("For Quentin")
    expect(preview.frame_locator("iframe").get_by_text("Dear Quentin")).to_be_visible()
    expect(preview).to_contain_text("→ quentin@example.com")
    ui.page.locator(".modal-header .btn-close").click()
    ui.press("Send a test")
    ui.page.locator(".modal-dialog textarea").fill("sample@example.com")
    ui.choose("partner_id", "Rosa Sample")
    ui.confirm("Send the test")
    expect(ui.page.locator(".o-mail-Message").first).to_contain_text(
        "sample@example.com"
    )
    (message,) = sandbox.messages(recipient="sample@example.com")
    assert message["subject"] == "[TEST] For Rosa"
    assert "Dear Rosa" in message["html"]
