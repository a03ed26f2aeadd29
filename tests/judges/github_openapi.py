"""GitHub's own OpenAPI description as a judge of every request that a test sends to GitHub.

`tests/conftest.py` listens to all that goes through `requests`, mocked or not, and fails the test
that sent what GitHub would not understand. A finding about a request is an error of ours until shown
otherwise; one about an answer, which only a stand-in of ours can give, tells how faithful it is.

Source: npm `@octokit/openapi`, see tests/data/make_github_openapi.py.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import requests

from judges import github_graphql

if TYPE_CHECKING:
    from judges.openapi import Description, Operation

FILE = Path(__file__).parents[1] / "data" / "github_openapi.json.gz"
NOT_REST = ("/graphql", "/login/")
CURSORS = ("after", "before")  # GitHub writes them into the links to further pages and documents few
ANYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)

_watched: dict[str, bool] = {"https://api.github.com": False}
_findings: list[str] = []


@contextmanager
def watch(base_url: str, *, answers: bool = False) -> Iterator[None]:
    """Judge requests to another base URL of a GitHub API too, inside the `with`.

    Args:
        base_url: of a stand-in or an Enterprise server, such as `http://127.0.0.1:4801`.
        answers: judge what comes back as well.
    """
    before = _watched.copy()
    _watched[base_url.rstrip("/")] = answers
    try:
        yield
    finally:
        _watched.clear()
        _watched.update(before)


def take_findings() -> list[str]:
    """What was found since the last call. A test that breaks the rules on purpose takes it itself."""
    found = _findings[:]
    _findings.clear()
    return found


@contextmanager
def listening() -> Iterator[None]:
    """Judge everything that `requests` sends to a watched base URL, inside the `with`."""
    send = requests.Session.send

    def judged_send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
        method, (base_url, path) = str(request.method), split_url(str(request.url))
        if base_url is not None:
            _note(request, judge_request(method, path, request.headers, request.body))
        answer = send(session, request, **options)
        if base_url is not None and _watched.get(base_url):
            _note(request, judge_answer(method, path, answer.status_code, answer.content))
        return answer

    requests.Session.send = judged_send
    try:
        yield
    finally:
        requests.Session.send = send


def split_url(url: str) -> tuple[str | None, str]:
    """The watched base URL that `url` belongs to, if there is one, and the path with query below it."""
    plain = re.sub(r"^(https://[^/:]+):443(?=/|$)", r"\1", url)
    for base_url in _watched:
        if re.match(rf"{re.escape(base_url)}(?![^/?])", plain):
            return base_url, plain.removeprefix(base_url)
    return None, url


def judge_request(method: str, path: str, headers: Mapping[str, str], body: Any) -> list[str]:
    """What GitHub would not understand in a request; nothing if it is right.

    Args:
        method: the HTTP method.
        path: path with query below the API's base URL, such as `/repos/acme/churn/issues?page=2`.
        headers: a mapping that ignores case.
        body: text or bytes as sent, or None.
    """
    plain, _, query = path.partition("?")
    if method == "POST" and plain == "/graphql":
        return github_graphql.judge(body)
    if plain.startswith(NOT_REST):
        return []
    found = find_operation(method, plain)
    if found is None:
        return ["GitHub has no such path and method"]
    operation, values = found
    return [
        *([] if headers.get("User-Agent") else ["the header User-Agent is missing"]),
        *_judge_path(operation, values),
        *_judge_query(operation, parse_qsl(query, keep_blank_values=True)),
        *_judge_body(operation, headers.get("Content-Type", ""), body),
    ]


def judge_answer(method: str, path: str, status: int, body: bytes | str) -> list[str]:
    """What GitHub would not answer so. Not described are 304, 5xx and the refusals that any path may give."""
    plain = path.partition("?")[0]
    if (
        plain.startswith(NOT_REST)
        or status == HTTPStatus.NOT_MODIFIED
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        return []
    found = find_operation(method, plain)
    findings = description().judge_answer(found[0], status, body) if found else None
    if findings is None:
        return [] if status in ANYWHERE else [f"GitHub never answers {status} here"]
    return findings


def find_operation(method: str, path: str) -> "tuple[Operation, dict[str, str]] | None":
    """The operation; `/repositories/1296269` of pagination links is the repository by its id."""
    return description().find_operation(method, re.sub(r"^/repositories/\d+(?=/|$)", "/repos/by/id", path))


@cache
def description() -> "Description":
    """GitHub's description, read when the first request to GitHub is seen."""
    from judges.openapi import Description

    return Description(json.loads(gzip.decompress(FILE.read_bytes())))


def _note(request: requests.PreparedRequest, findings: list[str]) -> None:
    _findings.extend(f"{request.method} {request.url}: {finding}" for finding in findings)


def _judge_path(operation: "Operation", values: Mapping[str, str]) -> Iterator[str]:
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            text = unquote(values[parameter["name"].replace("-", "_")])
            yield from description().judge_text(operation, parameter, text)


def _judge_query(operation: "Operation", query: list[tuple[str, str]]) -> Iterator[str]:
    known = {item["name"].removesuffix("[]"): item for item in operation.parameters if item["in"] == "query"}
    missing = {name for name, item in known.items() if item.get("required")}
    for name, text in query:
        plain = name.removesuffix("[]")
        missing.discard(plain)
        if plain in known:
            yield from description().judge_text(operation, known[plain], text)
        elif name not in CURSORS:
            yield f"query parameter {name}={text} is unknown"
    yield from (f"query parameter {name} is missing" for name in sorted(missing))


def _judge_body(operation: "Operation", content_type: str, body: Any) -> list[str]:
    """Source: REST API, "Getting started": bodies are JSON and say so in Content-Type."""
    if not body:
        return ["the body is missing"] if operation.body_required else []
    if not operation.body_types:
        return [] if body in {b"{}", "{}"} else ["a body is sent where none is known"]
    media_type = content_type.partition(";")[0].strip()
    if media_type not in operation.body_types:
        return [f"Content-Type is {media_type!r}, not {' or '.join(operation.body_types)}"]
    return description().judge_body(operation, body) if media_type == "application/json" else []
