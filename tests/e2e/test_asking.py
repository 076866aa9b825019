"""Permission to measure, from the page Health to the next mailing: with two keys, one
of which has its tracking off at Mailjet."""

import re
from types import SimpleNamespace

import pytest
from browser import OdooPage
from playwright.sync_api import expect
from servers import Rpc, demo_server, find_account, wait_until
from steps import load, send_now

pytestmark = pytest.mark.browser
QUIET = ("quiet-public-key", "quiet-secret-key")
HEALTH = "/odoo/action-massmailing_mailjet.mailjet_health_action"
ANSWERS = {"agnes@example.com": "May be measured", "ralf@example.com": "May not be"}


@pytest.fixture(scope="module")
def company(scratch, sandbox):
    """A company that measures with consent only, and its `readers`, a target."""
    with demo_server(scratch, "asking", sandbox) as server:
        admin = Rpc(server, "admin")
        admin.call("ir.config_parameter", "set_param", "web.base.url", server.url)
        companies = admin.call("res.company", "search", [])
        rule = {"mailjet_measuring_rule": "consent"}
        admin.call("res.company", "write", companies, rule)
        connect_quiet_account(admin, sandbox)
        people = [
            {"name": email.split("@")[0].title(), "email": email} for email in ANSWERS
        ]
        contacts = admin.call("res.partner", "create", people)
        target = {"name": "Agnes and Ralf", "contact_ids": [[6, 0, contacts]]}
        admin.call("mailjet.target", "create", [target])
        yield SimpleNamespace(admin=admin, contacts=contacts, server=server)


def connect_quiet_account(admin, sandbox):
    """Connect a second key, whose tracking is off at Mailjet."""
    key = {"public": QUIET[0], "secret": QUIET[1], "open_tracked": 0}
    sandbox.control("PUT", "keys", json={**key, "click_tracked": 0})
    values = {"name": "Quiet account", "sequence": 99, "measures": "off"}
    values["api_url"] = sandbox.url
    values |= {"api_key": QUIET[0], "api_secret": QUIET[1], "company_id": False}
    account = find_account(admin)
    (quiet,) = admin.call("mailjet.account", "create", [values])
    for each in (account, quiet):
        admin.call("mailjet.account", "action_synchronize", [each])
    pair = {"unmeasured_account_id": quiet}
    admin.call("mailjet.account", "write", [account], pair)


def test_permission_is_asked_for_given_and_refused(company, chromium, sandbox):
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        ui = OdooPage(context.new_page(), company.server)
        ui.log_in("admin", HEALTH)
        ask_from_health(ui)
        for email, answer in ANSWERS.items():
            (message,) = sandbox.messages(recipient=email, kind="campaign")
            assert not is_tracked(sandbox, message)
            (link,) = re.findall(r"href=[\"'](http[^\"']*#measuring)", message["html"])
            choose(context.new_page(), link, answer)
        send_ordinary(company)
        assert not ui.errors
    measured = {
        email: is_tracked(sandbox, sandbox.messages(recipient=email)[-1])
        for email in ANSWERS
    }
    assert measured == {"agnes@example.com": True, "ralf@example.com": False}


def is_tracked(sandbox, message):
    """Return whether a message is of a campaign of the first key that is tracked."""
    campaigns = {row["ID"]: row for row in sandbox.read("campaign", Limit=1000)}
    campaign = campaigns.get(message["campaign_id"])
    return bool(campaign and campaign["OpenTracked"])


def ask_from_health(ui):
    """Make the mailing on the page Health, and send it to the readers."""
    card = ui.page.locator("[data-check=asking]")
    expect(card).to_contain_text("Nobody has been asked yet")
    card.get_by_role("button", name="Ask for permission").click()
    expect(ui.field("purpose")).to_have_text("Permission to measure")
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Next")
    load(ui, "Agnes and Ralf")
    ui.press("Next")
    send_now(ui)


def choose(page, link, answer):
    """Follow the button of the email, and answer both questions."""
    page.goto(link)
    for radio in page.locator("#measuring").get_by_label(answer).all():
        radio.check()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("status")).to_contain_text("openings")


def send_ordinary(company):
    """Send another mailing to the same readers."""
    admin = company.admin
    values = {"name": "News", "subject": "News", "composition": "html"}
    values["body_code"] = "<p>What is new</p>"
    (mailing,) = admin.call("mailjet.mailing", "create", [values])
    domain = str([("id", "in", company.contacts)])
    admin.call("mailjet.mailing", "action_load_domain", [mailing], domain)
    admin.call("mailjet.mailing", "action_send", [mailing])
    wait_until(
        lambda: admin.read("mailjet.mailing", mailing, "state")["state"] == "done",
        120,
        "the mailing is sent",
    )
