"""Takes pictures of Odoo's themes as emails: each is chosen in the editor, sent as a
test to the sandbox, and taken from its outbox as computers, phones and dark mailboxes
show it. `./dev pictures --emails` runs it, in the environment that has Playwright."""

import sys
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from .pictures import ARGUMENTS, log_in

DESKTOP, PHONE = {"width": 1280, "height": 700}, {"width": 390, "height": 700}
# Viewport, color scheme, and whether the mailbox changes the colors by itself.
VIEWS = {
    "desktop": (DESKTOP, "light", False),
    "phone": (PHONE, "light", False),
    "dark": (DESKTOP, "dark", False),
    "inverted": (PHONE, "dark", True),
}
THEMES = ".o_mail_theme_selector [data-name]"
# There is nothing in it.
EMPTY = "empty"
READER = "reader@example.com"
FORGET_SCHEME = """() => document.querySelectorAll("meta[name$=color-scheme]")
    .forEach((meta) => meta.remove())"""
# How often its arrival is looked for, ten times a second.
ATTEMPTS = 300
INACTIVE_TOO = {"active_test": False}


def main(chromium: str, url: str, outbox: str, folder: str, language: str):
    """Write every picture into the folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        user = EmailUser(browser, url)
        with user.speaking(language):
            for theme in user.list_themes():
                address = f"{outbox}/message/{user.send_theme(theme, outbox)}/html"
                for view in VIEWS:
                    take(browser, address, view, Path(folder) / f"{theme}-{view}.png")
                print(theme, flush=True)
        browser.close()


def take(browser, address: str, view: str, path: Path):
    """Write what a mailbox shows."""
    size, scheme, is_changed = VIEWS[view]
    page = browser.new_page(viewport=size, color_scheme=scheme)
    if is_changed:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setAutoDarkModeOverride", {"enabled": True})
    page.goto(address, wait_until="networkidle")
    if is_changed:
        # Such mailboxes do not ask what the email would like.
        page.evaluate(FORGET_SCHEME)
    page.screenshot(path=path, full_page=True)
    page.close()


class EmailUser:
    """An administrator who makes emails of themes."""

    def __init__(self, browser, url: str):
        self.url, self.language = url, "en_US"
        self.page = log_in(browser, url, "admin")

    @contextmanager
    def speaking(self, language: str):
        """Work in a language, which is installed where it is missing."""
        (user,) = self.call("res.users", "search_read", [("login", "=", "admin")])
        (found,) = self.call(
            "res.lang", "search", [("code", "=", language)], context=INACTIVE_TOO
        )
        values = {"lang_ids": [(6, 0, [found])], "overwrite": False}
        wizard = self.call("base.language.install", "create", values)
        self.call("base.language.install", "lang_install", [wizard])
        self.call("res.users", "write", [user["id"]], {"lang": language})
        self.language = language
        try:
            yield
        finally:
            self.call("res.users", "write", [user["id"]], {"lang": user["lang"]})

    def list_themes(self) -> list[str]:
        """The names of the themes that the editor offers."""
        self.open_editor("Themes")
        named = self.page.locator(THEMES)
        names = named.evaluate_all("found => found.map((theme) => theme.dataset.name)")
        return [name for name in names if name != EMPTY]

    def send_theme(self, theme: str, outbox: str) -> int:
        """Send the email that a theme makes as a test; answers the message's id."""
        before = self.find_message(outbox)
        mailing = self.open_editor(theme)
        self.page.locator(f"{THEMES[:-1]}={theme}]").click()
        canvas = self.page.frame_locator(".o_field_mailjet_mailing_html iframe").first
        canvas.locator("[contenteditable=true]").first.wait_for()
        self.page.locator(".o_form_button_save").click()
        self.page.locator(".o_form_button_save").wait_for(state="hidden")
        values = {"mailing_id": mailing, "email_to": READER}
        test = self.call("mailjet.mailing.test", "create", values)
        self.call("mailjet.mailing.test", "action_send", [test])
        for _attempt in range(ATTEMPTS):
            if (message := self.find_message(outbox)) != before:
                return message
            self.page.wait_for_timeout(100)
        raise RuntimeError(f"The email of the theme {theme} has not arrived.")

    def find_message(self, outbox: str) -> int:
        """Return the id of the newest test that has arrived; 0 for none."""
        query = {"recipient": READER, "limit": 1000}
        answer = self.page.request.get(f"{outbox}/_sandbox/messages", params=query)
        return max((message["id"] for message in answer.json()), default=0)

    def open_editor(self, name: str) -> int:
        """Open the second step of a new mailing; answers its id."""
        values = {"name": name, "subject": name, "step": "content"}
        context = {"lang": self.language}
        mailing = self.call("mailjet.mailing", "create", values, context=context)
        self.page.goto(f"{self.url}/odoo/mass-mailing/{mailing}")
        self.page.locator(THEMES).first.wait_for()
        return mailing

    def call(self, model: str, method: str, *arguments, **options):
        """Call a method of a model; answers what it returns."""
        call = {"model": model, "method": method, "args": arguments, "kwargs": options}
        answer = self.page.request.post(
            f"{self.url}/web/dataset/call_kw",
            data={"jsonrpc": "2.0", "method": "call", "params": call},
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]


if __name__ == "__main__":
    main(*sys.argv[1:])
