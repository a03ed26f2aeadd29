"""A brief as the two parts of a mail. Mail programs drop pictures and style sheets, so there are none."""

from html import escape

from trainboard.rendering.inert import find_address, plain
from trainboard.rendering.report.brief import Brief, Line, Listed

_TITLE_CHARACTERS = 100


def render_subject(brief: Brief) -> str:
    """One line."""
    return plain(brief.title, 150)


def render_html(brief: Brief) -> str:
    """A page of paragraphs, lists and one table."""
    figures = "".join(
        f"<tr><td>{_say(name)}</td><td>{_say(value)}</td></tr>" for name, value in brief.figures
    )
    address = find_address(brief.url, may_refer=True)
    parts = [
        f"<h2>{_say(brief.title)}</h2>",
        f"<p>{_say(brief.sentence, 400)}</p>",
        f'<table border="1" cellpadding="4">{figures}</table>' if figures else "",
        *(_render_list(each) for each in brief.lists),
        f'<p><a href="{escape(address)}">The whole report</a></p>' if address else "",
        f"<p><small>{_say(brief.footer, 400)}</small></p>",
    ]
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>\n"


def _render_list(listed: Listed) -> str:
    rows = [f"<li>{_link(each)}: {escape(each.rest)}</li>" for each in listed.lines]
    more = f"<li>and {listed.more:,} more</li>" if listed.more else ""
    return f"<h3>{escape(listed.title)}</h3><ul>{''.join(rows)}{more}</ul>"


def _link(line: Line) -> str:
    words, address = _say(line.title, _TITLE_CHARACTERS), find_address(line.url, may_refer=True)
    return words if address is None else f'<a href="{escape(address)}">{words}</a>'


def _say(text: str, limit: int = 200) -> str:
    return escape(plain(text, limit))
