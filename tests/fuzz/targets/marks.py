"""Bodies of work items and comments, which hold marks, and what Azure Boards keeps of them."""

from collections.abc import Iterator
from contextlib import suppress

from fuzz import Target, to_text
from trainboard.errors import PermanentError
from trainboard.markers import Markers
from trainboard.rendering.mentions import ensure_mention
from trainboard.trackers.azure_boards.html import to_markdown
from trainboard.trackers.azure_boards.marks import from_definitions, split_body, to_definitions
from trainboard.trackers.azure_boards.texts import is_html, to_body, to_stored_html, to_stored_markdown

TRACKER = "azure-boards:acme/Churn"
MARKERS = Markers(b"a secret that nobody is told", TRACKER)
STRANGER = Markers(b"another secret", TRACKER)
END = "<!-- trainboard:end -->"
KEY = "experiment:0123456789abcdef01234567"


def check_marks(data: bytes) -> None:
    """A mark is ours only if we made it; our part is replaced, and the rest is kept to the letter."""
    before, _, after = to_text(data).partition("\n===\n")
    for body in (before, after, before + STRANGER.wrap(KEY, after)):
        assert MARKERS.find_key(body) is None
        assert (body, "") == (MARKERS.outside(body), MARKERS.inside(body))
    body = before + MARKERS.wrap(KEY, "old") + after
    assert MARKERS.find_key(body) == KEY
    assert MARKERS.replace(body, KEY, "new") == before + MARKERS.wrap(KEY, "new") + after
    assert MARKERS.inside(body) == "old"
    assert MARKERS.outside(body) == f"{before}\n{after}"
    ours = after.replace(END, "")
    added = MARKERS.replace(before, KEY, ours)
    assert added.startswith(before)
    assert added == MARKERS.replace(added, KEY, ours)
    mentioned = ensure_mention(before, "AB#12", MARKERS, KEY)
    assert mentioned == ensure_mention(mentioned, "AB#12", MARKERS, KEY)


def check_boards(data: bytes) -> None:
    """What is stored in a field is read, holds no HTML of a body, and its marks come back."""
    stored, _, body = to_text(data).partition("\n===\n")
    whole = "".join(f"<!-- {mark} -->{part}" if mark else part for mark, part in split_body(body))
    assert len(whole) >= len(body) - 2 * body.count("<!-- trainboard:")
    assert from_definitions(to_definitions(from_definitions(body))) == from_definitions(body)
    assert "<script" not in to_stored_html(body).lower()
    to_markdown(stored)
    is_html(stored)
    with suppress(PermanentError):
        to_stored_markdown(body)
        for kept in (to_stored_html(body), to_stored_html(body, stored)):
            assert to_body(kept, is_markdown=False) == to_body(kept, is_markdown=False)
    assert to_body(stored, is_markdown=False) == to_body(stored, is_markdown=False)


def list_bodies() -> Iterator[bytes]:
    """Bodies with marks of others, whole and broken."""
    mark = STRANGER.wrap(KEY, "theirs")
    yield f"words\n\n{mark}\n===\nmore".encode()
    yield f"{mark.removesuffix(END)}\n===\n{mark}{mark}".encode()
    yield b"AB#12 `AB#12` <!-- AB#12 -->\n===\n```\nAB#12"


def list_stored() -> Iterator[bytes]:
    """HTML as an editor writes it, with a body to put in its place."""
    yield b"<div>words <b>bold</b><br></div><ul><li>a</li></ul>\n===\n# words\n\n- a\n\n| a |\n|--:|\n| 1 |"
    yield (
        to_stored_html(f"words\n\n{STRANGER.wrap(KEY, 'x')}\nmore") + f"\n===\n{STRANGER.wrap(KEY, 'y')}"
    ).encode()
    yield to_definitions(f"words\n\n{STRANGER.wrap(KEY, 'x')}").encode() + b"\n===\n<script>x</script>"
    yield b"<table><tr><th>a</th></tr><tr><td>&lt;b&gt;</td></tr></table><pre>x</pre><a href=x>\n===\n<b>"


TARGETS = [
    Target(
        name="marks",
        check=check_marks,
        seeds=list_bodies,
        words=("\n===\n", STRANGER.begin(KEY), END, "<!--", "-->", "```", "AB#12", "\n\n"),
    ),
    Target(
        name="boards",
        check=check_boards,
        seeds=list_stored,
        words=(
            *("\n===\n", STRANGER.begin(KEY), END, '[//]: # "trainboard:end"', "<pre>", "</pre>"),
            *(
                "<p>",
                "</p>",
                "<br>",
                "<li>",
                "<a href=",
                "</a>",
                "&lt;",
                "&nbsp;",
                "<table>",
                "<tr>",
                "<td>",
                "<img ",
            ),
        ),
    ),
]
