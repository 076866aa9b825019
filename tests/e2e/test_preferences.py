"""The preference page, as a recipient of an email comes to it: on a phone, with the
keyboard alone, in their language, and with everything there that can be read aloud."""

import os
import re
import subprocess
from types import SimpleNamespace

import pytest
import requests
from accessibility import add_axe, find_cut_off
from playwright.sync_api import expect
from servers import OdooServer, Rpc, clone_database, demo_server, wait_until

pytestmark = pytest.mark.browser
EMAIL = "rita@example.com"
LANGUAGES = {"en_US": "ltr", "fr_FR": "ltr", "ar_001": "rtl"}
PHONE = {"width": 360, "height": 740}
RUN_AXE = """async () => (await axe.run()).violations.map(
    ({ id, nodes }) => [id, ...nodes.map((node) => node.html)].join(" "))"""
# What a visit could change.
STORES = ("mailjet.consent", "mailjet.measuring", "mail.blacklist")


@pytest.fixture(scope="module")
def reader(scratch, sandbox):
    """A contact who got an email: the `link` in it, and the `message`."""
    with demo_server(scratch, "preferences", sandbox) as server:
        admin = Rpc(server, "admin")
        admin.call("ir.config_parameter", "set_param", "web.base.url", server.url)
        for code in LANGUAGES:
            install(admin, code)
        values = {"name": "Rita Reader", "email": EMAIL}
        (contact,) = admin.call("res.partner", "create", [values])
        send(admin, contact)
        (message,) = sandbox.messages(recipient=EMAIL, kind="campaign")
        (link,) = set(find_links(message["text"], rf"{server.url}/mailjet/pref"))
        topics = [{"name": "Offers", "description": "Once a month"}, {"name": "Events"}]
        admin.call("mailjet.topic", "create", topics)
        yield SimpleNamespace(
            admin=admin, contact=contact, link=link, message=message, server=server
        )


class SharedServer(OdooServer):
    """An Odoo with several databases, which it tells apart by the host name: that of a
    request begins with the end of the name of the database."""

    def _command(self, *options):
        ours = ("--database=", "--db-filter=")
        command = super()._command(*options)
        kept = [part for part in command if not part.startswith(ours)]
        return [*kept, "--db-filter=^.*%d$"]


@pytest.fixture
def shared(reader, scratch):
    """A server with the database of the reader and another one, which both end in s."""
    neighbor = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}neighbors"
    clone_database(scratch, neighbor)
    options = {"clone": False, "name": "shared", "cron_threads": 0}
    server = SharedServer(scratch, reader.server.database, **options)
    try:
        yield server
    finally:
        server.stop()
        subprocess.run(["dropdb", "--force", "--if-exists", neighbor], check=True)


@pytest.fixture
def phone(chromium, scratch, request):
    """A page on a phone, which reports no error."""
    with chromium.new_context(viewport=PHONE) as context:
        add_axe(context)
        page, errors = context.new_page(), []
        page.on("console", lambda said: said.type == "error" and errors.append(said))
        page.on("pageerror", lambda error: errors.append(error))
        yield page
        page.screenshot(path=scratch / f"{request.node.name}.png", full_page=True)
        assert not errors


def install(admin, code):
    domain = [["code", "=", code]]
    (lang,) = admin.call("res.lang", "search", domain, context={"active_test": False})
    values = {"lang_ids": [[6, 0, [lang]]]}
    (wizard,) = admin.call("base.language.install", "create", [values])
    admin.call("base.language.install", "lang_install", [wizard])


def send(admin, contact):
    values = {"name": "Autumn", "subject": "Our autumn", "composition": "html"}
    values["body_code"] = '<p><a href="https://example.com/shop">Our shop</a></p>'
    (mailing,) = admin.call("mailjet.mailing", "create", [values])
    domain = f"[('id', '=', {contact})]"
    admin.call("mailjet.mailing", "action_load_domain", [mailing], domain)
    admin.call("mailjet.mailing", "action_send", [mailing])
    wait_until(
        lambda: admin.read("mailjet.mailing", mailing, "state")["state"] == "done",
        120,
        "the mailing is sent",
    )


def find_links(text, start="http"):
    return re.findall(rf"{start}[^\s\"'<>]*", text)


def read_stores(admin):
    return {name: admin.call(name, "search_read", []) for name in STORES}


def test_a_program_that_opens_every_link_changes_nothing(reader):
    admin, message = reader.admin, reader.message
    before = read_stores(admin)
    links = {*find_links(message["html"]), *find_links(message["text"])}
    assert reader.link in links
    for link in links - {"https://example.com/shop"}:
        for method in ("HEAD", "GET"):
            assert requests.request(method, link, timeout=30).ok, link
    # As a browser or a mail program that opens it before its reader does.
    for purpose in ("prefetch", "prefetch;prerender"):
        headers = {"Purpose": "prefetch", "Sec-Purpose": purpose}
        assert requests.get(reader.link, headers=headers, timeout=30).ok
    assert requests.options(reader.link, timeout=30).status_code < 500
    assert read_stores(admin) == before


def test_it_is_found_among_several_databases(reader, shared):
    admin, contact = reader.admin, reader.contact
    page = shared.url + reader.link.removeprefix(reader.server.url)
    own = {"X-Odoo-Database": reader.server.database}
    unknown, gone = "Not Found", "This link is no longer valid"
    for host, named, words in (
        ("preferences", {}, EMAIL),
        ("neighbors", {}, gone),
        ("strangers", {}, unknown),
        # Both databases have this host name, as behind a proxy that names one.
        ("s", {}, unknown),
        ("s", own, EMAIL),
    ):
        headers = {"Host": f"{host}.example.com", **named}
        answer = requests.get(f"{page}?lang=en_US", headers=headers, timeout=60)
        assert words in answer.text, (host, named)
        assert answer.ok == (words == EMAIL)
    flag = "massmailing_unsubscribed"
    form = {"List-Unsubscribe": "One-Click"}
    headers = {"Host": "preferences.example.com"}
    assert requests.post(page, data=form, headers=headers, timeout=60).ok
    assert admin.read("res.partner", contact, flag)[flag]
    admin.call("res.partner", "write", [contact], {flag: False})


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reader_on_a_phone_finds_it_in_their_language(reader, phone, code):
    reader.admin.call("res.partner", "write", [reader.contact], {"lang": code})
    phone.goto(reader.link)
    html = phone.locator("html")
    expect(html).to_have_attribute("lang", code.replace("_", "-"))
    expect(html).to_have_attribute("dir", LANGUAGES[code])
    expect(phone.get_by_text(EMAIL).first).to_be_visible()
    assert phone.evaluate(RUN_AXE) == []
    assert not find_cut_off(phone)
    phone.locator("nav a[lang=en-US]").click()
    expect(html).to_have_attribute("lang", "en-US")
    expect(phone.get_by_role("button", name="Save my choices")).to_be_visible()


def test_a_topic_is_left_with_the_keyboard_alone(reader, phone):
    phone.goto(f"{reader.link}?lang=en_US")
    offers = phone.get_by_role("checkbox", name="Offers")
    go_to(phone, offers)
    phone.keyboard.press("Space")
    may_not = phone.get_by_role("group", name="Which emails I open").get_by_label(
        "May not be measured"
    )
    go_to(phone, may_not.or_(phone.get_by_label("May be measured").first))
    phone.keyboard.press("ArrowDown")
    go_to(phone, phone.get_by_role("button", name="Save my choices"))
    phone.keyboard.press("Enter")
    said = phone.get_by_role("status")
    expect(said).to_contain_text("You no longer receive “Offers”.")
    expect(said).to_contain_text("Your openings are not measured.")
    expect(offers).not_to_be_checked()
    expect(may_not).to_be_checked()
    assert phone.evaluate(RUN_AXE) == []


def test_everything_is_left_at_once_and_taken_back(reader, phone):
    phone.goto(f"{reader.link}?lang=en_US")
    phone.get_by_label("Too many emails").check()
    phone.get_by_role("button", name="Unsubscribe from everything").click()
    said = phone.get_by_role("status")
    expect(said).to_contain_text("You no longer receive any mailing")
    flag = "massmailing_unsubscribed"
    assert reader.admin.read("res.partner", reader.contact, flag)[flag]
    assert not find_cut_off(phone)
    phone.get_by_label("Send me emails").check()
    phone.get_by_role("button", name="Save my choices").click()
    expect(said).to_contain_text("You receive the mailings of")
    assert not reader.admin.read("res.partner", reader.contact, flag)[flag]


def test_a_user_of_the_portal_finds_it_in_the_account(reader, phone):
    portal = reader.admin.find("res.users", ("login", "=", "portal"))
    email = "joel.willis@example.com"
    reader.admin.call("res.users", "write", [portal], {"login": email})
    phone.goto(f"{reader.server.url}/web/login?redirect=/my")
    phone.fill("input[name=login]", email)
    phone.fill("input[name=password]", "portal")
    phone.get_by_role("button", name="Log in", exact=True).click()
    phone.get_by_role("link", name="Email preferences").click()
    expect(phone.get_by_text(email).first).to_be_visible()
    assert phone.evaluate(RUN_AXE) == []
    assert not find_cut_off(phone)
    phone.get_by_label("Send me nothing more").check()
    phone.get_by_role("button", name="Save my choices").click()
    expect(phone.get_by_role("status")).to_contain_text("no longer receive any")
    assert reader.admin.find("mailjet.consent", ("email", "=", email))


def go_to(page, target):
    """Press Tab until something has the focus."""
    for _stop in range(40):
        page.keyboard.press("Tab")
        if target.evaluate_all("found => found.includes(document.activeElement)"):
            return
    raise AssertionError(f"The keyboard does not come to {target}")
