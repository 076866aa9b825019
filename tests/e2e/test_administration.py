"""Setting up from an empty menu, and what a plain user reads, in English and French."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from servers import DEMO_KEYS, wait_until

pytestmark = pytest.mark.browser

GROUP = "massmailing_mailjet.mailjet_group_user"


@pytest.fixture
def no_account(admin, account):
    """Nobody has connected Mailjet, and the administrator has no mailing; what a test
    connects is taken away."""
    own = admin.call("mailjet.mailing", "search", [("user_id.login", "=", "admin")])
    admin.call("mailjet.mailing", "write", own, {"active": False})
    admin.call("mailjet.account", "write", [account], {"active": False})
    yield
    admin.call("mailjet.account", "unlink", admin.call("mailjet.account", "search", []))
    admin.call("mailjet.account", "write", [account], {"active": True})
    admin.call("mailjet.mailing", "write", own, {"active": True})


@pytest.fixture(scope="module")
def plain_users(admin):
    """A user with our group User alone in each language, by its code; they leave."""
    (french,) = admin.call(
        "res.lang", "search", [["code", "=", "fr_FR"]], context={"active_test": False}
    )
    (wizard,) = admin.call(
        "base.language.install", "create", [{"lang_ids": [[6, 0, [french]]]}]
    )
    admin.call("base.language.install", "lang_install", [wizard])
    module, name = GROUP.split(".")
    data = admin.find("ir.model.data", ("module", "=", module), ("name", "=", name))
    group = admin.read("ir.model.data", data, "res_id")["res_id"]
    logins = {"en_US": "plain", "fr_FR": "simple"}
    users = []
    for language, login in logins.items():
        values = {"name": login.title(), "login": login, "password": login}
        values |= {"lang": language, "group_ids": [[6, 0, [group]]]}
        users += admin.call("res.users", "create", [values])
    yield logins
    admin.call("res.users", "write", users, {"active": False, "lang": "en_US"})


def card(ui, name):
    return ui.page.locator(f"[data-check={name}]")


def test_an_administrator_is_led_from_the_empty_menu(open_page, no_account, sandbox):
    ui = open_page("admin")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    ui.page.get_by_role("link", name="Set up").click()
    expect(card(ui, "keys")).to_contain_text("1. Keys")
    expect(card(ui, "keys")).to_contain_text("Pending")
    expect(card(ui, "senders")).to_contain_text("once the keys are entered")
    card(ui, "keys").get_by_role("button", name="Enter the keys").click()
    dialog = ui.page.locator(".modal-dialog")
    for name, text in (
        ("name", "Our newsletters"),
        ("api_key", DEMO_KEYS[0]),
        ("api_secret", "wrong"),
        ("api_url", sandbox.url),
    ):
        dialog.locator(f"[name={name}] input").fill(text)
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog.get_by_role("alert")).to_contain_text("does not accept the keys")
    expect(dialog).to_have_count(1)
    expect(dialog.locator("[name=api_url] input")).to_have_value(sandbox.url)
    dialog.locator("[name=api_secret] input").fill(DEMO_KEYS[1])
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog).to_be_hidden()
    expect(card(ui, "keys")).to_contain_text("OK")
    expect(card(ui, "senders")).to_contain_text("newsletter@example.com")


def test_what_has_no_menu_opens_from_the_account(open_page, account):
    ui = open_page("admin")
    for label, title in (
        ("Senders", "Senders"),
        ("Templates", "Mailjet templates"),
        ("Exclusion mismatches", "Exclusion mismatches"),
        ("Events", "Events"),
    ):
        ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing-accounts/{account}")
        ui.press(label, ".oe_stat_button, .o-form-buttonbox")
        expect(ui.page.locator(".o_breadcrumb")).to_contain_text(title)
        expect(ui.page.locator(".o_searchview_facet").first).to_contain_text(
            "Demo account"
        )


def test_a_plain_user_reads_whom_to_ask(open_page, no_account, plain_users):
    ui = open_page(plain_users["en_US"])
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    expect(ui.page.locator(".o_nocontent_help")).to_contain_text(
        "Administrators who can do so: "
    )
    expect(ui.page.get_by_role("link", name="Set up")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "menu", "title", "sentence"),
    [
        ("en_US", "Data protection", "Data sent to Mailjet", "opened for 30 days"),
        (
            "fr_FR",
            "Protection des données",
            "Données transmises à Mailjet",
            "reste accessible 30 jours",
        ),
    ],
)
def test_a_plain_user_reads_about_data_protection(
    open_page, plain_users, language, menu, title, sentence
):
    ui = open_page(plain_users[language])
    root = "Mass Mailing" if language == "en_US" else "Massmailing"
    ui.open_crm_menu(root, menu, title=menu)
    page = ui.page.locator(".o_mailjet_privacy")
    expect(page).to_contain_text(title)
    expect(page).to_contain_text(sentence)


@pytest.mark.parametrize(
    ("language", "kanban", "calendar"),
    [("en_US", "Kanban", "Calendar"), ("fr_FR", "Kanban", "Calendrier")],
)
def test_a_plain_user_switches_through_the_views(
    open_page, plain_users, language, kanban, calendar
):
    ui = open_page(plain_users[language])
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    ui.page.locator(".o_searchview_facet .o_facet_remove").click()
    expect(ui.page.locator(".o_data_row").first).to_be_visible()
    ui.page.get_by_role("button", name=kanban).click()
    expect(ui.page.locator(".o_kanban_record").first).to_be_visible()
    ui.page.get_by_role("button", name=calendar).click()
    expect(ui.page.locator(".o_calendar_view .fc")).to_be_visible()


def test_cards_show_state_and_date_on_a_phone(open_page):
    ui = open_page("demo")
    ui.page.set_viewport_size({"width": 360, "height": 740})
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    record = ui.page.locator(".o_kanban_record", has_text="The new catalog")
    record.scroll_into_view_if_needed()
    for part, pattern in (
        ("[name=state]", "Sent"),
        (".o_mailjet_card_date", r"\d:\d\d.[AP]M"),
    ):
        shown = record.locator(part)
        expect(shown).to_have_text(re.compile(pattern))
        box = shown.bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= 360, box


def test_the_calendar_is_colored_by_state(open_page):
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    ui.page.get_by_role("button", name="Calendar").click()
    states = ui.page.locator(".o_calendar_filter", has_text="State")
    expect(states.locator(".o_cw_filter_color_10")).to_have_text("Sent")
    expect(ui.page.locator(".o_event.o_calendar_color_10").first).to_be_visible()


def test_the_calendar_shows_names_whole(open_page, user):
    name = "An invitation that needs several lines of a day"
    values = {"name": name, "subject": name, "composition": "html", "body_code": "Hi"}
    (mailing,) = user.call("mailjet.mailing", "create", [values])
    readers = user.find("ir.filters", ("name", "=", "Newsletter readers"))
    user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
    hour = datetime.utcnow().replace(microsecond=0) + timedelta(minutes=30)
    user.call("mailjet.mailing", "action_schedule", [mailing], str(hour))
    ui = open_page("demo", 1024, 768)
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    ui.page.get_by_role("button", name="Calendar").click()
    title = ui.page.locator(".o_event_title", has_text=name).first
    expect(title).to_be_visible()
    box, day = title.bounding_box(), title.locator("xpath=..").bounding_box()
    assert box["height"] > 20, "it is on one line"
    assert box["height"] <= day["height"]
    assert title.evaluate("title => title.scrollWidth <= title.clientWidth")
    user.call("mailjet.mailing", "action_cancel", [mailing])


def is_drawn(canvas):
    """Return whether a chart shows more than one colour."""
    return canvas.evaluate(
        """canvas => new Set(new Uint32Array(canvas.getContext("2d").getImageData(
            0, 0, canvas.width, canvas.height).data.buffer)).size > 2"""
    )


@pytest.mark.parametrize(
    ("language", "opened", "rate"),
    [
        ("en_US", "Opened", "Open rate"),
        ("fr_FR", "Ouvert", "Taux d’ouverture"),
    ],
)
def test_a_plain_user_sees_what_came_of_the_demo_mailings(
    open_page, plain_users, admin, language, opened, rate
):
    mailing = admin.find("mailjet.mailing", ("name", "=", "The new catalog"))
    figures = ("delivered_count", "opened_count", "clicked_count")
    counts = admin.read("mailjet.mailing", mailing, *figures)
    delivered, opens, clicks = (counts[name] for name in figures)
    assert delivered > opens > clicks > 50
    ui = open_page(plain_users[language])
    page = ui.page
    page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}/mass-mailing-statistics")
    figure = page.locator(".o_mailjet_statistics [data-kpi=opened_count]")
    expect(figure).to_contain_text(opened)
    expect(figure.locator("strong")).to_have_text(str(opens))
    expect(page.locator(".o_mailjet_links button")).to_have_count(5)
    wait_until(lambda: is_drawn(page.locator("canvas")), 10, "the course is drawn")
    page.goto(f"{ui.odoo.url}/odoo/mass-mailing-analysis")
    expect(page.locator(".o_pivot thead")).to_contain_text(rate)
    # A line for all, and one for each month: in how many there are mailings depends on
    # today's date.
    expect(page.locator(".o_pivot tbody tr").nth(3)).to_be_visible()
    page.locator(".o_switch_view.o_graph").click()
    wait_until(lambda: is_drawn(page.locator("canvas")), 10, "the report is drawn")
