"""What every user does in the visual editor of step 2, and with variables."""

from playwright.sync_api import expect


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
