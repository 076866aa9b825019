"""A page that goes from screen to screen, in any language.

The web client's own services open them, which is several times faster than to load each
by its address.
"""

from browser import OdooPage
from playwright.sync_api import expect

ADDON = "massmailing_mailjet"
DO_ACTION = """([action, options]) =>
    odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action, options)"""
# As a button does: what the method answers is opened.
PRESS = """([resModel, resId, name, args]) =>
    odoo.__WOWL_DEBUG__.root.env.services.action.doActionButton({
        type: "object", resModel, resId, resIds: [resId], name,
        args: JSON.stringify(args),
        context: odoo.loader.modules.get("@web/core/user").user.context,
    })"""
# Odoo keeps a connection open, so the network is never idle.
IS_QUIET = """() => !document.querySelector(".o_loading_indicator, .o_blockUI")
    && ![...document.querySelectorAll(".fa-spin")].some((icon) => icon.offsetParent)
    && [...document.images].every((image) => image.complete)
    && !document.getAnimations().some(({ playState, effect }) =>
        playState === "running" && effect?.getTiming().iterations < 100)"""
MAILING = "mailjet.mailing"
DIALOG = ".modal-dialog"
# Menus and pickers.
OVER = ".o-dropdown--menu, .o_popover"


class Stage(OdooPage):
    """A page that opens screens, and the records of them."""

    def __init__(self, page, scenes):
        super().__init__(page, scenes.server)
        self.scenes = scenes
        self.ids = scenes.ids
        self.addresses = scenes.addresses

    def start(self):
        """Load the web client, in the language of the user."""
        self.page.goto(f"{self.odoo.url}/odoo/mass-mailing")
        expect(
            self.page.locator(".o_action_manager .o_view_controller")
        ).to_be_visible()

    def action(self, name, shown=".o_view_controller", **options):
        """Open an action of ours by its external name, or by what it holds."""
        if isinstance(name, str):
            name = name if "." in name else f"{ADDON}.{name}"
        self.page.evaluate(DO_ACTION, [name, {"clearBreadcrumbs": True, **options}])
        self.expect_shown(shown)

    def window(
        self, model, view="form", record=None, shown=".o_view_controller", **more
    ):
        """Open a view of a model."""
        action = {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record and self.ids[record],
            "views": [[False, view]],
            **more,
        }
        self.action(action, shown)

    def mailing(self, record, step=None):
        """Open the form of a mailing, at a step."""
        if step:
            self.press_button(MAILING, record, "action_go_to_step", step)
        self.window(MAILING, record=record, shown=".o_mailjet_mailing_form")

    def press_button(self, model, record, method, *args):
        """Do what a button of a record does."""
        self.page.evaluate(PRESS, [model, self.ids[record], method, args])

    def click(self, selector, shown=None):
        """Press something on the screen."""
        self.page.locator(selector).locator("visible=true").first.click()
        if shown:
            self.expect_shown(shown)

    def expect_shown(self, selector):
        expect(self.page.locator(selector).first).to_be_visible()

    def settle(self):
        """Wait until the screen is as it stays."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_function(IS_QUIET)

    def leave(self):
        """Close what lies over the screen, and come back from another page."""
        if not self.page.locator(".o_web_client").count():
            return self.start()
        while self.page.locator(OVER).count():
            self.page.keyboard.press("Escape")
        self.page.evaluate("odoo.__WOWL_DEBUG__.root.env.services.dialog.closeAll()")
        expect(self.page.locator(DIALOG)).to_have_count(0)
