"""Texts that want something done, values that are full of them, and what would be done."""

import re
from enum import Enum
from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fakes.foreign_bots import COMMANDS, SAMPLES, TRACKERS, WORD_SAMPLES, WORDS, list_hits
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.trackers.azure_boards.texts import to_stored_html

# Controls, surrogates, signs that turn the direction of text, and letters that are others when made small.
ODD = (
    *"\x00\x07\x0b\x0c\r\n\x1b\x1c\x7f\x85\xa0\xad\u0130\u017f\u0663\u200b\u202e\u2028\u2029\u2066\u212a\u3000",
    *"\ud800\udfff\ufeff\uff0f\U000e0041\U0001f600",
)
MARKS = (
    "/ // @ @< # AB# GH-1 !1 www. https:// ``` ` ~~~ ~~ ~ > >= | - + * _ 1. [ ]( ) ![ [^1]: %% ::: $$ "
    "<!-- --> <a href=x> </a> <br> <pre> </pre> <details> </details> <b> &lt; &#47; &#64; &#0; &#xD800; "
    "\\ \" ' “ „ « = -- — ,"
)
OURS = {"detail", "trouble", "earlier", "infrastructure"}
"""Fields of our own words, of numbers that a platform gave our items, and of kinds of files."""

MARK = {"a mark that tells what is ours": "<!--"}
LINES = [
    *(text for texts in [*SAMPLES.values(), *WORD_SAMPLES.values()] for text in texts),
    *("fixes #1", "closes GH-2", "Fixed AB#4", "<!-- trainboard:end -->", "@acme/ml", "ann@example.com"),
]
TEXTS = (
    st.sampled_from(LINES)
    | st.lists(
        st.sampled_from([*LINES, *MARKS.split(" "), *ODD, " ", "\n", "\n\n"]) | st.text(max_size=4),
        max_size=12,
    ).map("".join)
    | st.text(max_size=80)
)


def infect(value, text):
    """`value` with `text` in each of its texts, whatever holds them; numbers, times and choices stay."""
    match value:
        case msgspec.Struct():
            kinds = _list_kinds(type(value))
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            ours = OURS | {name for name in fields if _is_choice(kinds[name])}
            return msgspec.structs.replace(
                value, **{name: infect(each, text) for name, each in fields.items() if name not in ours}
            )
        case Enum():
            return value
        case str():
            return text
        case tuple() | list():
            return type(value)(infect(each, text) for each in value)
        case dict():
            return {f"{text}{'~' * place}": infect(each, text) for place, each in enumerate(value.values())}
        case _:
            return value


def list_harms(text):
    """What `text` as a comment or a body would do: who would find a command in it, and where we would."""
    return [
        *list_hits(COMMANDS | WORDS | MARK, text),
        *list_hits(TRACKERS, show(text)),
        *find_command_lines(text, Markup.MARKDOWN),
        *find_command_lines(to_stored_html(text), Markup.HTML),
    ]


def show(text):
    """The words that a reader of Markdown sees, line by line."""
    blocks = _parser().parse(text)
    inlines = [child for block in blocks for child in [*(block.children or ()), block]]
    words = [token.content for token in inlines if token.type not in {"inline", "html_block", "html_inline"}]
    return re.sub(r"\n{2,}", "\n", "\n".join(words))


@cache
def _parser():
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@cache
def _list_kinds(kind):
    return get_type_hints(kind)


def _is_choice(kind):
    return get_origin(kind) is Literal or any(_is_choice(each) for each in get_args(kind) if each is not kind)
