"""GitHub asked by GraphQL: one document, one request. What configures a project's fields is never sent.

Source: "Forming calls with GraphQL", "Rate limits and query limits for the GraphQL API".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import msgspec

from trainboard.errors import MissingError, PermanentError, TrainboardError
from trainboard.github.calls import Call
from trainboard.github.client import Client
from trainboard.github.faults import explain_gibberish
from trainboard.rendering.terminal import make_line

ALLOWED = frozenset({"addProjectV2ItemById", "updateProjectV2ItemFieldValue"})
"""The only mutations that are sent."""

CONFIGURING = re.compile(r"(?i)iterationconfiguration|singleselectoptions")
"""Names of inputs that write how a field is configured. To write iterations makes all of them anew, under new
ids, and so clears the iteration of every item of the project."""

FORBIDDEN, UNSCOPED, NOT_FOUND = "FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND"

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_FIELD = re.compile(r"[_A-Za-z][_0-9A-Za-z]*(?=\s*\()")
_TEXT = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_MOST_REASONS = 400

Data = TypeVar("Data")


class GuardError(PermanentError):
    """A document of ours would have changed what the bot must never change; it was not sent."""


class Complaint(msgspec.Struct, frozen=True):
    """An error of GraphQL. `path` leads to what is null in the data because of it."""

    type: str = ""
    message: str = ""
    path: Sequence[str | int] = ()


class Reply(msgspec.Struct, Generic[Data], frozen=True):
    """What came back: data, and what is missing in it and why."""

    data: Data
    errors: Sequence[Complaint] = ()


class _Answer(msgspec.Struct, frozen=True):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: Sequence[Complaint] = ()


class RefusedError(PermanentError):
    """GraphQL refused something. `complaints` are its reasons."""

    def __init__(self, message: str, complaints: Sequence[Complaint]) -> None:
        super().__init__(message)
        self.complaints = complaints

    def says(self, *types: str) -> bool:
        """True if one of the complaints is of one of these types."""
        return any(each.type in types for each in self.complaints)


class GraphQL:
    """Sends documents. Args: `client`, one with the budget of GraphQL."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(
        self, doing: str, document: str, variables: Mapping[str, object], shape: type[Data]
    ) -> Reply[Data]:
        """Send a document and read what came back, errors beside data included.

        Args:
            doing: completes "Could not …".
            document: one operation.
            variables: its variables.
            shape: what the data is read as.

        Raises:
            GuardError: the document may not be sent.
            LimitedError: slow down.
            TransientError: nothing was changed.
            DoubtError: only for a mutation: it may have been done.
            PermanentError: it was refused, as a whole or so far that `shape` does not hold what is left.
        """
        check(document, variables)
        call = Call(
            doing=doing,
            method="POST",
            path=address(self._client.api_url),
            body={"query": document, "variables": dict(variables)},
            asks_only=not _is_mutation(document),
        )
        answer = self._client.get(call, _Answer)
        try:
            return Reply(data=msgspec.json.decode(answer.data, type=shape), errors=answer.errors)
        except msgspec.DecodeError as error:
            raise (explain(doing, answer.errors) if answer.errors else explain_gibberish(call)) from error

    def change(self, doing: str, document: str, variables: Mapping[str, object], shape: type[Data]) -> Data:
        """As `ask`, for what is wanted whole: an error of any part of it is raised."""
        reply = self.ask(doing, document, variables, shape)
        if reply.errors:
            raise explain(doing, reply.errors)
        return reply.data


def address(api_url: str) -> str:
    """Where GraphQL is, beside `https://api.github.com` or an Enterprise server's `…/api/v3`."""
    parts = urlsplit(api_url)
    if parts.path.rstrip("/").endswith("/api/v3"):
        return parts._replace(path=parts.path.rstrip("/").removesuffix("/v3") + "/graphql").geturl()
    return "/graphql"


def check(document: str, variables: Mapping[str, object]) -> None:
    """Let through what may be sent.

    Raises:
        GuardError: it holds a mutation that is not one of `ALLOWED`, or configures a field.
    """
    plain = _TEXT.sub(" ", document)
    names = {*_NAME.findall(plain), *_list_keys(variables)}
    configuring = {name for name in names if CONFIGURING.search(name)}
    sent = set(_FIELD.findall(plain.partition("{")[2])) if _is_mutation(document) else set()
    unknown = sorted(configuring | (sent - ALLOWED))
    if unknown:
        raise GuardError(
            f"Did not send {', '.join(unknown)} to GitHub: the bot never configures a project. To write its "
            "iterations would clear the iteration of every item."
        )


def explain(doing: str, complaints: Sequence[Complaint]) -> TrainboardError:
    """The error for what GraphQL did not do."""
    said = dict.fromkeys(make_line(each.message) for each in complaints if each.message)
    reasons = "; ".join(said)[:_MOST_REASONS]
    sentence = f"Could not {doing}: GitHub answered ({reasons or 'without a reason'})."
    if complaints and all(each.type == NOT_FOUND for each in complaints):
        return MissingError(sentence)
    return RefusedError(sentence, complaints)


def _is_mutation(document: str) -> bool:
    return "mutation" in _NAME.findall(_TEXT.sub(" ", document))


def _list_keys(value: object) -> Iterator[str]:
    match value:
        case Mapping():
            for key, held in value.items():
                yield str(key)
                yield from _list_keys(held)
        case list() | tuple():
            for held in value:
                yield from _list_keys(held)
