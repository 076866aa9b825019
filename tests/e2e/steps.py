"""What every user does on the way through the four steps."""

from playwright.sync_api import expect


def start_mailing(ui, name, subject, recipients="Contacts"):
    """Fill in step 1 of a new mailing and go on to step 2."""
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing")
    ui.press("New", scope=".o_control_panel")
    ui.fill("name", name)
    ui.fill("subject", subject)
    ui.field("recipient_type").get_by_label(recipients).check()
    ui.press("Next")
    ui.expect_step("Composition")


def choose_way(ui, label):
    """Choose in step 2 how to compose the e-mail."""
    ui.field("composition").get_by_label(label).click()


def write_code(ui, html):
    """Write the e-mail as HTML code."""
    choose_way(ui, "HTML code")
    editor = ui.field("body_code").locator(".ace_editor")
    expect(editor).to_be_visible()
    editor.click()
    ui.page.keyboard.insert_text(html)


def load(ui, filter_name):
    """Add what a saved filter finds, in step 3."""
    ui.choose_source("Add", filter_name)
    expect(ui.page.locator(".o_field_widget[name=load_ids]")).to_contain_text(
        filter_name
    )


def send_now(ui):
    """Send the mailing from step 4, and wait until it was sent."""
    ui.expect_step("Send")
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    expect(ui.page.locator(".alert-success")).to_contain_text("Sent on", timeout=60_000)
