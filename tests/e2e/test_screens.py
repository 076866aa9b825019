"""Every screen of ours: nothing is wrong with its accessibility, and nothing is cut
off, however narrow the window is."""

from functools import cache

import pytest
from accessibility import add_axe, find_cut_off, find_violations
from scenes import Scenes
from screens import PUBLIC, SCREENS
from servers import demo_server
from stage import Stage

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}
# What is left of it at 200 %.
ENLARGED = {"width": 720, "height": 450}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def scenes(scratch, sandbox):
    with demo_server(scratch, "screens", sandbox, cron_threads=0) as server:
        yield Scenes(server, sandbox)


@pytest.fixture(scope="module")
def stage_of(chromium, scenes):
    """Return the stage of a user in a window of a size, which is kept."""
    contexts = []

    @cache
    def open_stage(login, width, height):
        context = chromium.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        add_axe(context)
        stage = Stage(context.new_page(), scenes)
        stage.log_in(login)
        stage.start()
        return stage

    yield open_stage
    for context in contexts:
        context.close()


@pytest.fixture
def show(stage_of):
    """Return what shows a screen in a window of a size, and clears the stage after."""
    shown = []

    def show_screen(screen, size):
        stage = stage_of(screen.login, **size)
        shown.append(stage)
        screen.open(stage)
        stage.settle()
        return stage.page

    yield show_screen
    for stage in shown:
        stage.leave()
        # The page of a test that is gone says so by its status, too.
        assert not [error for error in stage.errors if "404" not in error]


def name_of(screen):
    return screen.name


@pytest.mark.parametrize("screen", [*SCREENS, *PUBLIC], ids=name_of)
def test_a_screen_is_accessible_and_can_be_enlarged(show, screen):
    page = show(screen, WIDE)
    assert not find_violations(page)
    page.set_viewport_size(ENLARGED)
    try:
        assert not find_cut_off(page)
    finally:
        page.set_viewport_size(WIDE)


@pytest.mark.parametrize("screen", [*SCREENS, *PUBLIC], ids=name_of)
def test_a_screen_fits_a_phone(show, screen):
    assert not find_cut_off(show(screen, PHONE))
