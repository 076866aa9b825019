"""Takes the pictures of the add-on's page: drawings as they are, screens as the demo
user and the administrator see them. `./dev pictures` runs it, in the environment that
has Playwright."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
SIZE = {"width": 1400, "height": 860}
# Screens that are higher or lower than that.
HEIGHTS = {
    "screen_recipients": 1060,
    "screen_statistics": 1120,
    "screen_report": 560,
    "screen_health": 920,
}
# Width in pixels of each drawing.
DRAWINGS = {"icon": 256, "banner": 1120}
# Odoo keeps a connection open, so the network is never idle.
SETTLED = """() => !document.querySelector(".o_loading_indicator")
    && [...document.images].every((image) => image.complete)"""
MAILING = "Autumn newsletter"
SENT_MAILING = "The new catalog"


def main(chromium: str, url: str, folder: str):
    """Write every picture into the folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, width in DRAWINGS.items():
            draw(browser, Path(folder), name, width)
        user = log_in(browser, url, "demo")
        for name, show in SCREENS.items():
            show(user, url)
            take(user, Path(folder), name)
        administrator = log_in(browser, url, "admin")
        administrator.goto(f"{url}/odoo/mass-mailing-health")
        administrator.wait_for_selector(".o_mailjet_health")
        take(administrator, Path(folder), "screen_health")
        browser.close()


def draw(browser, folder: Path, name: str, width: int):
    """Turn a drawing into pixels."""
    svg = (folder / f"{name}.svg").read_text()
    page = browser.new_page(viewport={"width": width, "height": width})
    page.set_content(
        f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}"
    )
    drawing = page.locator("svg")
    drawing.evaluate(
        "(svg, width) => Object.assign(svg.style, { width, height: 'auto' })",
        f"{width}px",
    )
    drawing.screenshot(path=folder / f"{name}.png", omit_background=True)
    page.close()


def log_in(browser, url: str, login: str):
    """Return a page on which the user is logged in."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_navbar")
    return page


def take(page, folder: Path, name: str):
    """Write what the page shows, once it has settled."""
    page.set_viewport_size(SIZE | {"height": HEIGHTS.get(name, SIZE["height"])})
    page.mouse.move(0, 0)
    page.wait_for_function(SETTLED)
    # Charts grow for a moment.
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")


def show_list(page, url: str):
    page.goto(f"{url}/odoo/mass-mailing")
    page.wait_for_selector(".o_data_row")


def show_statistics(page, url: str):
    show_list(page, url)
    page.locator(".o_data_cell", has_text=SENT_MAILING).first.click()
    page.locator("button[name=action_view_statistics]:visible").last.click()
    page.wait_for_selector(".o_mailjet_timeline canvas")


def show_report(page, url: str):
    page.goto(f"{url}/odoo/mass-mailing-analysis")
    page.wait_for_selector(".o_pivot")


def show_step(label: str):
    """Return what opens the prepared mailing at a step."""

    def show(page, url: str):
        show_list(page, url)
        page.locator(".o_data_cell", has_text=MAILING).first.click()
        current = page.locator(".o_arrow_button_current:visible", has_text=label)
        page.locator(".o_arrow_button:visible", has_text=label).click()
        current.wait_for()

    return show


SCREENS = {
    "screen_mailings": show_list,
    "screen_details": show_step("Details"),
    "screen_recipients": show_step("Recipients"),
    "screen_sending": show_step("Send"),
    "screen_statistics": show_statistics,
    "screen_report": show_report,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
