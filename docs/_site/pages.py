"""Hook of MkDocs: what stands outside of `docs/` is part of the site where a page links to it.

The pages stay as they are, with links that work in a checkout. READMEs of sources become pages in `sources/`,
other files are offered as they are below `files/`. Source: "Hooks" and "Events" of MkDocs' documentation.
"""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
}
SOURCES = re.compile(r"webhooks/trainboard_webhooks/(\w+)/README\.md")
LINK = re.compile(r"(?<=\]\()(?!\w+:)(?P<path>[^)#\s]+)(?P<rest>#[^)\s]*)?(?=\))")
ICON = "bot/trainboard/web/static/icon.svg"
MERMAID = ROOT / ".peers" / "npm" / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Without the script beside, the theme would fetch the one for diagrams from elsewhere."""
    if MERMAID.exists():
        config.extra_javascript = [*config.extra_javascript, "files/mermaid.min.js"]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages from outside of `docs/`, and the files that any page links to."""
    for path, address in list_pages().items():
        files.append(File.generated(config, address, abs_src_path=str(ROOT / path)))
    for path in sorted(_list_linked()):
        files.append(File.generated(config, f"files/{path}", abs_src_path=str(ROOT / path)))
    files.append(File.generated(config, "images/icon.svg", abs_src_path=str(ROOT / ICON)))
    if MERMAID.exists():
        files.append(File.generated(config, "files/mermaid.min.js", abs_src_path=str(MERMAID)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """The text with its links as they are on the site."""
    address = page.file.src_uri
    by_address = {where: path for path, where in list_pages().items()}
    return rewrite(markdown, by_address.get(address, f"docs/{address}"), address)


def list_pages() -> Mapping[str, str]:
    """The pages outside of `docs/`, by path from the root, with their addresses."""
    found = (
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("webhooks/trainboard_webhooks/*/README.md")
    )
    sources = {path: f"sources/{path.split('/')[-2]}.md" for path in found}
    return {**PAGES, **sources}


def rewrite(text: str, path: str, address: str) -> str:
    """The text of the page at `path` from the root, with links for its `address` on the site."""

    def place(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match["path"]))
        return posixpath.relpath(_find_address(target), posixpath.dirname(address)) + (match["rest"] or "")

    return LINK.sub(place, text)


def _find_address(target: str) -> str:
    """Where on the site the file at that path from the root stands."""
    if target in list_pages():
        return list_pages()[target]
    return target.removeprefix("docs/") if target.startswith("docs/") else f"files/{target}"


def _list_linked() -> set[str]:
    """The files outside of `docs/` that are no pages and that some page links to."""
    texts = [*ROOT.glob("docs/**/*.md"), *(ROOT / path for path in list_pages())]
    linked = {
        posixpath.normpath(posixpath.join(page.parent.relative_to(ROOT).as_posix(), match["path"]))
        for page in texts
        for match in LINK.finditer(page.read_text())
    }
    outside = (each for each in linked if not each.startswith("docs/") and each not in list_pages())
    return {each for each in outside if (ROOT / each).is_file()}
