"""Nothing that was typed is lost, however the form is left.

What the visual editor holds back until it is asked is private to Odoo, so it is pinned
here.
"""

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect
from servers import wait_until
from steps import start_mailing, write_code
from visual_editor import start_plain_text


def leave_by_breadcrumb(ui):
    ui.page.locator(".o_breadcrumb").get_by_role("link", name="Mass Mailing").click()


def leave_by_menu(ui):
    ui.page.locator(".o_menu_sections").get_by_text("Sales", exact=True).click()
    ui.page.get_by_role("menuitem", name="My Pipeline").click()


def leave_by_back(ui):
    ui.page.go_back()


def open_draft(open_page, name):
    """Make a mailing and come back to it from the list, so that the browser can go back
    there."""
    ui = open_page("demo")
    start_mailing(ui, name, "Leaving")
    leave_by_breadcrumb(ui)
    ui.page.locator(".o_cp_switch_buttons .o_list").click()
    ui.open_row(name)
    ui.expect_step("Composition")
    return ui


def go_elsewhere(ui):
    """Leave Odoo, as by closing the tab."""
    ui.page.goto("about:blank")


WAYS = {
    "breadcrumb": leave_by_breadcrumb,
    "menu": leave_by_menu,
    "back": leave_by_back,
}


def saved(user, name, field):
    """Return what the mailing of that name holds."""
    mailing = user.find("mailjet.mailing", ("name", "=", name))
    return user.read("mailjet.mailing", mailing, field)[field] or ""


@pytest.mark.browser
@pytest.mark.parametrize("way", WAYS)
def test_text_of_the_visual_editor_outlives_leaving(open_page, user, way):
    name = f"Left by {way}"
    ui = open_draft(open_page, name)
    start_plain_text(ui)
    ui.page.keyboard.type(f"Typed before {way}")
    WAYS[way](ui)
    expect(ui.page.locator(".o_mailjet_mailing_form, .o_form_view")).to_have_count(0)
    assert f"Typed before {way}" in saved(user, name, "body_html")
    assert f"Typed before {way}" in saved(user, name, "body_arch")


@pytest.mark.browser
@pytest.mark.parametrize("way", WAYS)
def test_html_code_outlives_leaving(open_page, user, way):
    name = f"Code left by {way}"
    ui = open_draft(open_page, name)
    write_code(ui, f"<p>Typed before {way}")
    WAYS[way](ui)
    expect(ui.page.locator(".o_form_view")).to_have_count(0)
    assert f"Typed before {way}" in saved(user, name, "body_code")


@pytest.mark.browser
def test_the_visual_editor_is_saved_when_the_pager_goes_on(open_page, user):
    ui = open_draft(open_page, "Left by pager")
    start_plain_text(ui)
    ui.page.keyboard.type("Typed before the pager")
    ui.page.locator(".o_pager_next").click()
    expect(ui.page.locator(".o_breadcrumb")).not_to_contain_text("Left by pager")
    assert "Typed before the pager" in saved(user, "Left by pager", "body_html")


@pytest.mark.browser
def test_closing_the_tab_asks_while_the_visual_editor_holds_text(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "Left by closing", "Leaving")
    start_plain_text(ui)
    ui.page.keyboard.type("Typed before closing")
    asked = []
    ui.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with pytest.raises(PlaywrightError, match="ERR_ABORTED"):
        go_elsewhere(ui)
    assert asked == ["beforeunload"]
    leave_by_breadcrumb(ui)
    expect(ui.page.locator(".o_form_view")).to_have_count(0)
    assert "Typed before closing" in saved(user, "Left by closing", "body_html")


@pytest.mark.browser
def test_closing_the_tab_saves_html_code(open_page, user):
    ui = open_page("demo")
    start_mailing(ui, "Code left by closing", "Leaving")
    write_code(ui, "<p>Typed before closing")
    go_elsewhere(ui)
    # The page does not wait for the answer of what it sent when it was closed.
    wait_until(
        lambda: (
            "Typed before closing" in saved(user, "Code left by closing", "body_code")
        ),
        20,
        "the code to be saved",
    )
