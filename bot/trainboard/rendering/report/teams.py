"""A brief as an Adaptive Card, for a workflow of Microsoft Teams.

Source: Microsoft Learn, "Create incoming webhooks with Workflows for Microsoft Teams", "Format cards in
Teams": a message has at most 28 KB, and of Markdown a card knows bold, italic, lists and links.
"""

import re
from typing import Any

import msgspec

from trainboard.rendering.inert import NO_NAME, find_address, plain
from trainboard.rendering.report.brief import Brief, Line, Listed

MOST_BYTES = 27_000
_TITLE_CHARACTERS = 100
_SPECIAL = re.compile(r"[\\`*_\[\]#~]")
_BESIDE_TAGS = "\u200b"


def render_teams(brief: Brief) -> dict[str, Any]:
    """The message, as JSON. Nobody is mentioned in it, whatever the items are called."""
    for most in (20, 10, 5, 0):
        message = _message(brief, most)
        if len(msgspec.json.encode(message)) <= MOST_BYTES:
            break
    return message


def _message(brief: Brief, most: int) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        _text(_say(brief.title, 200), size="Large", weight="Bolder"),
        _text(_say(brief.sentence, 400)),
    ]
    if brief.figures:
        facts = [{"title": name, "value": _say(value, 200)} for name, value in brief.figures]
        body.append({"type": "FactSet", "facts": facts})
    for listed in brief.lists:
        body += [_text(f"**{listed.title}**"), _text(_render_list(listed, most))]
    body.append(_text(_say(brief.footer, 400), isSubtle=True, size="Small"))
    actions = [{"type": "Action.OpenUrl", "title": "The whole report", "url": brief.url}] if brief.url else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": actions,
        "msteams": {"width": "Full"},
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _render_list(listed: Listed, most: int) -> str:
    rows = [f"- {_link(each)}: {each.rest}" for each in listed.lines[:most]]
    more = max(0, len(listed.lines) - most) + listed.more
    return "\n".join(
        [*rows, *([f"- and {more:,} more"] if rows else [f"{more:,}"] if more else [])][: most + 1]
    )


def _link(line: Line) -> str:
    words = _say(line.title, _TITLE_CHARACTERS) or NO_NAME
    address = find_address(line.url, may_refer=True)
    return words if address is None else f"[{words}]({address})"


def _say(text: str, limit: int) -> str:
    """A tag like `<at>` mentions somebody; with a character after its bracket it is none."""
    escaped = _SPECIAL.sub(lambda match: "\\" + match[0], plain(text, limit))
    return escaped.replace("<", f"<{_BESIDE_TAGS}")


def _text(text: str, **style: object) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}
