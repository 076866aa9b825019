"""Uploads and the live preview in the editors of step 2.

The visual editor is mass_mailing's, whose workings are private to Odoo: what we use of
it is pinned here.
"""

import base64
import io
import zipfile

import pytest
from playwright.sync_api import expect
from steps import start_mailing, write_code
from visual_editor import pick_variable, start_plain_text

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
    for width, is_stacked in ((1400, False), (1024, True), (420, True)):
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
