"""What is wrong with a screen: what axe-core finds in our own markup, and what does not
fit into a narrow window."""

from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

# Each view, component, field and widget of ours has such a class, and what we add to a
# form of Odoo's such a name.
OURS = (
    "[class*=o_mailjet_]",
    "[class*=o_field_mailjet_]",
    "[class*=o_widget_mailjet_]",
    "[name^=massmailing]",
)
# What Odoo draws inside of that, and what is wrong with it.
ODOOS = {
    ".o_field_widget:not([class*=o_field_mailjet_])": "colors of badges, unnamed boxes",
    ".o_list_renderer": "headers without words, boxes without labels",
    ".o_control_panel": "roles of the search without their parents",
    ".o_domain_selector": "boxes without labels",
    ".o-mail-Form-chatter": "pictures without a text",
    ".o_notebook_headers": "tabs without a list of tabs",
    ".o_kanban_record": "articles that are links",
    ".o_mail_theme_selector": "entries without their menu",
    ".o_field_mailjet_mailing_html iframe": "a canvas without a title",
    ".o-hb-btn": "buttons of the editor without names",
    ".modal-header": "the level of a dialog's title, and a second banner",
    ".btn.o-dropdown.show": "colors of a button whose menu is open",
}
# A view in a dialog is a second main part of the page, as Odoo draws it.
RULES_OF_MAIN = (
    "landmark-main-is-top-level",
    "landmark-no-duplicate-main",
    "landmark-unique",
)
# What Odoo lets be scrolled sideways on its own.
SCROLLED = {
    ".o_list_renderer, .o_pivot, .o_activity_view .o_content": "tables of data",
    ".o_kanban_grouped": "columns, of which a phone shows one",
    ".o-mail-Chatter-topbar": "the buttons of the chatter",
    ".o_graph_view .overflow-x-auto": "the buttons of a graph",
    ".o_mailjet_campaigns": "the table of a mailing's campaigns",
    ".settings_tab": "the applications with settings",
}
FOLLOW_TIME = 3000  # milliseconds
RUN = "([context, options]) => axe.run(context, options)"
FIND_CUT_OFF = """scrolled => {
    const page = document.scrollingElement;
    const draw = (element) => element.cloneNode(true).outerHTML.slice(0, 200);
    const isCutOff = (element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > page.clientWidth + 1;
    };
    const isScrolled = (element) =>
        element.clientWidth && element.scrollWidth > element.clientWidth + 1 &&
        ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const found = (selector, condition) => [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility() && !element.closest(scrolled))
        .filter(condition);
    return [
        ...(page.scrollWidth > page.clientWidth
            ? [`The page is too wide: ${page.scrollWidth} for ${page.clientWidth}`,
                ...[...document.querySelectorAll("body *")].filter(isCutOff)
                    .slice(0, 5).map((part) => `Sticks out: ${draw(part)}`)]
            : []),
        ...found("button, .btn", isCutOff).map((button) => `Cut off: ${draw(button)}`),
        ...found("body *", isScrolled).map((part) => `Scrolls: ${draw(part)}`),
    ];
}"""


def add_axe(pages):
    """Let a page, or all those of a browser's context, have axe-core."""
    pages.add_init_script(Axe().axe_script)


def find_violations(page):
    """Return what axe-core finds in our own markup, as lines of text."""
    if not page.locator(", ".join(OURS)).count():
        return []
    context = {"include": list(OURS), "exclude": list(ODOOS)}
    ignored = RULES_OF_MAIN if page.locator(".modal").count() else ()
    rules = {rule: {"enabled": False} for rule in ignored}
    options = {"resultTypes": ["violations"], "rules": rules}
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in page.evaluate(RUN, [context, options])["violations"]
        for node in violation["nodes"]
    ]


def find_cut_off(page):
    """Return what does not fit into the width of the window, as lines of text, once
    Odoo's menus and our pictures have had time to follow that width."""
    scrolled = ", ".join(SCROLLED)
    with suppress(TimeoutError):
        page.wait_for_function(
            f"s => !({FIND_CUT_OFF})(s).length", arg=scrolled, timeout=FOLLOW_TIME
        )
    return page.evaluate(FIND_CUT_OFF, scrolled)
