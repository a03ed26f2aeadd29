"""The documentation as a site: every page is there, every link leads somewhere, all of it is ours."""

import importlib.util
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

ROOT = Path(__file__).parents[2]
HOOK = ROOT / "docs" / "_site" / "pages.py"


class Links(HTMLParser):
    """What a page links to and loads, and the ids in it."""

    def __init__(self, page):
        super().__init__()
        self.links, self.loaded, self.ids = [], [], set()
        self.feed(page.read_text())

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        self.ids |= {of["id"]} if of.get("id") else set()
        if tag == "a" and of.get("href"):
            self.links.append(of["href"])
        elif tag in {"script", "img", "link", "iframe"} and of.get("rel") != "canonical":
            self.loaded += filter(None, [of.get("src"), of.get("href")])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site's folder; building it told of no page that is left out and no link that leads nowhere."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", folder]
    environ = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """The pages by path, as parsed."""
    return {page.resolve(): Links(page) for page in site.rglob("*.html") if page.name != "404.html"}


def test_every_link_leads_somewhere(pages):
    """To a page or a file of the site, and to a heading that is there."""
    lost = []
    for page, parsed in pages.items():
        for link in parsed.links:
            path, anchor = urldefrag(link)
            target = (page.parent / unquote(path)).resolve() if path else page
            if "://" in link or link.startswith("mailto:"):
                continue
            known = pages.get(target)
            if not target.exists() or (anchor and known and unquote(anchor) not in known.ids):
                lost.append((page.name, link))
    assert [] == lost


def test_a_page_loads_nothing_from_elsewhere(pages):
    """Who reads it is told to nobody."""
    loaded = {each for parsed in pages.values() for each in parsed.loaded}
    assert set() == {each for each in loaded if "://" in each or each.startswith("//")}


def test_sources_and_decisions_have_pages(site):
    """Each source's README among them, which stands beside its code."""
    sources = {path.parent.name for path in ROOT.glob("webhooks/trainboard_webhooks/*/README.md")}
    assert sources == {path.stem for path in (site / "sources").glob("*.html")}
    decisions = {path.stem for path in ROOT.glob("docs/adr/0*.md")}
    assert decisions <= {path.stem for path in (site / "adr").glob("*.html")}


@pytest.mark.parametrize(
    ("path", "address", "link", "expected"),
    [
        ("README.md", "index.md", "docs/runs.md#fields", "runs.md#fields"),
        ("README.md", "index.md", "webhooks/trainboard_webhooks/runs/README.md", "sources/runs.md"),
        (
            "webhooks/trainboard_webhooks/runs/README.md",
            "sources/runs.md",
            "../../../docs/runs.md",
            "../runs.md",
        ),
        ("docs/adr/0001-x.md", "adr/0001-x.md", "../../SECURITY.md", "../security.md"),
        ("docs/runs.md", "runs.md", "../config/compose.yaml", "files/config/compose.yaml"),
        ("docs/runs.md", "runs.md", "#fields", "#fields"),
        ("docs/runs.md", "runs.md", "https://example.com/a.md", "https://example.com/a.md"),
    ],
)
def test_links_are_made_for_the_site(path, address, link, expected):
    """From where the page stands in a checkout to where it stands there."""
    spec = importlib.util.spec_from_file_location("site_pages", HOOK)
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    assert f"[x]({expected})" == hook.rewrite(f"[x]({link})", path, address)
