"""A real Chromium in front of Odoo, used as a person uses it."""

import re

from playwright.sync_api import expect
from servers import Rpc

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A file that Debian's package of Odoo leaves out; it is no part of ours.
KNOWN_NOISE = re.compile("selfie_segmentation")
expect.set_options(timeout=20_000)
# What a page can store; what was fetched is none of it.
STORES = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


class Contexts:
    """The contexts of a browser. Each serves one page and is kept for the next, which
    finds what was fetched and compiled, as in a browser that is used every day, and
    nothing that an earlier page has stored."""

    def __init__(self, browser):
        self.browser = browser
        self.free = []

    def take(self, cookies, width, height):
        """Return a new page of that size, which has these cookies."""
        context = self.free.pop() if self.free else self.browser.new_context()
        page = context.new_page()
        stored = {"origin": "*", "storageTypes": STORES}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        context.clear_cookies()
        context.add_cookies(cookies)
        page.set_viewport_size({"width": width, "height": height})
        return page

    def give_back(self, page):
        """Close a page, and those that it has opened."""
        context = page.context
        for opened in context.pages:
            opened.close()
        self.free.append(context)


class OdooPage:
    """A page in which a user is logged in; errors of the page fail the test."""

    def __init__(self, page, odoo):
        self.page = page
        self.odoo = odoo
        self.errors = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_console(self, message):
        if message.type == "error" and not KNOWN_NOISE.search(message.text):
            self.errors.append(message.text)

    def expect_styles(self):
        """Odoo says on the page, and nowhere else, that its styles did not compile."""
        content = self.page.evaluate(
            "getComputedStyle(document.body, '::before').content"
        )
        assert "css error" not in content, content

    def log_in(self, login, path="/odoo"):
        """Become a user, and open a first page of the web client."""
        cookies = [
            {"name": cookie.name, "value": cookie.value, "url": self.odoo.url}
            for cookie in Rpc(self.odoo, login).session.cookies
        ]
        self.page.context.add_cookies(cookies)
        # The first page of a new server waits for its style sheets to be made.
        self.page.goto(f"{self.odoo.url}{path}", timeout=90_000)
        expect(self.page.locator(".o_navbar")).to_be_visible(timeout=90_000)
        self.expect_styles()

    def open_crm_menu(self, *entries, title):
        """Go to CRM and click through its menu, to the page of that title."""
        self.page.goto(f"{self.odoo.url}/odoo/crm")
        for entry in entries:
            self.page.get_by_role("button", name=entry).or_(
                self.page.get_by_role("menuitem", name=entry, exact=True)
            ).first.click()
        expect(self.page.locator(".o_breadcrumb")).to_have_text(re.compile(f"^{title}"))

    def open_row(self, text):
        """Open the record of a list by its name."""
        self.page.locator(".o_data_row td.o_data_cell", has_text=text).first.click()
        expect(self.page.locator(".o_form_view")).to_be_visible()

    def field(self, name):
        return self.page.locator(f".o_field_widget[name={name}]").first

    def fill(self, name, text):
        """Type into a field of the form."""
        self.field(name).locator("input, textarea").first.fill(text)

    def choose(self, name, text):
        """Choose the record of that name in a many2one field."""
        box = self.field(name).locator("input").first
        box.click()
        box.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def press(self, label, scope=".o_form_view"):
        """Press a button by its label."""
        self.page.locator(f"{scope} button", has_text=label).locator(
            "visible=true"
        ).first.click()

    def choose_source(self, menu, text):
        """Choose from the menu "Add" or "Exclude" of step 3."""
        button = self.page.locator(".o_widget_mailjet_recipient_sources button")
        button.filter(has_text=menu).click()
        self.page.locator(".o-dropdown--menu .o-dropdown-item", has_text=text).click()

    def confirm(self, label):
        """Answer the dialog on the screen."""
        dialog = self.page.locator(".modal-dialog")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name=label, exact=True).click()
        expect(dialog).to_be_hidden()

    def acknowledge_checks(self):
        """Read the list of checks in step 4 to its end, and say of every amber finding
        that it is meant like this; return what they said."""
        findings = self.page.locator(".o_mailjet_finding.o_amber")
        expect(self.page.locator(".o_mailjet_checks_passed")).to_be_visible()
        # What its links lead to is found after the rest.
        expect(self.page.locator(".o_mailjet_links_opening")).to_be_hidden(
            timeout=60_000
        )
        sentences = []
        for number in range(findings.count()):
            finding = findings.nth(number)
            sentences.append(
                finding.locator(".o_mailjet_finding_sentence").inner_text()
            )
            if not finding.locator(".o_mailjet_finding_acknowledged").is_visible():
                finding.get_by_role("checkbox").check()
                expect(
                    finding.locator(".o_mailjet_finding_acknowledged")
                ).to_be_visible()
        return sentences

    def expect_step(self, label):
        """Wait until the form shows that step, whatever is open in it, and has stored
        what was typed before."""
        current = self.page.locator(".o_arrow_button_current:visible")
        expect(current).to_have_text(re.compile(rf"^{label}\s*[\d\s]*$"))
        unsaved = ".o_form_status_indicator_buttons:not(.invisible)"
        expect(self.page.locator(unsaved)).to_have_count(0)

    def figure(self, name):
        """Return the number that a figure shows; one that is hidden counts nothing."""
        value = self.page.locator(f"[data-figure={name}] strong")
        if not value.is_visible():
            return 0
        return int(re.sub(r"\D", "", value.inner_text()))
