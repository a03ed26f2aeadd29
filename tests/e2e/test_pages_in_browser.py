"""The pages of the demo in a real browser: for everybody, on every screen, by themselves."""

import subprocess
import sys

import pytest

from peers.browser import chromium, keep_picture, list_violations
from peers.service import free_port

pytestmark = pytest.mark.peer

SCREENS = {"phone, dark": (390, 844, "dark"), "wide, light": (1280, 900, "light")}
PAGES = {
    "board": "/",
    "experiment": "a[href*='/experiments/']",
    "sprints": "/sprints",
    "sprint": "a[href^='/sprints/']",
    "comparison": "/sprints/compare?project=churn&a=1&b=2",
    "pull requests": "/pull-requests",
    "deployments": "/deployments",
    "alerts": "/alerts",
    "alert": "a[href^='/alerts/']",
    "item": "/items/1",
    "deliveries": "/deliveries",
    "delivery": "a[href^='/deliveries/']",
    "health": "/health",
    "API": "/api",
    "no page": "/nowhere",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a service that played the demo."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "trainboard", "demo", "--port", str(port)]
    folder = tmp_path_factory.mktemp("demo")
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as played:
        said = []
        for line in iter(played.stdout.readline, ""):
            said.append(line)
            if line.startswith("The board:"):
                break
        else:
            pytest.fail("".join(said))
        yield f"http://127.0.0.1:{port}"
        played.terminate()
        played.wait(timeout=30)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def open_page(browser, site):
    """Opens a page by its name in `PAGES`, as a person with that screen sees it."""
    contexts = []

    def open_(name, screen="wide, light"):
        width, height, colours = SCREENS[screen]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("request", lambda request: page.heard.append(request.url))
        where = PAGES[name]
        if not where.startswith("/"):
            above = list(PAGES)[list(PAGES).index(name) - 1]
            page.goto(site + PAGES[above])
            where = page.locator(where).first.get_attribute("href")
        page.goto(site + where)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_it(open_page, name, screen):
    """axe-core finds nothing, nothing is wider than the screen."""
    page = open_page(name, screen)
    keep_picture(page, f"{name}, {screen}")
    assert [] == list_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen][0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_else(open_page, site, name):
    """Every request goes to the service, and the browser complains only where no page is."""
    heard = open_page(name).heard
    complaints = [each for each in heard if not each.startswith(f"{site}/") and "404" not in each]
    assert [] == complaints


def test_the_board_can_be_walked_by_keyboard(open_page):
    """The first stop leads past the header; each stop can be seen; Enter opens an experiment."""
    page = open_page("board")
    page.keyboard.press("Tab")
    assert "#" in page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "(at => [at.tagName, at.getAttribute('href') || '', getComputedStyle(at).outlineStyle])"
            "(document.activeElement)"
        )
        if stop[0] == "BODY":
            break
        assert "none" != stop[2], stop
        seen.add(stop[1])
        if "/experiments/" in stop[1]:
            page.keyboard.press("Enter")
            page.wait_for_url("**/experiments/*")
            return
    pytest.fail(f"no experiment among {seen}")


def test_the_pages_work_without_script(browser, site):
    """A browser that runs none shows the same board."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site)
        assert page.locator("a[href*='/experiments/']").count() > 3
