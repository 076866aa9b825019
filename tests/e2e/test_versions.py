"""Mailings with more than one email: in two languages, and with an A/B test."""

import pytest
from playwright.sync_api import expect
from steps import load, send_now, start_mailing, write_code

VERSIONS = ".o_mailjet_versions"


@pytest.fixture
def french(admin):
    """French is installed for a while."""
    (language,) = admin.call(
        "res.lang", "search", [["code", "=", "fr_FR"]], context={"active_test": False}
    )
    (wizard,) = admin.call(
        "base.language.install", "create", [{"lang_ids": [[6, 0, [language]]]}]
    )
    admin.call("base.language.install", "lang_install", [wizard])
    yield "fr_FR"
    people = admin.call("res.partner", "search", [["lang", "=", "fr_FR"]])
    admin.call("res.partner", "write", people, {"lang": "en_US"})
    admin.call("res.lang", "write", [language], {"active": False})


def make_readers(admin, user, name, count, **values):
    """Make contacts, and a filter of that name that finds them; answers their
    addresses."""
    word = name.lower().replace(" ", "-")
    emails = [f"{word}-{number}@example.com" for number in range(count)]
    people = [{"name": email.partition("@")[0], "email": email} for email in emails]
    admin.call("res.partner", "create", [{**each, **values} for each in people])
    domain = f"[('email', '=like', '{word}-%')]"
    filter_values = {"name": name, "model_id": "res.partner", "domain": domain}
    user.call("ir.filters", "create", filter_values)
    return emails


def read_messages(sandbox, *subjects):
    """Return the addresses that each email was sent to, by its subject."""
    messages = sandbox.messages(kind="campaign")
    return {
        subject: sorted(
            message["to"] for message in messages if message["subject"] == subject
        )
        for subject in subjects
    }


@pytest.mark.browser
def test_a_mailing_in_two_languages(open_page, admin, user, sandbox, french):
    emails = make_readers(admin, user, "Readers of two", 3)
    francophone = admin.find("res.partner", ("email", "=", emails[1]))
    admin.call("res.partner", "write", [francophone], {"lang": french})

    ui = open_page("demo")
    start_mailing(ui, "In two languages", "Two languages")
    write_code(ui, "<p>Good morning</p>")
    ui.page.locator(VERSIONS).get_by_role("button", name="Add a language").click()
    ui.page.get_by_role("menuitem", name="French").click()
    expect(ui.page.locator(".o_mailjet_version_form")).to_be_visible()
    expect(ui.field("original_subject")).to_have_text("Two languages")
    ui.fill("subject", "Deux langues")
    editor = ui.field("body_code").locator(".ace_editor")
    editor.click()
    ui.page.keyboard.press("Control+a")
    ui.page.keyboard.insert_text("<p>Bonjour</p>")
    ui.page.locator(".breadcrumb a", has_text="In two languages").click()
    ui.expect_step("Composition")
    expect(ui.page.locator(VERSIONS)).to_contain_text("French / Français")
    ui.press("Next")
    load(ui, "Readers of two")
    row = ui.page.locator(".o_data_row", has_text=emails[1])
    expect(row).to_contain_text("To send: French / Français")
    ui.press("Next")
    ui.expect_step("Send")
    table = ui.page.locator(".o_mailjet_campaigns tbody tr")
    expect(table).to_have_count(2)
    expect(table.first).to_contain_text("French / Français")
    send_now(ui)
    sent = read_messages(sandbox, "Two languages", "Deux langues")
    assert sent == {
        "Two languages": [emails[0], emails[2]],
        "Deux langues": [emails[1]],
    }
    (message,) = sandbox.messages(kind="campaign", recipient=emails[1])
    assert "Bonjour" in message["html"]
    assert "Se désinscrire" in message["html"]


@pytest.mark.browser
def test_an_ab_test_and_its_winner(open_page, admin, user, sandbox):
    emails = make_readers(admin, user, "Readers of a test", 10)
    ui = open_page("demo")
    start_mailing(ui, "Which subject", "Subject one")
    write_code(ui, "<p>What do you think?</p>")
    ui.page.locator(VERSIONS).get_by_role("button", name="Add a version").click()
    expect(ui.page.locator(".o_mailjet_version_form")).to_be_visible()
    ui.fill("subject", "Subject two")
    ui.page.locator(".breadcrumb a", has_text="Which subject").click()
    ui.expect_step("Composition")
    expect(ui.page.locator(VERSIONS)).to_contain_text("Version B")
    ui.press("Next")
    load(ui, "Readers of a test")
    ui.press("Next")
    ui.expect_step("Send")
    ui.fill("ab_share", "40")
    ui.field("ab_criterion").locator("select, input").first.click()
    ui.page.get_by_role("menuitem", name="I choose it").click()
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    test = ui.page.locator(".o_mailjet_ab_test")
    expect(test.locator("tbody tr")).to_have_count(2)
    expect(test).to_contain_text("reminded to choose", timeout=60_000)
    expect(test.locator("tbody tr").first.locator("td").first).to_have_text("2")
    test.get_by_role("button", name="Send Version B to the others").click()
    ui.confirm("Send it")
    expect(ui.page.locator(".alert-success")).to_contain_text("Sent on", timeout=60_000)
    sent = read_messages(sandbox, "Subject one", "Subject two")
    assert [len(addresses) for addresses in sent.values()] == [2, 8]
    assert sorted(sum(sent.values(), [])) == sorted(emails)
    expect(test).to_contain_text("Version B was chosen by")
