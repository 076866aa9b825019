"""The list of checks in step 4: red blocks until it is fixed, amber until somebody
says that it is meant like this."""

import pytest
from playwright.sync_api import expect
from steps import send_now

pytestmark = pytest.mark.browser

HARMLESS = "<p>Dear $contacts-firstname|reader$, welcome.</p>"
UNSAFE = "<p>Hello</p><a href='javascript:go()'>Here</a>"


@pytest.fixture
def open_sending(open_page, user):
    """Open step 4 of a new mailing, whose e-mail is then changed by a colleague."""

    def open_step(name, body, **values):
        mailing = user.call(
            "mailjet.mailing",
            "create",
            [
                {
                    "name": name,
                    "subject": f"{name}, a few words",
                    "preview": "And a few more",
                    "composition": "html",
                    "body_code": HARMLESS,
                    **values,
                }
            ],
        )[0]
        readers = user.find("ir.filters", ("name", "=", "Newsletter readers"))
        user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
        user.call("mailjet.mailing", "action_go_to_step", [mailing], "sending")
        user.call("mailjet.mailing", "write", [mailing], {"body_code": body})
        ui = open_page("demo")
        ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
        expect(ui.page.locator(".o_mailjet_checks_passed")).to_be_visible()
        return ui, mailing

    return open_step


def finding(ui, name):
    """Return a finding of the list by its name."""
    return ui.page.locator(f".o_mailjet_finding[data-finding='{name}']")


def test_red_blocks_until_it_is_fixed(open_sending):
    ui, _mailing = open_sending("Red", UNSAFE)
    unsafe = finding(ui, "links_unsafe")
    expect(unsafe).to_contain_text("javascript:go()")
    expect(unsafe.get_by_role("img", name="Must be fixed")).to_be_visible()
    expect(unsafe.get_by_role("checkbox")).to_have_count(0)
    ui.acknowledge_checks()
    ui.press("Send now")
    expect(ui.page.locator(".o_notification")).to_contain_text(
        "Resolve 1 issue before sending."
    )
    expect(unsafe).to_be_focused()
    expect(ui.page.locator(".modal-dialog")).to_have_count(0)

    unsafe.get_by_role("button", name="Go to “Composition”").click()
    ui.expect_step("Composition")
    ui.field("body_code").locator(".ace_editor").click()
    ui.page.keyboard.press("Control+A")
    ui.page.keyboard.insert_text(HARMLESS)
    ui.press("Next")
    ui.expect_step("Recipients")
    ui.press("Next")
    ui.expect_step("Send")
    expect(ui.page.locator(".o_mailjet_checks_passed")).to_be_visible()
    expect(unsafe).to_have_count(0)
    send_now(ui)


def test_amber_is_acknowledged_by_name(open_sending, user):
    ui, mailing = open_sending("Amber", HARMLESS, preview=False)
    missing = finding(ui, "no_preview")
    expect(missing.get_by_role("img", name="Fix or accept")).to_be_visible()
    ui.press("Schedule")
    dialog = ui.page.locator(".modal-dialog")
    expect(dialog).to_contain_text("The preview text is missing")
    expect(dialog.get_by_role("button", name="Accept and schedule")).to_be_visible()
    dialog.get_by_role("button", name="Discard").click()
    expect(dialog).to_have_count(0)

    missing.get_by_label("Accept", exact=True).check()
    expect(missing).to_contain_text("Marc Demo")
    chatter = ui.page.locator(".o-mail-Chatter")
    expect(chatter).to_contain_text("Accepted: The preview text is missing.")
    missing.get_by_label("Accept", exact=True).uncheck()
    expect(chatter).to_contain_text("No longer accepted")
    expect(missing).not_to_contain_text("Marc Demo")

    finding(ui, "not_tested").get_by_role("button", name="Send a test").click()
    ui.page.locator(".modal-dialog textarea").fill("one@example.com")
    ui.confirm("Send the test")
    expect(finding(ui, "not_tested")).to_have_count(0)
    user.call("mailjet.mailing", "write", [mailing], {"preview": "A few words"})
    ui.page.get_by_role("button", name="Check again").click()
    expect(missing).to_have_count(0)
    expect(finding(ui, "tested_before")).to_be_visible()


def test_what_is_accepted_together_is_confirmed_and_sent(open_sending):
    ui, _mailing = open_sending("Together", HARMLESS, preview=False)
    open_issues = ui.page.locator(".o_mailjet_finding.o_open")
    expect(open_issues).to_have_count(2)
    ui.page.get_by_role("button", name="Accept all").click()
    expect(open_issues).to_have_count(0)
    expect(ui.page.locator(".o_mailjet_issues")).to_have_count(0)
    ui.press("Send now")
    dialog = ui.page.locator(".modal-dialog")
    expect(dialog).to_contain_text("Together, a few words")
    expect(dialog.locator("[name=planned_count]")).to_have_text("8")
    ui.confirm("Send now")
    expect(ui.page.locator(".alert-success")).to_contain_text("Sent on", timeout=60_000)


@pytest.fixture
def without_function(admin):
    """Two of the readers have no job position, during the test."""
    emails = ["bruno@example.com", "chloe@example.com"]
    people = admin.call("res.partner", "search", [["email", "in", emails]])
    before = admin.call("res.partner", "read", people, ["function"])
    admin.call("res.partner", "write", people, {"function": False})
    yield
    for person in before:
        function = {"function": person["function"]}
        admin.call("res.partner", "write", [person["id"]], function)


def test_empty_values_open_their_rows(open_sending, without_function):
    ui, _mailing = open_sending("Empty", "<p>You are $contacts-function$.</p>")
    empty = finding(ui, "value_empty:$contacts-function$")
    sentence = empty.locator(".o_mailjet_finding_sentence").inner_text()
    count = int("".join(sign for sign in sentence if sign.isdigit()))
    assert count
    empty.get_by_role("button", name="Show these recipients").click()
    expect(ui.page.locator(".o_breadcrumb")).to_contain_text(
        "Without $contacts-function$"
    )
    expect(ui.page.locator(".o_list_view .o_data_row")).to_have_count(count)


def test_a_narrow_window(open_page, user, open_sending):
    _ui, mailing = open_sending("Narrow", UNSAFE + "<a href='#'>" + "x" * 200 + "</a>")
    ui = open_page("demo", width=420, height=800)
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    expect(ui.page.locator(".o_mailjet_checks_passed")).to_be_visible()
    overflow = ui.page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    assert overflow <= 0
