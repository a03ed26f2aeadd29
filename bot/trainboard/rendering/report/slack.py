"""A brief as blocks of Slack, for an incoming webhook.

Source: Slack, "Formatting text for app surfaces", "Reference: blocks" and "Sending messages using incoming
webhooks": 50 blocks, 3,000 characters in a section, 150 in a header, 10 fields of 2,000. More than some
9,500 characters in all are refused, which stands nowhere.
"""

from typing import Any

from trainboard.rendering.inert import NO_NAME, find_address, plain
from trainboard.rendering.report.brief import Brief, Line, Listed

_HEADER, _FIELD, _SECTION, _ALL = 150, 200, 2_900, 8_500
_TITLE_CHARACTERS = 100
_MOST_FIELDS = 10


def render_slack(brief: Brief) -> dict[str, Any]:
    """The message, as JSON. Nobody is mentioned in it, whatever the items are called."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _title(brief), "emoji": False}},
        _section(_say(brief.sentence, 400)),
    ]
    if brief.figures:
        fields = [f"{name}: *{_say(value, _FIELD)}*" for name, value in brief.figures[:_MOST_FIELDS]]
        blocks.append({"type": "section", "fields": [_text(each) for each in fields]})
    left = _ALL
    for listed in brief.lists:
        said = _render_list(listed, min(left, _SECTION))
        left -= len(said)
        if said:
            blocks.append(_section(said))
    end = [_say(brief.footer, 400)]
    if brief.url:
        end.insert(0, f"<{_escape(brief.url)}|The whole report>")
    blocks.append({"type": "context", "elements": [_text(each) for each in end]})
    return {"text": _say(f"{brief.title}: {brief.sentence}", 600), "blocks": blocks}


def _render_list(listed: Listed, most: int) -> str:
    """The lines that fit; it is said how many do not."""
    text = f"*{listed.title}*"
    shown = 0
    for each in listed.lines:
        line = f"\n• {_link(each)}: {each.rest}"
        if len(text) + len(line) > most - 40:
            break
        text, shown = text + line, shown + 1
    more = len(listed.lines) - shown + listed.more
    if not shown and more:
        return f"*{listed.title}*: {more:,}" if most > 100 else ""  # noqa: PLR2004  a line of its own
    return f"{text}\n• and {more:,} more" if more else text


def _link(line: Line) -> str:
    words = (_say(line.title, _TITLE_CHARACTERS) or NO_NAME).replace("|", "¦")
    address = find_address(line.url, may_refer=True)
    return words if address is None else f"<{_escape(address).replace('|', '%7C')}|{words}>"


def _title(brief: Brief) -> str:
    """Entities are not read in a header, and brackets should not be."""
    return plain(brief.title.replace("<", "(").replace(">", ")"), _HEADER)


def _say(text: str, limit: int) -> str:
    return _escape(plain(text, limit).replace("`", "'"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(text)}


def _text(text: str) -> dict[str, Any]:
    """`verbatim`: what looks like an address, a channel or a person stays text."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
