"""The first newsletter, from the list of mailings into the queue, on a database that
has contacts and accounts and nothing of ours: it takes a few clicks."""

import os
import shutil
from pathlib import Path

import pytest
from browser import OdooPage
from playwright.sync_api import expect
from scratch_database import ADDON, ScratchDatabase
from servers import DEMO_KEYS, OdooServer, Rpc

pytestmark = pytest.mark.browser
MOST = 8
LOGIN = "newcomer"
# Whatever is pressed, also in the frame of the visual editor; what is typed is not.
COUNT = """addEventListener(
    "pointerdown", (event) => event.isTrusted && countClick(), { capture: true }
)"""


@pytest.fixture(scope="module")
def server(scratch, odoo):
    """Odoo on a database without demo data of ours, which sends nothing."""
    name = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}clicks"
    database = ScratchDatabase(name, scratch)
    database.data = scratch / "data"
    filestore = Path(os.environ["MASSMAILING_TEMPLATE_FILESTORE"])
    if filestore.exists():
        shutil.copytree(filestore, database.data / "filestore" / name)
    try:
        database.run("-i", ADDON)
        database.take_page_files(odoo.database)
        server = OdooServer(scratch, name, clone=False, cron_threads=0)
        try:
            yield server
        finally:
            server.stop()
    finally:
        database.drop()


@pytest.fixture(scope="module")
def newcomer(server, sandbox):
    """A user with the group User of ours, and an account that is connected."""
    admin = Rpc(server, "admin")
    values = {
        "name": "Newsletters",
        "api_key": DEMO_KEYS[0],
        "api_secret": DEMO_KEYS[1],
    }
    values |= {"api_url": sandbox.url, "monthly_limit": 6000}
    account = admin.call("mailjet.account", "create", [values])
    admin.call("mailjet.account", "action_connect", account)
    data = (
        "ir.model.data",
        ("module", "=", ADDON),
        ("name", "=", "mailjet_group_user"),
    )
    group = admin.read("ir.model.data", admin.find(*data), "res_id")["res_id"]
    user = {"name": "Newcomer", "login": LOGIN, "password": LOGIN}
    user |= {"email": "newcomer@example.com", "group_ids": [[6, 0, [group]]]}
    admin.call("res.users", "create", [user])
    return Rpc(server, LOGIN)


@pytest.fixture
def ui(contexts, server, newcomer):
    """A page at the list of mailings; ``clicks`` holds what was pressed since then."""
    ui = OdooPage(contexts.take([], 1400, 900), server)
    ui.clicks = []
    ui.page.expose_function("countClick", lambda: ui.clicks.append(1))
    ui.page.add_init_script(COUNT)
    ui.log_in(LOGIN, "/odoo/mass-mailing")
    expect(ui.page.locator(".o_list_button_add")).to_be_visible()
    yield ui
    contexts.give_back(ui.page)
    assert not ui.errors


def type_into(ui, name, text):
    """Go on by the keyboard to a field, and type."""
    field = ui.field(name).locator("input, textarea").first
    expect(field).to_be_visible()
    while not field.evaluate("field => field === document.activeElement"):
        ui.page.keyboard.press("Tab")
    ui.page.keyboard.type(text)


def compose_visually(ui):
    ui.page.locator(".o_mail_theme_selector [data-name=basic]").click()
    canvas = ui.page.frame_locator(".o_field_mailjet_mailing_html iframe").first
    text = canvas.locator("[contenteditable=true]").first
    expect(text).to_be_focused()
    ui.page.keyboard.press("Control+A")
    ui.page.keyboard.type("Dear all, the showroom is open on Friday.")


def use_a_template(ui):
    cards = ui.page.locator(".o_mailjet_template_cards > div")
    cards.filter(has_text="Invitation").locator(".o_mailjet_use").click()
    expect(ui.page.locator(".o_mailjet_template_chooser")).to_have_count(0)


def write_code(ui):
    expect(ui.page.locator(".ace_editor textarea")).to_be_focused()
    ui.page.keyboard.insert_text("<p>Dear all, the showroom is open on Friday.</p>")


WAYS = {"blank": compose_visually, "template": use_a_template, "html": write_code}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("recipients", ["Contacts", "Accounts"])
def test_the_first_newsletter_takes_few_clicks(ui, newcomer, recipients, way):
    name = f"First to {recipients} by {way}"
    ui.press("New", scope=".o_control_panel")
    type_into(ui, "name", name)
    type_into(ui, "subject", "The showroom is open")
    if recipients != "Contacts":
        ui.field("recipient_type").get_by_label(recipients).click()
    ui.page.locator(f".o_mailjet_start [data-way={way}]").click()
    ui.expect_step("Composition")
    WAYS[way](ui)
    ui.press("Next")
    ui.page.locator(".o_mailjet_add_all", has_text=f"All {recipients.lower()}").click()
    ui.press("Send now")
    ui.confirm("Accept and send")
    expect(ui.field("state")).to_have_text("In queue")
    mailing = newcomer.find("mailjet.mailing", ("name", "=", name))
    assert newcomer.read("mailjet.mailing", mailing, "planned_count")["planned_count"]
    assert 0 < len(ui.clicks) <= MOST
