"""End-to-end tests: a real Odoo server, the sandbox in Mailjet's place, a browser.

Run by `./dev test`, which tells by environment variables where things are.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from browser import ARGUMENTS, Contexts, OdooPage
from playwright.sync_api import sync_playwright
from servers import (
    Rpc,
    SandboxServer,
    demo_server,
    find_account,
    of_this_process,
    set_undo_minutes,
)

HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let the fixtures of a test know that it has failed."""
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


@pytest.fixture(scope="session")
def scratch():
    """A folder for logs, file stores and screenshots."""
    folder = Path(os.environ["MASSMAILING_SCRATCH"]) / of_this_process("e2e")
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def sandbox(scratch):
    server = SandboxServer(scratch)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def odoo(scratch, sandbox):
    """The Odoo of most tests."""
    with demo_server(scratch, of_this_process("e2e"), sandbox) as server:
        yield server


@pytest.fixture(scope="session")
def admin(odoo):
    return Rpc(odoo, "admin")


@pytest.fixture(scope="session")
def account(admin):
    """The demo account."""
    return find_account(admin)


@pytest.fixture(scope="module")
def reported(odoo, admin, account):
    """Let Mailjet report what becomes of emails, during the test."""
    admin.call("ir.config_parameter", "set_param", "web.base.url", odoo.url)
    admin.call("mailjet.account", "action_register_webhooks", [account])
    yield
    admin.call("mailjet.account", "action_unregister_webhooks", [account])


@pytest.fixture
def undo_minutes(admin):
    """A time to undo, for one test."""
    set_undo_minutes(admin, 2)
    yield 2
    set_undo_minutes(admin, 0)


@pytest.fixture(scope="session")
def user(odoo):
    """A CRM user with no more than the group User of Mass Mailing."""
    return Rpc(odoo, "demo")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["MASSMAILING_CHROMIUM"],
            # The next page of a context finds a process in which Odoo's scripts are
            # compiled.
            args=[*ARGUMENTS, "--process-per-site"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium):
    return Contexts(chromium)


@pytest.fixture(scope="session")
def cookies_of(contexts, odoo):
    """Return the cookies of a user who has logged in, which each does once."""

    @cache
    def log_in(login):
        page = OdooPage(contexts.take([], 1400, 900), odoo)
        page.log_in(login)
        cookies = page.page.context.cookies()
        contexts.give_back(page.page)
        assert not page.errors
        return cookies

    return log_in


@pytest.fixture
def open_page(contexts, odoo, cookies_of, scratch, request):
    """Open a page as a user; a test fails on any error that its pages report. One that
    fails leaves a picture of each."""
    pages = []

    def open_as(login, width=1400, height=900):
        page = OdooPage(contexts.take(cookies_of(login), width, height), odoo)
        pages.append(page)
        return page

    yield open_as
    has_failed = HAS_FAILED in request.node.stash or any(page.errors for page in pages)
    for number, page in enumerate(pages):
        if has_failed:
            page.page.screenshot(path=scratch / f"{request.node.name}-{number}.png")
        contexts.give_back(page.page)
    assert not [error for page in pages for error in page.errors]
