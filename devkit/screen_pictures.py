"""Takes a picture of every screen and state, in each language and width.
`./dev pictures --screens` runs it where the helpers of tests/e2e can be imported."""

import os
import sys
from pathlib import Path

from browser import ARGUMENTS
from playwright.sync_api import Error, sync_playwright
from scenes import Scenes
from screens import PUBLIC, SCREENS
from servers import SandboxServer, demo_server
from stage import Stage

LANGUAGES = ("en_US", "fr_FR")
SIZES = ({"width": 1440, "height": 900}, {"width": 1024, "height": 768})
SIZES += ({"width": 360, "height": 740},)
# Of a screen that is higher than the window, the rest is shown, too; to this height.
HIGHEST = 2400
MEASURE = """() => Math.max(...[...document.querySelectorAll(".o_content, .modal-body")]
    .map((part) => part.scrollHeight - part.clientHeight), 0)"""


def main(folder: str) -> int:
    """Write every picture below the folder; answers the exit code."""
    scratch = Path(os.environ["MASSMAILING_SCRATCH"])
    sandbox = SandboxServer(scratch)
    failed = []
    try:
        with demo_server(scratch, "pictures", sandbox, cron_threads=0) as server:
            scenes = Scenes(server, sandbox)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=os.environ["MASSMAILING_CHROMIUM"], args=ARGUMENTS
                )
                for language in LANGUAGES:
                    scenes.speak(language)
                    for size in SIZES:
                        path = Path(folder) / language / str(size["width"])
                        failed += picture_all(browser, scenes, size, path)
                browser.close()
    finally:
        sandbox.stop()
    for line in failed:
        print(f"Not pictured: {line}")
    return bool(failed)


def picture_all(browser, scenes, size, folder: Path) -> list[str]:
    """Take the pictures of one language and size; answers what failed."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for login in ("demo", "admin"):
        context = browser.new_context(viewport=size)
        stage = Stage(context.new_page(), scenes)
        stage.log_in(login)
        stage.start()
        for screen in (*SCREENS, *PUBLIC):
            if screen.login == login:
                try:
                    picture(stage, screen, size, folder)
                except (AssertionError, Error) as error:
                    failed.append(f"{folder}/{screen.name}: {error}")
        context.close()
    return failed


def picture(stage, screen, size, folder: Path):
    """Show a screen, and write what there is of it."""
    try:
        screen.open(stage)
        stage.settle()
        hidden = stage.page.evaluate(MEASURE)
        height = min(size["height"] + hidden, HIGHEST)
        stage.page.set_viewport_size(size | {"height": height})
        stage.settle()
        # Charts grow, and pictures come into view.
        stage.page.wait_for_timeout(500)
        stage.page.screenshot(path=folder / f"{screen.name}.png", animations="disabled")
    finally:
        stage.page.set_viewport_size(size)
        stage.leave()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
