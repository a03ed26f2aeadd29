"""Texts of servers that know no Markdown."""

from trainboard.markers import Markers
from trainboard.trackers.azure_boards.texts import is_html, to_body, to_stored_html, to_stored_markdown

MARKERS = Markers(b"secret", "azure-boards:acme/Churn/Churn ML")
KEY = "experiment:0123456789abcdef01234567"


def test_html_round_trip_keeps_peoples_letters():
    """When the bot's part changes, what people wrote around it in HTML stays to the letter."""
    theirs = '<div style="color:red">auc &gt;= 0.9 <!-- x --></div>'
    stored = theirs + to_stored_html(f"{MARKERS.wrap(KEY, '## Runs')}")
    body = to_body(stored, is_markdown=False)
    assert (KEY, "auc >= 0.9") == (MARKERS.find_key(body), MARKERS.outside(body).strip())
    changed = to_stored_html(MARKERS.replace(body, KEY, "## More **runs**"), stored)
    assert changed.startswith(theirs)
    assert "<h2>More <strong>runs</strong></h2>" in changed
    assert changed == to_stored_html(
        MARKERS.replace(to_body(changed, is_markdown=False), KEY, "## More **runs**"), changed
    )


def test_elements_in_a_text_are_text():
    """HTML in a body is shown as text: nobody makes elements of it."""
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n" == to_stored_html("<script>alert(1)</script>")


def test_format_that_nobody_told():
    """A stored text is HTML if it carries a mark of HTML."""
    body = MARKERS.wrap(KEY, "ours")
    assert (True, False) == (is_html(to_stored_html(body)), is_html(to_stored_markdown(body)))


def test_what_is_folded_is_open_in_html():
    """A fold is HTML, which would be shown as text; that of others stays text."""
    body = "<details><summary>The figures</summary>\n\n| a |\n| --- |\n\n</details>\n\nEnd <details>"
    html = to_stored_html(body)
    assert html.startswith("<p><strong>The figures</strong></p>\n<table>")
    assert html.endswith("</table>\n<p>End &lt;details&gt;</p>\n")
