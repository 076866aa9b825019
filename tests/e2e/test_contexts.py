"""What a page finds in a browser's context that served another page before."""

import pytest
from browser import Contexts

pytestmark = pytest.mark.browser
STORE = """async () => {
    localStorage.setItem("left", "1");
    sessionStorage.setItem("left", "1");
    document.cookie = "left=1";
    await caches.open("left");
    await new Promise((resolve) => indexedDB.open("left").onsuccess = resolve);
}"""
READ = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage),
    ...document.cookie.match("left") || [], ...await caches.keys(),
    ...(await indexedDB.databases()).map(({ name }) => name),
]"""


def test_nothing_is_left_of_an_earlier_page(chromium, sandbox):
    contexts = Contexts(chromium)
    earlier = contexts.take([], 1400, 900)
    earlier.goto(sandbox.url)
    earlier.evaluate(STORE)
    assert earlier.evaluate(READ) == ["left"] * 5
    contexts.give_back(earlier)
    later = contexts.take([], 360, 740)
    assert later.context is earlier.context
    later.goto(sandbox.url)
    assert later.evaluate(READ) == []
    assert later.evaluate("[innerWidth, innerHeight]") == [360, 740]
    later.context.close()


def test_two_pages_at_a_time_are_two_browsers(chromium):
    contexts = Contexts(chromium)
    pages = [contexts.take([], 1400, 900) for _ in range(2)]
    assert pages[0].context is not pages[1].context
    for page in pages:
        page.context.close()
