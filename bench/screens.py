"""Opening the steps of a mailing in a browser."""

import os
from statistics import median

from browser import ARGUMENTS, OdooPage
from playwright.sync_api import sync_playwright

from .table import Table, measure_seconds

VISITS = 7
STEPS = ("Details", "Composition", "Recipients", "Send")
# A step change has to feel immediate.
MOST_SECONDS = 0.4
# What a step has to show before it counts as open.
SHOWN = {
    "Details": ".o_field_widget[name=subject] input",
    "Composition": ".o_field_widget[name=body_code]",
    "Recipients": ".o_mailjet_recipient_list .o_data_row >> nth=20",
    "Send": ".o_field_widget[name=remaining_this_month]",
}


def compare_screens(server, small, big):
    """Print how long each step of two mailings takes to open.

    :param small: ``(id, rows)`` of a mailing
    :param big: ``(id, rows)`` of one that may take hardly longer
    """
    table = Table("Opening a step in a browser, from the click")
    took = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["MASSMAILING_CHROMIUM"], args=ARGUMENTS
        )
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        ui = OdooPage(context.new_page(), server)
        ui.log_in("demo")
        for _visit in range(VISITS):
            for mailing, _rows in (small, big):
                _visit_steps(ui, mailing, took)
        browser.close()
    for step in ("Form", *STEPS):
        for mailing, rows in (big, small):
            table.add_seconds(f"{step}, {rows:,} rows", took[step, mailing])
            if step in STEPS:
                is_met = median(took[step, mailing]) <= MOST_SECONDS
                table.add_target(step, is_met, f"at most {MOST_SECONDS * 1000:.0f} ms")
        table.compare(step, took[step, big[0]], took[step, small[0]], 1.3)


def _visit_steps(ui, mailing, took):
    """Open a mailing by its address, then click through its steps.

    :param dict took: takes the seconds of each step and mailing
    """

    def measure(name, act, shown):
        def open_it():
            act()
            ui.page.locator(shown).first.wait_for(timeout=120_000)

        took.setdefault((name, mailing), []).append(measure_seconds(open_it))

    url = f"{ui.odoo.url}/odoo/mass-mailing/{mailing}"
    measure("Form", lambda: ui.page.goto(url), ".o_arrow_button_current")
    for step in (*STEPS[1:], STEPS[0]):
        arrow = ui.page.locator(".o_arrow_button", has_text=step).first
        # The checks arrive last: then the page is at rest for the next click.
        with ui.page.expect_response("**/mailjet.mailing/get_checks"):
            measure(step, arrow.click, SHOWN[step])
