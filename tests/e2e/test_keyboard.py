"""A mailing is made and sent with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
# The longest way to anything: from the beginning of the page through all of it.
MOST_STOPS = 150
# A ring, a shadow or another color: something tells what has the focus.
HAS_MARK = """element => {
    const names = ["outlineStyle", "boxShadow", "backgroundColor", "borderColor",
        "color", "textDecorationLine"];
    const look = () => names.map((name) => getComputedStyle(element)[name]).join();
    element.style.transition = "none";
    const marked = look();
    element.addEventListener("blur", (event) => event.stopImmediatePropagation(), {
        capture: true, once: true });
    element.blur();
    const plain = look();
    element.focus();
    return marked !== plain;
}"""
# The steps come before what is in them.
BACK = "Shift+Tab"
IS_FOCUSED = "element => element.contains(document.activeElement)"


class Keyboard:
    """What a person does who has no pointer."""

    def __init__(self, ui):
        self.page = ui.page
        self.press = ui.page.keyboard.press
        self.type = ui.page.keyboard.type

    def go_to(self, target, key="Tab"):
        """Press Tab until something has the focus, and see that it shows it."""
        expect(target).to_be_visible()
        for _stop in range(MOST_STOPS):
            if target.evaluate(IS_FOCUSED):
                assert target.evaluate(HAS_MARK), target
                return
            self.press(key)
        raise AssertionError(f"out of reach: {target}")

    def activate(self, target, key="Tab"):
        """Go to a button, and press it."""
        self.go_to(target, key)
        self.press("Enter")


@pytest.fixture
def ui(open_page):
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    expect(ui.page.locator(".o_list_button_add")).to_be_visible()
    return ui


def test_a_mailing_is_made_and_sent(ui, user, undo_minutes):
    page, keys = ui.page, Keyboard(ui)
    dialog = page.locator(".modal-dialog")

    def button(label):
        return page.locator(".o_form_view").get_by_role(
            "button", name=label, exact=True
        )

    keys.press("Alt+c")  # Odoo's key for a new record
    keys.go_to(ui.field("name").locator("input, textarea"))
    keys.type("By the keyboard")
    keys.go_to(ui.field("subject").locator("input"))
    keys.type("Without a pointer")
    keys.activate(page.locator(".o_mailjet_start [data-way=html]"))
    expect(page.locator(".ace_editor textarea")).to_be_focused()
    keys.type("<p>Dear $contacts-firstname|reader$</p>")
    # Escape leaves the code, which takes the key Tab for itself.
    keys.press("Escape")
    step = page.locator(".o_arrow_button:visible")
    keys.activate(step.filter(has_text="Recipients"))
    ui.expect_step("Recipients")

    keys.activate(page.locator(".o_mailjet_add"))
    menu = page.locator(".o-dropdown--menu")
    expect(menu).to_be_visible()
    readers = menu.get_by_role("menuitem", name="Newsletter readers")
    while not readers.evaluate(IS_FOCUSED):
        keys.press("ArrowDown")
    keys.press("Enter")
    rows = page.locator(".o_mailjet_recipient_list .o_data_row")
    expect(rows.first).to_be_visible()
    exclude = page.locator(".o_mailjet_exclude")
    keys.activate(exclude)
    expect(menu).to_be_visible()
    keys.press("Escape")
    expect(menu).to_be_hidden()
    expect(exclude).to_be_focused()
    # The rows are Odoo's list, which has keys of its own.
    keys.activate(step.filter(has_text=re.compile("^Send")), BACK)
    ui.expect_step("Send")
    send = button("Send now")
    keys.activate(send)
    expect(dialog).to_be_visible()
    for _stop in range(12):
        keys.press("Tab")
        assert dialog.evaluate(IS_FOCUSED), "the focus left the dialog"
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    # Odoo reads the form anew, and with it goes the focus.
    keys.activate(send)
    keys.activate(dialog.get_by_role("button", name="Accept and send"))
    expect(ui.field("state")).to_have_text("In queue")
    keys.activate(page.locator(".o_widget_mailjet_progress button"))
    expect(button("Send now")).to_be_visible()
    mailing = user.find("mailjet.mailing", ("name", "=", "By the keyboard"))
    assert user.read("mailjet.mailing", mailing, "planned_count")["planned_count"] == 8
