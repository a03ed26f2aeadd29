"""A brief as Markdown, and as plain text."""

from collections.abc import Iterator

from trainboard.rendering.inert import inert, link, plain
from trainboard.rendering.report.brief import Brief, Listed

_TITLE_CHARACTERS = 100


def render_brief(brief: Brief) -> str:
    """Markdown of a few lines."""
    figures = [f"- {name}: {inert(value)}" for name, value in brief.figures]
    lists = [_render_list(each) for each in brief.lists]
    end = [f"[The whole report]({brief.url})"] if brief.url else []
    blocks = [
        f"**{inert(brief.title)}**",
        inert(brief.sentence, 400),
        "\n".join(figures),
        *lists,
        *end,
        inert(brief.footer),
    ]
    return "\n\n".join(filter(None, blocks))


def render_plain(brief: Brief) -> str:
    """Text of short lines, with a line end."""
    return "\n".join(_list_lines(brief)) + "\n"


def _render_list(listed: Listed) -> str:
    rows = [f"- {link(each.title, each.url, _TITLE_CHARACTERS)}: {each.rest}" for each in listed.lines]
    more = [f"- and {listed.more:,} more"] if listed.more else []
    return "\n".join([f"{listed.title}:", "", *rows, *more])


def _list_lines(brief: Brief) -> Iterator[str]:
    yield from (plain(brief.title), "", plain(brief.sentence, 400), "")
    yield from (f"{name}: {plain(value)}" for name, value in brief.figures)
    for listed in brief.lists:
        yield from ("", f"{listed.title}:")
        yield from (f"  {plain(each.title, _TITLE_CHARACTERS)}: {each.rest}" for each in listed.lines)
        yield from ([f"  and {listed.more:,} more"] if listed.more else [])
    yield ""
    yield from ([brief.url] if brief.url else [])
    yield plain(brief.footer)
