"""Prospects without contact: asked once, kept or archived, and gone at Mailjet."""

from contextlib import closing
from types import SimpleNamespace

import psycopg2
import pytest
import requests
from browser import OdooPage
from playwright.sync_api import expect
from servers import DEMO_KEYS, Rpc, demo_server, wait_until

pytestmark = pytest.mark.browser
RUTH, SAM = "ruth@example.com", "sam@example.com"
LIST = "/odoo/mass-mailing-retention"
SILENT = "UPDATE res_partner SET create_date = '2020-01-06' WHERE email IN %s"
LATER = (
    "UPDATE mailjet_retention SET asked_date = asked_date - interval '31 days'"
    " WHERE asked_date IS NOT NULL"
)


@pytest.fixture(scope="module")
def silence(scratch, sandbox):
    """A server with two contacts who have not been in touch for years."""
    with demo_server(scratch, "retention", sandbox) as server:
        admin = Rpc(server, "admin")
        admin.call("ir.config_parameter", "set_param", "web.base.url", server.url)
        values = [
            {"name": "Ruth Rowan", "email": RUTH},
            {"name": "Sam Sorb", "email": SAM},
        ]
        admin.call("res.partner", "create", values)
        change(server, SILENT, ((RUTH, SAM),))
        yield SimpleNamespace(server=server, admin=admin)


@pytest.fixture
def ui(chromium, silence):
    """A page of the administrator on data protection, which reports no error."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = OdooPage(context.new_page(), silence.server)
        page.log_in("admin", "/odoo/mass-mailing-data-protection")
        yield page
        assert not page.errors


def change(server, *statement):
    """Change what no user can: the time at which something was done."""
    with closing(psycopg2.connect(dbname=server.database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(*statement)


def read_states(admin):
    rows = admin.call("mailjet.retention", "search_read", [], ["email", "state"])
    return {row["email"]: row["state"] for row in rows}


def search_until(silence, states):
    """Let the cron search the prospects until the list is like that."""
    silence.admin.call("mailjet.retention", "action_refresh", [])
    wait_until(lambda: read_states(silence.admin) == states, 120, f"{states}")


def is_known(sandbox, email):
    """Return whether Mailjet has a contact with the address."""
    answer = requests.get(
        f"{sandbox.url}/v3/REST/contact/{email}", auth=DEMO_KEYS, timeout=30
    )
    return answer.status_code == 200


def test_who_does_not_answer_is_archived_and_who_does_is_kept(silence, ui, sandbox):
    page = ui.page
    page.get_by_role("button", name="Open the list").click()
    page.get_by_role("button", name="Refresh").click()
    wait_until(lambda: len(read_states(silence.admin)) == 2, 120, "two are found")
    page.reload()
    expect(page.locator(".o_data_row")).to_have_count(2)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".o_mailjet_mailing_form")).to_be_visible()
    mailing = silence.admin.find("mailjet.mailing", ("purpose", "=", "retention"))
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Next")
    ui.expect_step("Recipients")
    expect(page.locator(".o_mailjet_counts")).to_contain_text("2")
    ui.press("Next")
    ui.expect_step("Send")
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    expect(page.locator(".alert-success")).to_contain_text("Sent on", timeout=90_000)
    assert silence.admin.read("mailjet.mailing", mailing, "sent_count") == {
        "id": mailing,
        "sent_count": 2,
    }
    search_until(silence, {RUTH: "asked", SAM: "asked"})

    # The recipient opens the page, which changes nothing, and answers.
    (message,) = sandbox.messages(recipient=RUTH, kind="campaign")
    (link,) = {
        word.strip("\"'<>")
        for word in message["text"].split()
        if f"{silence.server.url}/mailjet/preferences/" in word
    }
    page.goto(link)
    keep = page.get_by_role("button", name="Keep me in your contacts")
    expect(keep).to_be_visible()
    assert read_states(silence.admin)[RUTH] == "asked"
    keep.click()
    expect(page.get_by_role("status")).to_contain_text("You stay in the contacts of")
    expect(keep).to_be_hidden()
    assert read_states(silence.admin)[RUTH] == "kept"

    # The time to answer passes, and a manager confirms.
    change(silence.server, LATER)
    search_until(silence, {RUTH: "kept", SAM: "expired"})
    assert is_known(sandbox, SAM)
    page.goto(f"{ui.odoo.url}{LIST}")
    row = page.locator(".o_data_row").filter(has_text=SAM)
    row.locator("input[type=checkbox]").check()
    page.get_by_role("button", name="Archive", exact=True).click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    expect(dialog.locator("[name=contact_count]")).to_have_text("1")
    dialog.get_by_role("button", name="Archive and erase").click()
    expect(dialog).to_be_hidden()
    wait_until(lambda: not is_known(sandbox, SAM), 120, "Mailjet has deleted Sam")
    assert is_known(sandbox, RUTH)
    active = silence.admin.call("res.partner", "search_count", [("email", "=", SAM)])
    assert active == 0
    assert read_states(silence.admin) == {RUTH: "kept", False: "archived"}
