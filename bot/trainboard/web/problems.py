"""Refusals for programs.

Source: RFC 9457, "Problem Details for HTTP APIs".
"""

from http import HTTPStatus
from typing import Any

import flask
import msgspec


def problem(status: int, detail: str, **members: Any) -> flask.Response:
    """A refusal as `application/problem+json`; `detail` is one sentence, `members` are added."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return answer(document, status, "application/problem+json")


def answer(document: Any, status: int = 200, content_type: str = "application/json") -> flask.Response:
    """`document` as JSON."""
    return flask.Response(msgspec.json.encode(document), status, content_type=content_type)
