"""Refusals for programs.

Source: RFC 9457, "Problem Details for HTTP APIs".
"""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

import flask
import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request is refused, as RFC 9457 says.

    `type` is `about:blank`: `title` says what `status` means, `detail` what is wrong here and what to do.
    `instance` names this one refusal; where the fault is ours the log has it, too.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str


def problem(status: int, detail: str, *, instance: str = "", **members: Any) -> flask.Response:
    """A refusal as `application/problem+json`; `detail` is one sentence, `members` are added."""
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=int(status),
        detail=detail,
        instance=instance or make_instance(),
    )
    return answer(msgspec.structs.asdict(told) | members, status, "application/problem+json")


def make_instance() -> str:
    """A name for one refusal, as URI: people can quote it, and find it in the log."""
    return uuid4().urn


def answer(document: Any, status: int = 200, content_type: str = "application/json") -> flask.Response:
    """`document` as JSON."""
    return flask.Response(msgspec.json.encode(document), status, content_type=content_type)
