"""Markdown from outside on our pages."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainboard.web.markdown import render_markdown

PIECES = ["<", ">", "!--", "-->", "script", "img src=x onerror=y", "[a](", "javascript:x", "https://a.b", ")"]
PIECES += [
    "`",
    "```\n",
    "\n",
    "\n\n",
    "| a |\n|--:|\n",
    "&lt;",
    "\\",
    '"',
    "'",
    "# ",
    "- ",
    "<!-- ",
    "*",
    " ",
]
TAG = re.compile(r"</?([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)\s*/?>")
TAGS = {"p", "a", "code", "pre", "ul", "ol", "li", "h3", "h4", "h5", "h6", "em", "strong", "s", "hr", "br"}
TAGS |= {"blockquote", "div", "table", "thead", "tbody", "tr", "th", "td"}


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
def test_nothing_but_plain_elements_comes_out(text):
    """Whatever comes in: every angle bracket belongs to an element of ours."""
    html = str(render_markdown(text))

    assert {match[1] for match in TAG.finditer(html)} <= TAGS
    assert not re.search("[<>]", TAG.sub("", html))
    assert all(url.startswith("https://a.b") for url in re.findall(r'href="([^"]+)"', html))


def test_html_is_shown_as_text():
    """It does nothing."""
    assert "&lt;img src=x onerror=y&gt;" in render_markdown("a <img src=x onerror=y>")
    assert "&lt;script&gt;" in render_markdown("<script>\nx\n</script>")


def test_comments_are_hidden():
    """The bot's marks and those of people alike, in a line and as a block."""
    assert "trainboard" not in render_markdown("<!-- trainboard:begin v1 -->\nx\n<!-- trainboard:end -->")
    assert render_markdown("a <!-- b --> c") == "<p>a  c</p>\n"


def test_a_comment_in_code_is_code():
    """There it is meant to be read."""
    assert "&lt;!-- b --&gt;" in render_markdown("`<!-- b -->`")


def test_links_tell_nobody_where_they_are_from():
    """And follow no other scheme than http and https."""
    expected = '<a href="https://a.example" rel="noreferrer noopener nofollow">x</a>'
    assert expected in render_markdown("[x](https://a.example)")
    assert "<a" not in render_markdown("[x](javascript:alert) [y](/items/1) <vbscript:x>")


def test_an_image_becomes_a_link():
    """A page loads nothing from elsewhere."""
    assert "<img" not in render_markdown("![x](https://a.example/x.png)")


def test_tables_have_scopes_and_no_styles():
    """The pages' policy allows no style in attributes."""
    html = render_markdown("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert '<th scope="col">a</th>' in html
    assert '<th scope="col" class="amount">b</th>' in html
    assert '<td class="amount">2</td>' in html
    assert "style=" not in html


@pytest.mark.parametrize(("text", "tag"), [("# x", "h3"), ("### x", "h3"), ("#### x", "h4")])
def test_headings_stand_below_the_pages_own(text, tag):
    """The page has the first two levels."""
    assert f"<{tag}>x</{tag}>\n" == render_markdown(text)


def test_lines_of_comments_end_where_they_were_ended():
    """As the platforms show comments; in other text a line end is a space."""
    assert "<p>a<br />\nb</p>" == render_markdown("a\nb", breaks=True).strip()
    assert "<p>a\nb</p>" == render_markdown("a\nb").strip()
