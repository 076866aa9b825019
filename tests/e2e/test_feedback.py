"""What readers do comes back to the mailing, the contact and the lead."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from servers import wait_until

pytestmark = pytest.mark.browser

EMAIL = "reader@example.com"


@pytest.fixture(scope="module", autouse=True)
def forgotten(admin, account):
    """Mailjet reports nothing any more once the tests are over."""
    yield
    admin.call("mailjet.account", "action_unregister_webhooks", [account])


@pytest.fixture(scope="module")
def records(admin):
    """A contact, and a lead of the same address."""
    partner = admin.call(
        "res.partner", "create", [{"name": "Rita Reader", "email": EMAIL}]
    )[0]
    lead = admin.call(
        "crm.lead", "create", [{"name": "Rita's lead", "email_from": EMAIL}]
    )[0]
    return partner, lead


@pytest.fixture(scope="module")
def mailing(admin, sandbox, records):
    """A mailing with a link, sent to the contact."""
    (ident,) = admin.call(
        "mailjet.mailing",
        "create",
        [
            {
                "name": "Feedback",
                "subject": "Tell us",
                "composition": "html",
                "body_code": f'<p><a href="{sandbox.url}/outbox?q=x">Our offer</a></p>',
            }
        ],
    )
    admin.call(
        "mailjet.mailing", "action_load_domain", [ident], f"[('id', '=', {records[0]})]"
    )
    admin.call("mailjet.mailing", "action_send", [ident])
    wait_until(
        lambda: admin.read("mailjet.mailing", ident, "state")["state"] == "done",
        120,
        "the mailing leaves",
    )
    return ident


def test_one_button_registers_the_webhooks(open_page, odoo, sandbox, account):
    ui = open_page("admin")
    ui.page.goto(
        f"{odoo.url}/odoo/action-massmailing_mailjet.mailjet_account_action/{account}"
    )
    ui.press("Register webhooks")
    expect(ui.page.locator(".o_notification")).to_contain_text("Webhooks registered")
    expect(ui.field("webhook_date")).not_to_be_empty()
    webhooks = sandbox.read("eventcallbackurl")
    assert len({webhook["EventType"] for webhook in webhooks}) == 7
    ports = {urlsplit(webhook["Url"]).port for webhook in webhooks}
    assert ports == {urlsplit(odoo.url).port}


def test_what_a_reader_does_comes_back(open_page, sandbox, admin, mailing, records):
    page = open_page("admin").page
    (message,) = sandbox.messages(recipient=EMAIL, kind="campaign")
    page.goto(f"{sandbox.url}/message/{message['id']}")
    mail = page.frame_locator("iframe").first
    with page.context.expect_page() as opened:
        mail.get_by_text("Our offer").click()
    expect(opened.value).to_have_url(f"{sandbox.url}/outbox?q=x")
    with page.context.expect_page() as opened:
        mail.get_by_text("Unsubscribe").click()
    opened.value.get_by_role("button").click()
    expect(opened.value.get_by_text("You are unsubscribed")).to_be_visible()

    names = ("opened_count", "clicked_count", "optout_count", "delivered_count")
    wait_until(
        lambda: admin.read("mailjet.mailing", mailing, "optout_count")["optout_count"],
        60,
        "the unsubscription comes back",
    )
    figures = admin.read("mailjet.mailing", mailing, *names)
    assert [figures[name] for name in names] == [1, 1, 1, 1]
    row = admin.find("mailjet.recipient", ("mailing_id", "=", mailing))
    assert admin.read("mailjet.recipient", row, "status")["status"] == "unsubscribed"
    link = admin.find("mailjet.link", ("mailing_id", "=", mailing))
    assert admin.read("mailjet.link", link, "url")["url"] == f"{sandbox.url}/outbox?q=x"


@pytest.mark.parametrize(
    ("path", "model", "position"),
    [("contacts", "res.partner", 0), ("crm", "crm.lead", 1)],
)
def test_contact_and_lead_show_it(
    open_page, odoo, admin, records, path, model, position
):
    ui = open_page("admin")
    ui.page.goto(f"{odoo.url}/odoo/{path}/{records[position]}")
    chatter = ui.page.locator(".o-mail-Chatter")
    expect(chatter).to_contain_text("Unsubscribed from mass mailing at Mailjet")
    expect(chatter).to_contain_text("IP address: 127.0.0.1")
    name = "massmailing_unsubscribed"
    assert admin.read(model, records[position], name)[name]
