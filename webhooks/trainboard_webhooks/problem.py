"""Answers to a sender, and refusals as `application/problem+json`."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back over the wire, whatever carries it.

    `body` is JSON; `detail` is the sentence in it that says why a request was refused.
    """

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    detail: str = ""


def render_answer(status: int, members: Mapping[str, str]) -> Answer:
    """An answer of success."""
    return Answer(
        status=status,
        body=msgspec.json.encode(members),
        headers=(("Content-Type", "application/json"),),
    )


def render_problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A refusal: `detail` is one sentence for the person who set the sender up.

    Source: RFC 9457, "Problem Details for HTTP APIs".
    """
    members = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return Answer(
        status=status,
        body=msgspec.json.encode(members),
        headers=(("Content-Type", "application/problem+json"), *(headers or {}).items()),
        detail=detail,
    )
