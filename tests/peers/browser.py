"""Debian's Chromium, driven by Playwright, with the accessibility rules of axe-core."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from peers import PEERS, require

AXE = PEERS / "npm" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window; skipped where there is none."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    require(Path(program), "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


def list_violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: each rule with its impact and the first place.

    The page's own policy allows no script, so that axe-core runs in a world of its own beside it.
    """
    source = require(AXE, "axe-core").read_text()
    page.evaluate(f"() => {{ {source} }}")
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{each['impact']} {each['id']}: {each['help']} at {each['nodes'][0]['target']}"
        for each in found["violations"]
    ]


def keep_picture(page: Page, name: str) -> None:
    """A screenshot of the whole page in the folder TRAINBOARD_SCREENSHOTS, if one is named."""
    folder = os.environ.get("TRAINBOARD_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
