"""Variables, uploads and the live preview in the editors of step 2.

The visual editor is mass_mailing's, whose workings are private to Odoo: what we use of
it is pinned here.
"""

import base64
import io
import zipfile

import pytest
from playwright.sync_api import expect
from steps import load, send_now, start_mailing, write_code

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVQI12P4z8AAAAMBAQAY3Y2wAAAA"
    "AElFTkSuQmCC"
)


def make_zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def pick_variable(ui, words, fallback=""):
    """Choose from the open list of variables, by the keyboard alone."""
    picker = ui.page.locator(".o_mailjet_variable_picker")
    expect(picker.get_by_role("combobox")).to_be_focused()
    ui.page.keyboard.type(words)
    expect(picker.get_by_role("option")).to_have_count(1)
    if fallback:
        ui.page.keyboard.press("Tab")
        ui.page.keyboard.type(fallback)
    ui.page.keyboard.press("Enter")
    expect(picker).to_be_hidden()


def choose_theme(ui, name):
    """Start the visual editor from a theme; answers its canvas."""
    ui.page.locator(f".o_mail_theme_selector [data-name={name}]").click()
    canvas = ui.page.frame_locator(".o_field_mailjet_mailing_html iframe").first
    expect(canvas.locator("[contenteditable=true]").first).to_be_visible()
    return canvas


def start_plain_text(ui):
    """Start the visual editor from its plainest theme, with the cursor in it."""
    text = choose_theme(ui, "basic").locator("[contenteditable=true]").first
    text.click()
    ui.page.keyboard.press("Control+A")
    return text


def upload(ui, label, name, content):
    """Press a button that asks for a file."""
    with ui.page.expect_file_chooser() as chooser:
        ui.press(label)
    chooser.value.set_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def code(ui):
    """Return the code that the editor holds."""
    editor = ui.page.locator(".o_mailjet_html_code .ace_editor")
    return editor.evaluate("element => ace.edit(element).getValue()")


def preview(ui):
    return ui.page.frame_locator(".o_mailjet_html_code iframe").locator("body")


@pytest.mark.browser
def test_a_variable_by_the_slash_menu_is_sent(open_page, sandbox):
    ui = open_page("demo")
    start_mailing(ui, "By the slash menu", "Slash")
    text = start_plain_text(ui)
    ui.page.keyboard.type("Dear ")
    for words, fallback in (("contact first", ""), ("contact reference", "reader")):
        ui.page.keyboard.type("/variab")
        menu = ui.page.locator(".o-we-powerbox")
        expect(menu).to_contain_text("Insert a value of each recipient")
        expect(menu).not_to_contain_text("Dynamic Placeholder")
        ui.page.keyboard.press("Enter")
        pick_variable(ui, words, fallback)
        ui.page.keyboard.type(", ")
    expect(text).to_contain_text("$contacts-firstname$, $contacts-reference|reader$,")
    ui.press("Next")
    ui.expect_step("Recipients")
    load(ui, "Newsletter readers")
    ui.press("Next")
    send_now(ui)
    messages = [m for m in sandbox.messages(kind="campaign") if m["subject"] == "Slash"]
    texts = {message["to"]: message["text"] for message in messages}
    assert "Dear Ada, reader," in texts["ada@example.com"]
    assert not [text for text in texts.values() if "$" in text]


@pytest.mark.browser
def test_a_variable_by_the_toolbar_of_a_theme_with_blocks(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "By the toolbar", "Toolbar", "Accounts")
    canvas = choose_theme(ui, "default")
    expect(ui.page.locator(".o-snippets-menu")).to_be_visible()
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
def test_variables_in_the_subject_and_the_preview_text(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "In the subject", "Hello, news", "Leads")
    box = ui.field("preview").locator("input")
    box.fill("For ")
    ui.field("preview").get_by_role("button", name="Insert a variable").click()
    groups = ui.page.locator(".o_mailjet_variable_picker [role=group]")
    expect(groups.first).to_have_attribute("aria-label", "Leads")
    pick_variable(ui, "lead title")
    expect(box).to_have_value("For $leads-name$")
    expect(box).to_be_focused()
    ui.press("Back")
    ui.expect_step("Details")
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
    ui.press("Next")
    ui.expect_step("Composition")
    mailing = user.find("mailjet.mailing", ("name", "=", "In the subject"))
    assert user.read("mailjet.mailing", mailing, "subject", "preview") == {
        "id": mailing,
        "subject": "Hello$contacts-firstname|you$, news",
        "preview": "For $leads-name$",
    }


@pytest.mark.browser
def test_the_preview_follows_the_code(open_page):
    ui = open_page("demo")
    start_mailing(ui, "Beside the code", "Beside the code")
    write_code(ui, "<h1>First</h1><script>document.body.innerHTML = ''</script>")
    expect(preview(ui)).to_contain_text("First")
    frame = ui.page.locator(".o_mailjet_html_code iframe")
    expect(frame).to_have_attribute("sandbox", "")
    ui.page.keyboard.type("<p>Dear ")
    ui.press("Insert a variable")
    pick_variable(ui, "contact first name")
    ui.page.keyboard.type(" and more")
    expect(preview(ui)).to_contain_text("Dear $contacts-firstname$ and more")
    panes = ui.page.locator(".o_mailjet_html_code_pane")
    for width, is_stacked in ((1400, False), (420, True)):
        ui.page.set_viewport_size({"width": width, "height": 800})
        left, right = (panes.nth(number).bounding_box() for number in range(2))
        assert (right["y"] >= left["y"] + left["height"]) == is_stacked
    assert all("Blocked script execution" in error for error in ui.errors)
    ui.errors.clear()


@pytest.mark.browser
def test_a_zip_replaces_the_code_after_asking(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "From a zip", "From a zip")
    write_code(ui, "<p>Old</p>")
    html = "<meta charset=windows-1252><BODY>\r\n<P>Café<IMG src=img/a.png></BODY>"
    newsletter = make_zip({"n/a.html": html.encode("cp1252"), "n/img/a.png": PIXEL})
    upload(ui, "Upload HTML or a zip file", "broken.zip", newsletter[:99])
    ui.confirm("Cancel")
    assert code(ui) == "<p>Old</p>"
    upload(ui, "Upload HTML or a zip file", "broken.zip", newsletter[:99])
    ui.page.locator(".modal-dialog").get_by_role("button", name="Replace").click()
    trouble = ui.page.locator(".modal-dialog", has_text="The zip file cannot be opened")
    trouble.get_by_role("button", name="Close").last.click()
    assert code(ui) == "<p>Old</p>"
    upload(ui, "Upload HTML or a zip file", "news.zip", newsletter)
    ui.confirm("Replace")
    expect(preview(ui)).to_contain_text("Café")
    before, url, after = code(ui).split('"')
    assert before == "<meta charset=utf-8><BODY>\r\n<P>Café<IMG src="
    assert after == "></BODY>"
    answer = ui.page.request.get(url)
    assert answer.body() == PIXEL
    ui.page.locator(".ace_editor").click()
    ui.page.keyboard.press("Control+z")
    expect(preview(ui)).to_contain_text("Old")
    ui.page.keyboard.press("Control+Shift+z")
    expect(preview(ui)).to_contain_text("Café")
    ui.press("Next")
    ui.expect_step("Recipients")
    mailing = user.find("mailjet.mailing", ("name", "=", "From a zip"))
    saved = user.read("mailjet.mailing", mailing, "body_code")["body_code"]
    assert saved == f'{before}"{url}"{after}'
    ui.errors.clear()  # the refusal itself is reported in the console


@pytest.mark.browser
def test_links_to_files_instead_of_attachments(open_page):
    ui = open_page("demo")
    start_mailing(ui, "With a file", "With a file")
    text = start_plain_text(ui)
    ui.page.keyboard.type("/file")
    expect(ui.page.locator(".o-we-powerbox")).to_contain_text("Link to a file")
    with ui.page.expect_file_chooser() as chooser:
        ui.page.locator(".o-we-powerbox").get_by_text("Link to a file").click()
    price_list = {"name": "prices.pdf", "mimeType": "application/pdf"}
    chooser.value.set_files({**price_list, "buffer": b"%PDF-1.4"})
    link = text.locator("a", has_text="prices.pdf (1 kB)")
    url = link.get_attribute("href")
    assert ui.page.request.get(url).body() == b"%PDF-1.4"
    upload(ui, "Insert a link to a file", "terms.pdf", b"%PDF-1.5")
    expect(ui.page.locator(".o_notification")).to_contain_text("terms.pdf (1 kB)")
    write_code(ui, "<p>See ")
    upload(ui, "Insert a link to a file", "a & b.pdf", b"%PDF-1.6")
    expect(preview(ui).locator("a")).to_have_text("a & b.pdf (1 kB)")
    assert code(ui).startswith('<p>See <a href="http')
