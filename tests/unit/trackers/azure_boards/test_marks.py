"""Hidden marks survive where HTML comments do not."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from trainboard.markers import Markers
from trainboard.trackers.azure_boards.marks import (
    from_definitions,
    split_body,
    split_html,
    to_anchor,
    to_definitions,
)

MARKERS = Markers(b"secret", "azure-boards:acme/Churn/Churn ML")
KEY = "experiment:0123456789abcdef01234567"
BEGIN, END = MARKERS.begin(KEY), "<!-- trainboard:end -->"
PIECES = st.lists(
    st.sampled_from([BEGIN, END, "\n", "text", "<!-- theirs -->", " ", "# x", "é🚀"]), max_size=12
)


@given(PIECES.map("".join))
@example(f"\n{BEGIN}\n{END}")
def test_marks_come_back(body):
    """A body is the same after it was stored and read, wherever its marks stand."""
    assert body == from_definitions(to_definitions(body))


def test_marks_are_no_comments():
    """What is stored holds no HTML comment of ours, and shows nothing of the marks."""
    stored = to_definitions(f"people's words\n\n{MARKERS.wrap(KEY, '## Runs')}\nmore")
    assert "<!--" not in stored
    shown = MarkdownIt("commonmark").render(stored)
    assert "<p>people's words</p>\n<h2>Runs</h2>\n<p>more</p>\n" == shown


def test_mark_is_found_where_people_came_close():
    """A mark counts when the empty line before it is gone, and when the lines end as in Windows."""
    stored = to_definitions(f"words\n{MARKERS.wrap(KEY, 'ours')}")
    for edited in (stored.replace("\n\n", "\n"), stored.replace("\n", "\r\n")):
        assert KEY == MARKERS.find_key(from_definitions(edited))


def test_marks_of_html():
    """A link carries a mark in HTML, and the parts between are told apart."""
    body = f"a\n{BEGIN}\nours\n{END}\nb"
    marks = [mark for mark, _ in split_body(body)]
    assert ["", BEGIN[5:-4], "trainboard:end"] == marks
    html = "<p>a</p>" + to_anchor(marks[1]) + "<p>ours</p>" + to_anchor(marks[2]) + "<p>b</p>"
    assert [("", "<p>a</p>"), (marks[1], "<p>ours</p>"), (marks[2], "<p>b</p>")] == list(split_html(html))


def test_copied_mark_is_read_and_not_believed():
    """A mark with a forged MAC is read as the comment that it stands for; that it is forged is seen later."""
    forged = BEGIN.replace("mac=", "mac=0")[:-5] + " -->"
    assert MARKERS.find_key(from_definitions(to_definitions(forged))) is None
