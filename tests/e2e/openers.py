"""What opens a screen on a stage."""

from playwright.sync_api import expect
from stage import ADDON, DIALOG, DO_ACTION, MAILING

# A list, which is cards on a phone.
PEOPLE = ".o_action_manager :is(.o_list_view, .o_kanban_view)"


def action(name, **options):
    return lambda stage: stage.action(name, **options)


def window(model, view="form", record=None, **more):
    return lambda stage: stage.window(model, view, record, **more)


def mailing(record, step, *clicks, shown=".o_view_controller"):
    """Return what opens a mailing at a step, and presses something there."""

    def open_it(stage):
        stage.mailing(record, step)
        for selector in clicks:
            stage.click(selector)
        stage.expect_shown(shown)

    return open_it


def open_canvas(record):
    """Return what opens a mailing in the visual editor, and waits until that is
    there."""

    def open_it(stage):
        stage.mailing(record, "content")
        expect_canvas(stage)

    return open_it


def expect_canvas(stage):
    canvas = stage.page.frame_locator(".o_field_mailjet_mailing_html iframe").first
    expect(canvas.locator("[contenteditable=true]").first).to_be_visible()


def open_version(stage):
    """Open a version of a mailing, and wait until its editor is there."""
    stage.window("mailjet.version", record="version")
    expect_canvas(stage)


def button(method, *args, record="autumn", model=MAILING, shown=DIALOG):
    """Return what presses a button of a record, whose form is opened first."""

    def open_it(stage):
        stage.window(model, record=record)
        stage.press_button(model, record, method, *args)
        stage.expect_shown(shown)

    return open_it


def history(record, model):
    """Return what opens the mailings that a record got."""
    method = "action_view_massmailings"
    return button(method, record=record, model=model, shown=PEOPLE)


def dialog(title, model, **context):
    """Return what opens a form in a dialog with a title."""

    def open_it(stage):
        links = {key: stage.ids.get(value, value) for key, value in context.items()}
        stage.mailing("autumn")
        stage.window(model, name=title, target="new", context=links, shown=DIALOG)

    return open_it


def of_contact(name):
    """Return what opens an action on a contact, in a dialog over the contact's form."""

    def open_it(stage):
        ada = stage.ids["ada"]
        stage.window("res.partner", record="ada")
        context = {"active_id": ada, "active_ids": [ada], "active_model": "res.partner"}
        stage.page.evaluate(
            DO_ACTION, [f"{ADDON}.{name}", {"additionalContext": context}]
        )
        stage.expect_shown(DIALOG)

    return open_it


def open_consent_record(stage):
    """Open the consent record of a contact, as the page that Odoo puts in a frame."""
    of_contact("mailjet_consent_record_open_action")(stage)
    stage.click(f"{DIALOG} [name=action_open]", shown=".o_action_manager iframe")
    frame = stage.page.locator(".o_action_manager iframe")
    # Odoo makes the styles of its documents for the first request, but not for two at
    # once.
    frame.element_handle().content_frame().wait_for_load_state()
    stage.page.goto(f"{stage.odoo.url}{frame.get_attribute('src')}")
    stage.expect_shown(".o_mailjet_consent_record h1")


def open_health_asking(stage):
    """Open the page Health of a company that measures with consent only."""
    with stage.scenes.measuring_with_consent():
        stage.action("mailjet_health_action", shown=".o_mailjet_health .list-group")


def open_retention_archive(stage):
    """Open the dialog that confirms that prospects are archived."""
    stage.action("mailjet_retention_action")
    stage.press_button("mailjet.retention", "prospect", "action_confirm")
    stage.expect_shown(DIALOG)


def outside(address):
    """Return what opens a page outside of Odoo's web client."""
    return lambda stage: stage.page.goto(stage.addresses[address])
