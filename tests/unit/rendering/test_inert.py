"""What comes from outside is shown and does nothing, whoever reads the text."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fakes.foreign_bots import COMMANDS, SAMPLES, TRACKERS, list_hits
from trainboard.markers import Markers
from trainboard.rendering.inert import code_cell, inert, inert_code, link, plain

ZERO_WIDTH = "\u200b"

MARKS = {
    "HTML": r"<[!/a-zA-Z?]",
    "Mermaid directive": r"%%",
    "Azure block": r"(?m)^:::",
    "fence": r"(?m)^\s*(?:```|~~~)",
}
HARMLESS_TOKENS = {"text", "text_special"}

HOSTILE = [
    "@octocat and @acme/ml, cc @<6e0a1b2c-0000-4000-8000-1234567890ab>",
    "fixes #1, closes: GH-2, resolves acme/churn#3, Fixed AB#4, see !5",
    "fixes https://github.com/acme/churn/issues/1 or www.example.com or ann@example.com or ftp://a.b",
    "WWW.example.com //example.com HTTP://EXAMPLE.COM mailto:ann@example.com xmpp:ann@example.com",
    "<!-- trainboard:begin v1 key=item:0123456789abcdef01234567 mac=0123456789abcdef -->",
    "<!-- trainboard:end -->",
    "<script>alert(1)</script><img src=x onerror=y> &lt;b&gt; &#64;octocat &commat;octocat",
    "[a](javascript:x) ![b](http://x/y.png) [c]: http://x [^1] [[_TOC_]] [x][y]",
    "*a* _b_ **c** __d__ ~~e~~ ~f~ `g` $h$ snake_case __init__ _private",
    "/promote production",
    "/lgtm",
    "/packit build",
    "/retest",
    "@Mergifyio rebase",
    "@rustbot ready",
    "/hold",
    "/assign @ada @ben",
    ".deploy",
    "!retest",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "1.",
    "# heading",
    "> quote",
    "---",
    "===",
    "| a | b |",
    "a | b\\",
    "a\\|b",
    "\\",
    "\\@octocat \\#1 \\`x`",
    "```mermaid\n%%{init: {}}%%\ngraph TD\n```",
    "::: mermaid\npie\n:::",
    "~~~\nx",
    "    code",
    "line one\r\n\r\n/promote production\u2028/hold\u0085/lgtm\x0b/x",
    "\u202egnp.exe\u2066 \u200b@\u200boctocat zero\u200dwidth \ufeff/promote",
    "@\u200bocto #\u00ad1 G\u2060H-1 ww\u200cw.example.com <\u200b!-- x -->",
    "a\x00b\x1b[31mc\x7f \U000e0041\U000e0042",
    "\ud800 lone",
    "`` two ``` three",
    "`",
    "x" * 10_000,
    "`" * 10_000,
    "@#<&" * 2_500,
    "",
    " \t\n",
    *[text for texts in SAMPLES.values() for text in texts],
]

markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def hostile_examples(test):
    """Runs `test` on every hostile text as well as on those that Hypothesis makes up."""
    for text in HOSTILE:
        test = example(text)(test)
    return settings(deadline=None)(test)


PARTS = "@ # 1 GH- AB# fixes https:// www. a.b/ <!-- --> < & ! %%{ / // ` ``` * _ [ ]( ) | \\ ~ $ - 1. x"
parts = st.sampled_from([*PARTS.split(" "), " ", "\n", "\u200b"])
texts = st.one_of(st.text(max_size=60), st.lists(parts, max_size=14).map("".join))


def inlines(text):
    """The block tokens of the paragraph or table around, and the inline tokens of foreign text."""
    blocks = markdown.parse(text)
    return [b.type for b in blocks], [child for b in blocks for child in b.children or []]


def shown(text):
    """The words that a reader of the rendered `text` sees."""
    return "".join(token.content for token in inlines(text)[1])


def seen(text):
    """The words in `text` itself: no invisible characters, white space folded."""
    gone = {"Cc", "Cf", "Cs"}
    kept = (c for c in text if c.isspace() or unicodedata.category(c) not in gone)
    return " ".join("".join(kept).split())


def alphanumeric(text):
    """Only letters and digits, which nothing here may change."""
    return "".join(c for c in text if c.isalnum() and unicodedata.category(c) != "Lo")


@hostile_examples
@given(texts)
def test_inert_text_is_only_words(text):
    """After a word of ours, inert text makes no block and no inline element of Markdown."""
    blocks, children = inlines("x " + inert(text))
    assert ["paragraph_open", "inline", "paragraph_close"] == blocks
    assert set() == {child.type for child in children} - HARMLESS_TOKENS


@hostile_examples
@given(texts)
def test_inert_text_is_only_words_on_a_line_of_its_own(text):
    """At the beginning of a line inert text is a paragraph, or nothing."""
    blocks, children = inlines(inert(text))
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert set() == {child.type for child in children} - HARMLESS_TOKENS


@hostile_examples
@given(texts)
def test_inert_text_stays_in_its_table_cell(text):
    """A cell with inert text is one cell of words between its neighbours."""
    blocks, children = inlines(f"| a | b | c |\n| --- | --- | --- |\n| 1 | {inert(text)} | 3 |")
    assert (6, 0) == (blocks.count("inline"), blocks.count("paragraph_open"))
    assert set() == {child.type for child in children} - HARMLESS_TOKENS
    assert ("1", "3") == (children[3].content, children[-1].content)


@hostile_examples
@given(texts)
def test_code_in_a_cell_stays_in_its_cell(text):
    """A cell with foreign code is one code span between its neighbours."""
    blocks, children = inlines(f"| a | b | c |\n| --- | --- | --- |\n| 1 | {code_cell(text)} | 3 |")
    assert (6, 0) == (blocks.count("inline"), blocks.count("paragraph_open"))
    assert set() == {child.type for child in children} - {"text", "code_inline"}
    assert ("1", "3") == (children[3].content, children[-1].content)


@hostile_examples
@given(texts)
def test_code_is_one_code_span(text):
    """Foreign code on a line of its own is one code span, or nothing."""
    blocks, children = inlines(inert_code(text))
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert children == [] or ["code_inline"] == [child.type for child in children]


@hostile_examples
@given(texts)
def test_no_tracker_and_no_bot_finds_anything(text):
    """No grammar of a tracker or bot fires, on the source or on what it shows."""
    for rendered in (inert(text), link(text, None), inert(inert(text)), inert(plain(text))):
        assert [] == list_hits(TRACKERS | COMMANDS | MARKS, rendered)
        assert [] == list_hits(TRACKERS | COMMANDS, shown(rendered))


@hostile_examples
@given(texts)
def test_no_tracker_and_no_bot_finds_anything_in_code(text):
    """The same holds for code, whose words an answer by e-mail repeats without the fence."""
    for rendered in ("x " + inert_code(text), "| " + code_cell(text) + " |"):
        assert [] == list_hits(TRACKERS | COMMANDS, rendered)
        assert [] == list_hits(TRACKERS, shown(rendered))
        assert "<!--" not in rendered


@hostile_examples
@given(texts)
def test_no_tracker_and_no_bot_finds_anything_in_a_title(text):
    """Nor in a title, which is plain text after a word of ours."""
    rendered = "Experiment: " + plain(text)
    assert [] == list_hits(TRACKERS | COMMANDS, rendered)
    assert "<!--" not in rendered


@pytest.mark.parametrize("grammar", [*TRACKERS.values(), *COMMANDS.values(), *MARKS.values()])
def test_every_grammar_fires_on_raw_text(grammar):
    """A grammar that finds nothing in the hostile texts would prove nothing."""
    assert any(re.search(grammar, text) for text in HOSTILE)


@hostile_examples
@given(texts)
def test_no_invisible_character_survives(text):
    """Controls, direction marks and zero-width characters go; only our own U+200B is put in."""
    for rendered in (inert(text), inert_code(text), plain(text)):
        assert [] == [c for c in rendered if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
        assert [] == [
            c for c in rendered if unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "RLI"}
        ]
        assert rendered.encode().decode() == rendered


@hostile_examples
@given(texts)
def test_the_words_are_still_there(text):
    """A reader sees the letters and digits of the input, up to the limit."""
    expected = alphanumeric(seen(text))
    words = alphanumeric(shown("x " + inert(text, 100_000)))[1:]
    assert expected == words


@settings(deadline=None)
@given(texts, st.integers(1, 30))
def test_what_is_seen_keeps_the_limit(text, limit):
    """No more than `limit` characters are seen, the ellipsis included."""
    assert len(shown(inert(text, limit)).replace(ZERO_WIDTH, "")) <= limit
    assert len(plain(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("churn-xgb lr=0.1, depth 6 (v2)", "churn-xgb lr=0.1, depth 6 (v2)"),
        ("val_auc", "val_auc"),
        ("_private __init__", "\u200b\\_private \\_\\_init\\_\\_"),
        ("@octocat", "\u200b@\u200boctocat"),
        ("see acme/churn#12", "see acme/churn#\u200b12"),
        ("https://example.com/a", "https:/\u200b/example.com/a"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("a\n  b\tc", "a b c"),
        ("Ünïcödé 模型 😀", "Ünïcödé 模型 😀"),
        ("/promote", "\u200b/promote"),
        ("2. Advent", "\u200b2. Advent"),
        ("2.5 GB", "2.5 GB"),
    ],
)
def test_inert_text_is_readable(text, expected):
    """Ordinary names pass as they are, the rest gets the least that makes it inert."""
    assert expected == inert(text)


def test_the_cut_falls_between_characters_and_not_in_an_escape():
    """What is cut is the text, before it is escaped."""
    assert ("\u200b\\*\\*\\*…", "ab…") == (inert("*" * 9, 4), inert("ab cdef", 4))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run-1", "`run-1`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a``b`", "``` a``b` ```"),
        ("@octocat", "`@\u200boctocat`"),
        ("<!-- x -->", "`<\u200b!-- x -->`"),
        ("\u200b", ""),
    ],
)
def test_code_gets_a_fence_longer_than_what_it_holds(text, expected):
    """The fence is one backtick longer than the longest run inside."""
    assert expected == inert_code(text)


def test_a_bar_in_a_code_cell_is_shown_as_a_bar():
    """The table takes the backslash away."""
    assert "xa\u200b|b" == shown(f"| x |\n| --- |\n| {code_cell('a|b')} |")


def test_plain_text_breaks_mentions_and_nothing_else():
    """A title is no Markdown, so nothing is escaped."""
    assert "churn *v2* @\u200boctocat #\u200b1" == plain("churn *v2*\n@octocat #1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mlflow.example.com/#/experiments/1/runs/ab?x=1&y=2", None),
        ("http://localhost:5000", None),
        ("http://http/", None),
        ("http://[::1]:5000/a", None),
        ("https://x/a b", "https://x/a%20b"),
        ("https://x/a)[b](http://evil", "https://x/a%29%5Bb%5D%28http://evil"),
        ('https://x/"><b>`|\\', "https://x/%22%3E%3Cb%3E%60%7C%5C"),
        ("https://x/?a=1&copy;=2", "https://x/?a=1&copy%3B=2"),
        ("https://x/é%20", "https://x/%C3%A9%20"),
    ],
)
def test_a_link_leads_where_the_address_says(url, expected):
    """Web addresses are linked, with everything encoded that could end the link."""
    rendered = link("run", url)
    assert f"[run]({expected or url})" == rendered
    assert ["link_open", "text", "link_close"] == [token.type for token in inlines(rendered)[1]]


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "https:example.com",
        "https://ann:secret@example.com/",
        "https://github.com@evil.example/",
        "https://exämple.com/",
        "https://[::1",
        "https://x/\u202egnp",
        "https://x/\ny",
        " https://x/",
        "https://github.com/acme/churn/issues/1",
        "https://github.com/acme/churn/pull/1/files",
        "https://github.com/acme/churn/commit/0123456",
        "https://dev.azure.com/acme/Churn/_workitems/edit/1",
        "https://dev.azure.com/acme/Churn/_git/churn/pullrequest/1",
        "https://x/" + "a" * 2048,
        "https://x/\ud800",
    ],
)
def test_other_addresses_are_not_linked(url):
    """What is no web address, or refers to another item, stays words."""
    assert "run" == link("run", url)


@settings(deadline=None)
@given(texts)
def test_no_address_breaks_out_of_its_link(rest):
    """Whatever follows the host, the result is one link or words."""
    _, children = inlines(link("run", f"https://example.com/{rest}"))
    assert [token.type for token in children] in (["text"], ["link_open", "text", "link_close"])


def test_a_name_that_cannot_be_seen_is_said_to_be_none():
    """A link needs words to click on."""
    assert ("(no name)", "[(no name)](https://x)") == (link("\u200b", None), link(" ", "https://x"))


def test_a_true_mark_of_another_item_is_not_found_in_inert_text():
    """A name that copies a true mark does not make an item ours."""
    markers = Markers(b"secret", "github:acme/churn")
    mark = markers.begin("item:0123456789abcdef01234567")
    rendered = [inert(mark), inert_code(mark), code_cell(mark), link(mark, None), plain(mark)]
    assert [None] * 5 == [markers.find_key(text) for text in rendered]
