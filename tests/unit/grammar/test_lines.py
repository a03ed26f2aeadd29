"""Where in a comment a command counts: what other bots were caught by, and what people write by accident."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from trainboard.grammar.lines import (
    MAX_CHARACTERS,
    Markup,
    find_command_lines,
    list_told,
    newly_added,
)
from trainboard.rendering.inert import inert, inert_code
from trainboard.trackers.azure_boards.texts import to_stored_html

GUID = "6e0a1b2c-0000-4000-8000-1234567890ab"
MENTION = f'<a href="#" data-vss-mention="version:2.0,{{{GUID}}}">@Ada Lovelace</a>'

# The names are those of the measured table of where eight other bots run `/test`.
MATRIX = {
    "plain": ("/test unit", ["/test unit"]),
    "CRLF plain 2nd line": ("please\r\n/test unit\r\n", ["/test unit"]),
    "fence LF": ("```\n/test unit\n```", []),
    "fence CRLF": ("```\r\n/test unit\r\n```\r\n", []),
    "fence tilde": ("~~~\n/test unit\n~~~", []),
    "fence 4-backtick nest": ("````\n```\n/test unit\n```\n````", []),
    "fence unclosed": ("```\n/test unit\n", []),
    "fence indented 2sp": ("  ```\n  /test unit\n  ```", []),
    "fence in list": ("- ```\n/test unit\n```", ["/test unit"]),
    "indented code 4sp": ("log:\n\n    /test unit", []),
    "quote": ("> /test unit", []),
    "quote lazy cont": ("> said\n/test unit", []),
    "html comment": ("<!--\n/test unit\n-->", []),
    "details": ("<details>\n\n/test unit\n\n</details>", []),
    "inline code": ("`/test unit`", []),
    "mid-line": ("run /test unit", []),
    "leading space 1": (" /test unit", ["/test unit"]),
    "leading 3sp": ("   /test unit", ["/test unit"]),
    "bullet": ("- /test unit", []),
    "upper": ("/TEST unit", ["/TEST unit"]),
    "prefix word": ("a/test unit", []),
    "path": ("/test/unit x", []),
    "hyphen name": ("/test-all x", ["/test-all x"]),
    "nbsp": ("/test\u00a0unit", ["/test unit"]),
    "zwsp lead": ("\u200b/test unit", []),
    "fullwidth slash": ("／test unit", []),  # noqa: RUF001
    "two cmds": ("/test unit\n/test all", ["/test unit", "/test all"]),
    "after email reply": ("/test unit\n\nOn Monday Ada wrote:\n> /test all", ["/test unit"]),
    "code span over lines": ("see `a\n/test unit\nb`", []),
    "unmatched backtick then cmd": ("see `a\n/test unit", ["/test unit"]),
    "inline html comment over lines": ("see <!-- a\n/test unit\n-->", []),
    "PR template comment": ("<!-- write /test to run -->", []),
    "setext trap": ("/test unit\n---", ["/test unit"]),
    "atx heading": ("# /test unit", []),
    "table row": ("| a | b |\n| - | - |\n/test | x", []),
    "link": ("[/test unit](https://example.com)", []),
    "bold": ("**/test unit**", []),
    "blank lines around": ("a\n\n/test unit\n\nb", ["/test unit"]),
    "para immediately before": ("a\n/test unit", ["/test unit"]),
    "args quoted": ('/test "unit a"', ['/test "unit a"']),
    "trailing spaces CR": ("/test unit  \r\n", ["/test unit"]),
    "BOM": ("\ufeff/test unit", ["/test unit"]),
    "only slash": ("/", []),
    "double slash": ("//test unit", []),
    "regex-like": ("/test.*/ matches", []),
    "dir listing": ("/etc/passwd\n/usr", ["/usr"]),
    "task list": ("- [ ] /test unit", []),
    "footnote": ("[^1]: /test unit", []),
    "list item lazy para": ("- item\n/test unit", []),
    "empty": ("", []),
}

MARKDOWN = {
    "details that begin in words": ("see <details> a\n\n/test", []),
    "details that end": ("<details>\n\n/test\n\n</details>\n\n/after", ["/after"]),
    "details in details": ("<details>\n<details>\n</details>\n\n/test", []),
    "an end that ends nothing": ("</details>\n\n/test", ["/test"]),
    "a blockquote of HTML": ("<blockquote>\n\n/test\n\n</blockquote>", []),
    "a comment that never ends": ("<!-- a\n\n/test", []),
    "a comment that never ends in details": ("<div> <!-- a\n\n/test", []),
    "a sign of a comment in words": ("see <!-- a\n\n/test", ["/test"]),
    "a comment behind a command": ("/test <!-- a\nb --> c\n/after", ["/test", "/after"]),
    "code of HTML over lines": ("see <code>\n/test\n</code>\n/after", ["/after"]),
    "a tag over lines": ('see <a title="\n/test\n">x</a>', []),
    "words of a link over lines": ("[see\n/test\n](https://example.com)", []),
    "title of a link over lines": ('[see](https://example.com "\n/test\n")', []),
    "picture over lines": ("![see\n/test\n](a_(b).png)", []),
    "brackets that link nowhere": ("[see\n/test\n] this", ["/test"]),
    "definition over lines": ('[see]: https://example.com "\n/test\n"', []),
    "words of a link of HTML": ('see <a href="https://example.com">\n/test\n</a>\n/after', ["/after"]),
    "an anchor that stays open": ('<a name="top">\n\n/test', ["/test"]),
    "struck out over lines": ("~~/test a\n/test b~~\n/after", ["/after"]),
    "struck out by one sign": ("see ~a\n/test b~\n/after", ["/after"]),
    "signs that strike nothing out": (
        "from ~/a ~~\n/test ~/b ~~\n/after \\~~x~~~",
        ["/test ~/b ~~", "/after \\~~x~~~"],
    ),
    "below a quotation in quotations": ("> > > > a\n/test\n\n/after", ["/after"]),
    "below code in a quotation": ("> > ```\n> > a\n/test", ["/test"]),
    "below code in the third quotation": ("> > > ```\n> > > a\n/test\n\n/after", ["/after"]),
    "below a table": ("|a|b|\n|-|-|\n|1|2|\n/test\n\n/after", ["/after"]),
    "below a table and a quotation": ("|a|\n|-|\n|1|\n> b\n\n/test", ["/test"]),
    "below a table and code": ("|a|\n|-|\n    b\n/test", ["/test"]),
    "a table in a list": ("- |a|\n  |-|\n  |/b|\n\n/test", ["/test"]),
    "escaped backtick": ("see \\`a\n/test\nb`", ["/test"]),
    "code span that holds a tag": ("see `<!--`\n/test\n-->", ["/test"]),
    "address with a backtick": ("<https://a.example/`>\n/test\n`", ["/test"]),
    "footnote's second line": ("[^1]: see\n/test", []),
    "below an empty footnote": ("[^1]:\n/test", ["/test"]),
    "footnote that ends a paragraph": ("see\n[^1]: x\n/test", []),
    "indented by 4 in a paragraph": ("log:\n    /test", []),
    "indented by a tab": ("log:\n\t/test", []),
    "underlined twice": ("/test\n===", ["/test"]),
    "a hard break": ("/test a\\\n/after", ["/test a", "/after"]),
    "entities": ("/test f1 &gt;= 0.9 &amp;amp; &nbsp; &x", ["/test f1 >= 0.9 &amp; &x"]),
    "an entity for the slash": ("&#47;test", []),
    "an entity for a new line": ("/test a&#10;/after", ["/test a /after"]),
    "a name of other letters": ("/tést\n/\u017fprint\n/\u212aill", []),
    "lone CR": ("a\r/test\rb", ["/test"]),
    "a later BOM": ("a\n\ufeff/test", []),
    "prefix": (
        "/trainboard test a\n/Trainboard\n/trainboard /x",
        ["/trainboard test a", "/Trainboard", "/trainboard /x"],
    ),
}

HTML = {
    "plain": ("/sprint next", ["/sprint next"]),
    "divs": ("<div>hello</div><div>/sprint next</div>", ["/sprint next"]),
    "break": ("hi<br>/sprint next<br/>/close", ["/sprint next", "/close"]),
    "paragraphs left open": ("<p>/sprint next<p>/close", ["/sprint next", "/close"]),
    "white space of the source": ("<div>\n  /sprint\n  next\n</div>", ["/sprint next"]),
    "no line of the source": ("see\n/sprint next", []),
    "pre": ("<pre>/sprint next</pre>", []),
    "code": ("<code>/sprint next</code>", []),
    "code over lines": ("see <code>a<br>/sprint next<br>b</code>", []),
    "code within": ("/label <code>good one</code>", ["/label `good one`"]),
    "quotation": ("<blockquote><div>/sprint next</div></blockquote>", []),
    "list": ("<ul><li>/sprint next</li></ul>/close", ["/close"]),
    "table": ("<table><tr><td>/sprint next</td></tr></table>", []),
    "heading": ("<h2>/sprint next</h2>", []),
    "struck out": ("<s>/sprint next</s>", []),
    "comment": ("<!-- <br>/sprint next<br> -->/close", ["/close"]),
    "comment that never ends": ("<!-- <br>/sprint next<br>", []),
    "formatted": ('<b>/sprint</b> <span style="color: red">next</span>', ["/sprint next"]),
    "entities": ("/target auc &gt;= 0.91 &quot;x&quot;", ['/target auc >= 0.91 "x"']),
    "nbsp": ("&nbsp;/sprint&nbsp;next", ["/sprint next"]),
    "mention": (f"/assign&nbsp;{MENTION} {MENTION}", [f"/assign @<{GUID}> @<{GUID}>"]),
    "mention of a work item": (
        '/link <a href="https://x" data-vss-mention="version:1.0">#12</a>',
        ["/link #12"],
    ),
    "link": ('<a href="https://x">/sprint next</a>', []),
    "link over lines": ('<a href="https://x">see<br>/sprint next</a><br>/close', ["/close"]),
    "sign that is no tag": ("/target auc < 3 &lt;b&gt;", ["/target auc < 3 <b>"]),
    "attribute with a sign": ('<div title="a>b">/sprint next</div>', ["/sprint next"]),
    "script": ("<script>x<br>/sprint next</script>", []),
}


# Where HTML shows something else than the Markdown does that it is made from, and why.
SHOWN_OTHERWISE = {
    "bold": ["/test unit"],  # formatting is nothing in an editor that hides it
    "BOM": [],  # a browser shows it as nothing, and nobody pastes a file into an editor
}
# Markdown in the source of HTML is words of one line: line ends are spaces there.
ONE_LINE = {
    "two cmds": ["/test unit /test all"],
    "after email reply": ["/test unit On Monday Ada wrote: > /test all"],
    "setext trap": ["/test unit ---"],
    "CRLF plain 2nd line": [],
    "fence in list": [],
    "unmatched backtick then cmd": [],
    "blank lines around": [],
    "para immediately before": [],
    "dir listing": [],
}


def told(text, markup):
    return [line.text for line in list_told(text, markup)]


def found(text, markup=Markup.MARKDOWN):
    return [line.text for line in find_command_lines(text, markup)]


@pytest.mark.parametrize("case", MATRIX)
def test_a_command_counts_where_people_see_one(case):
    """A line of running text counts; what is shown as something else does not, however it is made."""
    text, expected = MATRIX[case]
    assert expected == found(text)


@pytest.mark.parametrize("case", MATRIX)
def test_html_counts_where_the_markdown_does_that_it_shows(case):
    """What a page shows commands the same, whatever it was written in."""
    text, expected = MATRIX[case]
    parser = MarkdownIt("commonmark", {"breaks": True}).enable("table").disable("lheading")
    assert SHOWN_OTHERWISE.get(case, expected) == found(parser.render(text), Markup.HTML)


@pytest.mark.parametrize("case", MATRIX)
def test_signs_of_markdown_are_words_in_html(case):
    """Nothing of Markdown is read where the platform does not read it."""
    text, expected = MATRIX[case]
    assert ONE_LINE.get(case, expected) == found(text, Markup.HTML)


@pytest.mark.parametrize("case", MARKDOWN)
def test_hidden_and_quoted_lines_of_markdown_do_not_count(case):
    """What a reader of the page does not see as a line of its own is no command."""
    text, expected = MARKDOWN[case]
    assert expected == found(text)


@pytest.mark.parametrize("case", HTML)
def test_lines_of_html_are_those_of_a_browser(case):
    """Blocks make lines, the editor's formatting is nothing, and a mention keeps its id."""
    text, expected = HTML[case]
    assert expected == found(text, Markup.HTML)


def test_a_line_tells_its_parts():
    """Number, name in small letters, where arguments begin, and whether our own prefix was used."""
    lines = find_command_lines("a\n\n/Test  x\n/trainboard Help\n/trainboard", Markup.MARKDOWN)
    assert [(3, "test", "x", False), (4, "help", "", True), (5, "", "", True)] == [
        (line.number, line.name, line.text[line.start :], line.is_prefixed) for line in lines
    ]
    [line] = find_command_lines("<div>a</div><ul><li>b</li></ul><div><br></div>/test", Markup.HTML)
    assert 3 == line.number


def test_what_is_too_long_is_not_read():
    """The longest comment of GitHub is read; what a longer one of another platform may command is a guess."""
    end = "\n/test"
    fits = "a" * (MAX_CHARACTERS - len(end)) + end
    assert ["/test"] == found(fits)
    for markup in Markup:
        assert [] == found("a" + fits, markup)
        assert ["/test"] == told("a" + fits, markup)
        assert [] == told("a" * (MAX_CHARACTERS + 1), markup)
    assert [] == told("a" * MAX_CHARACTERS + "<br>/test", Markup.MARKDOWN)
    assert ["/test"] == told("a" * MAX_CHARACTERS + "<br>/test", Markup.HTML)


def test_what_cannot_be_stored_is_replaced():
    """A database refuses it, or the encoder before it does."""
    assert ["/label a\ufffdb\ufffd"] == found("/label a\x00b\ud800", Markup.HTML)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "/test a", ["/test a"]),
        ("/test a", "/test a", []),
        ("/test a\n/test b", "b\n\n/TEST  b\n/trainboard test a", []),
        ("/test a", "/test a\n/test a", ["/test a"]),
        ("/tset a", "/test a", ["/test a"]),
        ("```\n/test a\n```", "/test a", ["/test a"]),
        ("/test a", "> /test a", []),
        ("/test a", "/test b", ["/test b"]),
    ],
)
def test_an_edit_adds_what_was_not_there(before, after, expected):
    """A command that stood there is not run again, one that was mended or uncovered is."""
    old, new = (find_command_lines(text, Markup.MARKDOWN) for text in (before, after))
    assert expected == [line.text for line in newly_added(old, new)]


WORDS = "/test|/x y| |    |~|~~|`|``|[|](|)|\"|'|>|<|</|- |> |\\|&#47;|[^1]:|word|# |\t|\u00a0"
TAGS = "<!--|-->|<details>|</details>|<br>|<code>|</code>|<a href=x>|</a>|<a "
LINES = ["\n", "\n\n", "\r", "```\n", "~~~\n", "---\n", "| - |\n", "|", "\x00", "\ud800"]
PIECES = st.lists(st.sampled_from([*WORDS.split("|"), *TAGS.split("|"), *LINES]), max_size=40).map("".join)


def shown(text):
    """The lines that a full parser of Markdown shows at the beginning of a line, links left out."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("lheading").parse(text)
    for token in tokens:
        line, depth = "", 0
        for child in [*(token.children or ()), Token("softbreak", "", 0)] if token.level == 1 else ():
            depth += child.nesting if child.type.startswith(("link", "s_")) else 0
            if child.type in {"softbreak", "hardbreak"}:
                yield line.strip()
                line = ""
            elif child.type in {"text", "text_special"} and not depth:
                line += child.content
            elif not line.strip() and child.type not in {"link_close", "s_close"}:
                line += "\ufffc"


@pytest.mark.parametrize("markup", Markup)
@given(text=PIECES | st.text())
@example(text="<!-->/test-->")
def test_no_text_breaks_the_reader(markup, text):
    """Whatever the text, lines come out that begin with their name, in order."""
    lines = find_command_lines(text, markup)
    assert all(line.text.startswith("/") and "\n" not in line.text for line in lines)
    assert sorted(line.number for line in lines) == [line.number for line in lines]


@given(text=PIECES)
def test_code_and_quotations_never_command(text):
    """Whatever stands in a fence, a quotation, a list or indented is no command."""
    body = text.replace("~", "-").replace("\r", "\n")
    assert [] == found("~~~\n" + body)
    for mark in ("> ", "    "):
        assert [] == found("\n".join(mark + line for line in body.split("\n")))


@given(text=PIECES)
@example(text="`a\n/test\n``b`")
def test_a_full_parser_shows_what_counts(text):
    """Each command stands at the beginning of a line where a full parser of Markdown shows it too."""
    text = text.replace("\r", "\n")
    names = [line.text.partition(" ")[0] for line in find_command_lines(text, Markup.MARKDOWN)]
    begun = [re.split(r"[ \u00a0]", line.replace("\u200b", ""))[0] for line in shown(text)]
    assert [] == [name for name in names if not any(each.startswith(name) for each in begun)]


@given(text=PIECES | st.text())
def test_what_we_make_harmless_commands_nothing(text):
    """Text from outside that the bot repeats at the beginning of a line is no command to itself."""
    for said in (inert(text), inert_code(text)):
        assert ([], []) == (found(said), found(to_stored_html(said), Markup.HTML))
