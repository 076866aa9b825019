"""A mailing that each recipient gets from its salesperson."""

import pytest
from playwright.sync_api import expect
from steps import load, send_now, start_mailing, write_code

FILTER = "Customers of three salespersons"
# Mailjet lets the demo account send from any address of this domain.
SALESPERSONS = {
    "Mona Sale": "mona.sale@example.org",
    "Nils Sale": "nils.sale@example.org",
    "Olga Sale": "olga.sale@example.org",
}


@pytest.fixture
def customers(admin, user):
    """A contact of each salesperson and one of nobody, as what each of their emails is
    to come from, by address."""
    senders = {"customer-of-nobody@example.com": "newsletter@example.com"}
    for name, email in SALESPERSONS.items():
        person = {"name": name, "login": email, "email": email}
        seller = admin.call("res.users", "create", person)
        customer = f"customer-of-{email.partition('.')[0]}@example.com"
        contact = {"name": f"Customer of {name}", "email": customer, "user_id": seller}
        admin.call("res.partner", "create", contact)
        senders[customer] = email
    contact = {"name": "Customer of nobody", "email": "customer-of-nobody@example.com"}
    admin.call("res.partner", "create", {**contact, "user_id": False})
    user.call(
        "ir.filters",
        "create",
        {
            "name": FILTER,
            "model_id": "res.partner",
            "domain": "[('email', '=like', 'customer-of-%')]",
        },
    )
    return senders


@pytest.mark.browser
def test_each_email_arrives_from_its_salesperson(open_page, sandbox, customers):
    ui = open_page("demo")
    start_mailing(ui, "From the salespersons", "From one of us")
    ui.press("Back")
    ui.expect_step("Details")
    ui.field("from_salesperson").get_by_role("checkbox").check()
    expect(ui.page.get_by_text("who also gets the replies")).to_be_visible()
    ui.press("Next")
    write_code(ui, "<p>Regards, $user-name|the team$</p>")
    ui.press("Next")
    load(ui, FILTER)
    ui.press("Next")
    ui.expect_step("Send")
    ui.press("Emails by sender")
    rows = ui.page.locator(".o_mailjet_senders tbody tr")
    expect(rows).to_have_count(4)
    for number, (name, email) in enumerate(SALESPERSONS.items()):
        expect(rows.nth(number)).to_contain_text(f"{name} <{email}>")
    expect(rows.last).to_contain_text("newsletter@example.com")
    expect(ui.page.locator(".o_mailjet_senders p")).to_contain_text(
        "1 recipient has no salesperson"
    )
    send_now(ui)
    messages = [
        message
        for message in sandbox.messages(kind="campaign")
        if message["subject"] == "From one of us"
    ]
    assert {message["to"]: message["from"] for message in messages} == customers
    assert len(messages) == len(customers)
    names = {email: name for name, email in SALESPERSONS.items()}
    for message in messages:
        name = names.get(message["from"], "the team")
        assert f"Regards, {name}" in message["html"]
        assert message["reply_to"] == message["from"]
