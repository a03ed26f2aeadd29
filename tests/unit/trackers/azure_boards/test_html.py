"""Simple HTML as Markdown."""

import pytest

from trainboard.trackers.azure_boards.html import to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<div>auc &gt;= 0.9</div><div>cost &lt; 5 USD</div>", "auc >= 0.9\ncost < 5 USD"),
        ("<p>one</p>\n<p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<h2>Runs</h2>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "## Runs\n\n- a\n- b"),
        ("<b>x</b> <i>y</i> <code>z</code> <s>s</s>", "**x** *y* `z` ~~s~~"),
        ('<a href="https://a.example/?x=1&amp;y=2">run</a>', "[run](https://a.example/?x=1&y=2)"),
        ('<img src="https://a.example/i.png" alt="plot">', "![plot](https://a.example/i.png)"),
        ("<pre><code>a &lt; b\n</code></pre>", "```\na < b\n```"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "| a | b |"),
        ("<table><tr><th>a</th></tr><tr><td>1</td></tr></table>", "| a |\n| --- |\n| 1 |"),
        ("plain", "plain"),
        ("<span style='color:red'>seen</span></a>", "seen"),
        ("", ""),
    ],
)
def test_html_as_markdown(html, markdown):
    """HTML that people write is read as the Markdown that they would have written."""
    assert markdown == to_markdown(html)


@pytest.mark.parametrize("piece", ["<a href=", '<a "', "<", "<!--", "&", "<p>a</p>", "<ul><li>"])
def test_odd_html_takes_no_long(piece):
    """A long text of half tags is read in one go; what is no tag is its text."""
    assert isinstance(to_markdown(piece * 20_000), str)
    assert "<a href=" == to_markdown("<a href=")
