"""End-to-end tests: a real Odoo server, the sandbox in Mailjet's place, a browser.

Run by `./dev test`, which tells by environment variables where things are.
"""

import os
from pathlib import Path

import pytest
from browser import ARGUMENTS, OdooPage
from playwright.sync_api import sync_playwright
from servers import OdooServer, Rpc, SandboxServer

DEMO_KEY = "sandbox-public-key"


def set_undo_minutes(admin, minutes):
    """Say how long a mailing waits after "Send now"."""
    companies = admin.call("res.company", "search", [])
    admin.call("res.company", "write", companies, {"mailjet_undo_minutes": minutes})


@pytest.fixture(scope="session")
def scratch():
    """A folder for logs, file stores and screenshots."""
    folder = Path(os.environ["MASSMAILING_SCRATCH"]) / "e2e"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def sandbox(scratch):
    server = SandboxServer(scratch)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def odoo(scratch, sandbox):
    """Odoo with demo data, whose demo account points at the sandbox."""
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}e2e"
    server = OdooServer(scratch, database)
    admin = Rpc(server, "admin")
    account = admin.find("mailjet.account", ("api_key", "=", DEMO_KEY))
    admin.call("mailjet.account", "write", [account], {"api_url": sandbox.url})
    set_undo_minutes(admin, 0)
    yield server
    server.drop()


@pytest.fixture(scope="session")
def admin(odoo):
    return Rpc(odoo, "admin")


@pytest.fixture
def undo_minutes(admin):
    """A time to undo, for one test."""
    set_undo_minutes(admin, 2)
    yield 2
    set_undo_minutes(admin, 0)


@pytest.fixture
def user(odoo):
    """A CRM user with no more than the group User of Mass Mailing."""
    return Rpc(odoo, "demo")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["MASSMAILING_CHROMIUM"], args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, odoo, scratch, request):
    """Open a page as a user; a test fails on any error that its pages report."""
    pages = []

    def open_as(login, width=1400, height=900):
        context = chromium.new_context(viewport={"width": width, "height": height})
        page = OdooPage(context.new_page(), odoo)
        pages.append(page)
        page.log_in(login)
        return page

    yield open_as
    for number, page in enumerate(pages):
        picture = scratch / f"{request.node.name}-{number}.png"
        page.page.screenshot(path=picture)
        page.page.context.close()
    assert not [error for page in pages for error in page.errors]
