"""Step 3 in a browser: loading in every way, figures that open their rows, bulk ticks,
undoing and doing again."""

import pytest
from playwright.sync_api import expect

ROWS = ".o_mailjet_recipient_list .o_data_row"


@pytest.fixture
def open_recipients(open_page, user):
    """Open step 3 of a new mailing for a type of recipients."""

    def open_step(name, recipient_type="contact", load_filter=None):
        mailing = user.call(
            "mailjet.mailing",
            "create",
            [
                {
                    "name": name,
                    "subject": name,
                    "recipient_type": recipient_type,
                    "composition": "html",
                    "body_code": "<p>Hello</p>",
                    "step": "recipients",
                }
            ],
        )[0]
        if load_filter:
            filter_id = user.find("ir.filters", ("name", "=", load_filter))
            user.call("mailjet.mailing", "action_load_filter", [mailing], filter_id)
        ui = open_page("demo")
        ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
        ui.expect_step("Recipients")
        return ui, mailing

    return open_step


def chip(ui, figure):
    """Return the chip of a figure above the rows."""
    return ui.page.locator(f".o_mailjet_counts button[data-count={figure}]")


def expect_figure(ui, figure, count):
    """Expect that a figure says a number, and shows as many rows when pressed."""
    expect(chip(ui, figure).locator("strong")).to_have_text(str(count))
    chip(ui, figure).click()
    expect(chip(ui, figure)).to_have_attribute("aria-pressed", "true")
    expect(ui.page.locator(ROWS)).to_have_count(count)


def counts(user, mailing):
    """Return the stored figures of a mailing."""
    return user.read(
        "mailjet.mailing",
        mailing,
        *("recipient_count", "planned_count", "excluded_count", "unticked_count"),
        *("duplicate_count", "contact_count", "account_count", "lead_count"),
    )


@pytest.mark.browser
def test_a_target_is_shared_out_over_three_kinds(open_recipients, user):
    ui, mailing = open_recipients("To a target", "target")
    ui.choose_source("Add", "Readers and leads")
    loads = ui.field("load_ids").locator(".o_data_row")
    expect(loads).to_have_count(3)
    stored = counts(user, mailing)
    assert stored["recipient_count"] == (
        stored["contact_count"] + stored["account_count"] + stored["lead_count"]
    )
    for figure in ("contact_count", "account_count", "lead_count"):
        assert stored[figure]
        expect_figure(ui, figure, stored[figure])
    lead = ui.page.locator(ROWS).filter(has_text="mara@example.com")
    lead.locator("td[name=name]").click()
    expect(ui.page.locator(".o_form_view")).to_contain_text("Lamps for a new showroom")


@pytest.mark.browser
def test_every_figure_opens_its_rows(open_recipients, user):
    ui, mailing = open_recipients("Figures", load_filter="Newsletter readers")
    stored = counts(user, mailing)
    assert stored["planned_count"] and stored["duplicate_count"]
    for figure in ("planned_count", "duplicate_count", "recipient_count"):
        expect_figure(ui, figure, stored[figure])
    ui.press("Next")
    ui.expect_step("Send")
    ui.page.locator("[data-figure=duplicate_count]").click()
    expect(ui.page.locator(".o_breadcrumb")).to_contain_text("Recipients")
    duplicates = ui.page.locator(".o_list_view .o_data_row")
    expect(duplicates).to_have_count(stored["duplicate_count"])
    expect(duplicates.first).to_contain_text("Sent to Georg Huber")


@pytest.mark.browser
def test_a_whole_search_result_is_unticked_and_ticked_again(
    open_recipients, admin, user
):
    people = [
        {"name": f"Bulk {number:03}", "email": f"bulk{number:03}@example.com"}
        for number in range(100)
    ]
    admin.call("res.partner", "create", people)
    ui, mailing = open_recipients("In bulk")
    domain = str([("name", "=like", "Bulk %")])
    user.call("mailjet.mailing", "action_load_domain", [mailing], domain)
    ui.page.reload()
    rows = ui.page.locator(ROWS)
    expect(rows).to_have_count(40)
    listing = ui.page.locator(".o_mailjet_recipient_list")
    for button, planned, unticked in (("Deselect all", 0, 100), ("Select all", 100, 0)):
        listing.locator("thead .o_mailjet_tick_all input").click()
        ui.confirm(button)
        expect(chip(ui, "planned_count").locator("strong")).to_have_text(str(planned))
        assert counts(user, mailing)["unticked_count"] == unticked


@pytest.mark.browser
def test_addresses_are_pasted_and_the_unknown_are_reported(open_recipients, user):
    ui, mailing = open_recipients("Pasted")
    ui.choose_source("Add", "Paste or file…")
    dialog = ui.page.locator(".modal-dialog")
    dialog.locator(".o_field_widget[name=addresses] textarea").fill(
        "Ada <ada@example.com>; BRUNO@example.com\nnobody@example.com"
    )
    dialog.get_by_role("button", name="Load recipients", exact=True).click()
    expect(dialog).to_contain_text("nobody@example.com")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(ui.page.locator(ROWS)).to_have_count(2)
    assert counts(user, mailing)["planned_count"] == 2


@pytest.mark.browser
def test_without_a_filter_everyone_is_added(open_recipients, user):
    ui, mailing = open_recipients("To all leads", "lead")
    ui.choose_source("Add", "All leads (")
    expect(chip(ui, "recipient_count")).to_be_visible()
    stored = counts(user, mailing)
    assert stored["recipient_count"] == stored["lead_count"] > 0


@pytest.mark.browser
def test_who_was_mailed_recently_is_excluded(open_recipients, user):
    ui, mailing = open_recipients("Not too often", load_filter="Newsletter readers")
    with ui.page.expect_response(lambda response: "web_save" in response.url):
        ui.choose_source("Exclude", "Anyone mailed in the last 30 days")
    expect(ui.field("frequency_cap_days").locator("input")).to_have_value("30")
    stored = user.read("mailjet.mailing", mailing, "frequency_cap_days")
    assert stored["frequency_cap_days"] == 30


@pytest.mark.browser
def test_on_a_phone_each_recipient_is_a_card(open_recipients, user):
    ui, mailing = open_recipients("On a phone", load_filter="Newsletter readers")
    ui.page.set_viewport_size({"width": 360, "height": 780})
    ui.page.reload()
    cards = ui.page.locator(".o_mailjet_recipient_list .o_kanban_record:visible")
    expect(cards.filter(has_text="To send").first).to_be_visible()
    expect(ui.page.locator(ROWS)).to_have_count(0)
    cards.filter(has_text="To send").first.locator(".o_mailjet_tick input").click()
    expect(chip(ui, "unticked_count").locator("strong")).to_have_text("1")
    assert counts(user, mailing)["unticked_count"] == 1
    width = ui.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


@pytest.mark.browser
def test_a_load_is_done_again_and_undone(open_recipients, admin):
    admin.call(
        "res.partner",
        "create",
        [{"name": "Again One", "email": "again1@example.com"}],
    )
    ui, mailing = open_recipients("Again")
    domain = str([("name", "=like", "Again %")])
    admin.call("mailjet.mailing", "action_load_domain", [mailing], domain)
    admin.call(
        "res.partner",
        "create",
        [{"name": "Again Two", "email": "again2@example.com"}],
    )
    ui.page.reload()
    expect(ui.page.locator(ROWS)).to_have_count(1)
    loads = ui.field("load_ids")
    loads.get_by_role("button", name="Refresh").click()
    dialog = ui.page.locator(".modal-dialog")
    expect(dialog).to_contain_text("Again Two")
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(ui.page.locator(ROWS)).to_have_count(2)
    loads.get_by_role("button", name="Undo").click()
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(ui.page.locator(".o_mailjet_recipient_list")).to_be_hidden()
    assert counts(admin, mailing)["recipient_count"] == 0


@pytest.mark.browser
def test_contacts_of_a_list_are_added_to_a_new_mailing(open_page, user):
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/contacts?view_type=list")
    search = ui.page.locator(".o_searchview_input")
    search.fill("Bergström")
    search.press("Enter")
    # What is ticked before the answer is forgotten with it.
    expect(ui.page.locator(".o_list_view .o_data_row")).to_have_count(1)
    ui.page.locator("thead .o_list_record_selector input").click()
    ui.page.get_by_role("button", name="Actions").click()
    ui.page.get_by_role("menuitem", name="Add to a mass mailing").click()
    dialog = ui.page.locator(".modal-dialog")
    dialog.get_by_label("A new mailing").check()
    dialog.locator(".o_field_widget[name=name] input").fill("From the contacts")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(ui.page.locator(".o_form_view")).to_contain_text("From the contacts")
    mailing = user.find("mailjet.mailing", ("name", "=", "From the contacts"))
    assert counts(user, mailing)["planned_count"] == 1


@pytest.mark.browser
def test_the_legal_basis_is_chosen_in_the_list_of_loads(open_recipients, user):
    ui, mailing = open_recipients("Basis", load_filter="Newsletter readers")
    ui.page.wait_for_selector(ROWS)
    ui.field("load_ids").locator(".o_data_row td[name=legal_basis]").click()
    cell = ui.field("load_ids").locator(".o_data_row td[name=legal_basis]")
    cell.locator("input").click()
    ui.page.get_by_role("menuitem", name="Customer (similar products)").click()
    ui.press("Next")
    ui.expect_step("Send")
    loads = user.read("mailjet.mailing", mailing, "load_ids")["load_ids"]
    assert user.read("mailjet.recipient.load", loads[0], "legal_basis") == {
        "id": loads[0],
        "legal_basis": "customer",
    }


def test_the_legal_basis_is_chosen_on_a_phone(open_recipients, user):
    ui, mailing = open_recipients("On a phone", load_filter="Newsletter readers")
    ui.page.set_viewport_size({"width": 360, "height": 740})
    ui.page.reload()
    card = ui.page.locator("[name=load_ids] .o_kanban_record").first
    card.locator("[name=legal_basis] .o_select_menu_toggler").click()
    ui.page.locator(".o_select_menu_item", has_text="Consent").click()
    ui.page.locator(".o_form_button_save").click()
    expect(ui.page.locator(".o_form_button_save")).to_be_hidden()
    (load,) = user.read("mailjet.mailing", mailing, "load_ids")["load_ids"]
    found = user.read("mailjet.recipient.load", load, "legal_basis")
    assert found["legal_basis"] == "consent"
