"""One request and one answer, with the words to speak of them."""

from collections.abc import Mapping

import msgspec
from requests.utils import parse_header_links

from trainboard.budgets import headers


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request.

    `doing` completes "Could not …"; `path` lies below the API's root, or is a whole URL that the API
    gave us; `thing` is the path of what must be there for the call to make sense; `accept` is the media type
    that is wanted, where it is not the usual one. `asks_only` marks a POST that changes nothing, as a
    query of GraphQL.
    """

    doing: str
    path: str
    method: str = "GET"
    query: dict[str, str] = {}
    body: dict[str, object] | None = None
    thing: str = ""
    accept: str = ""
    asks_only: bool = False

    @property
    def writes(self) -> bool:
        """True if the call may change something."""
        return self.method != "GET" and not self.asks_only


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def next_url(self) -> str | None:
        """Where the next page is, None on the last.

        Source: "Using pagination in the REST API".
        """
        links = parse_header_links(self.headers.get("link", ""))
        return next((link["url"] for link in links if link.get("rel") == "next"), None)

    def find_number(self, header: str) -> float | None:
        """A header that holds a number, None if it is absent or holds no finite one."""
        return headers.find_number(self.headers, header)


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request."""

    resource: str = ""
    field: str = ""
    code: str = ""
    message: str | None = None


class Refusal(msgspec.Struct, frozen=True):
    """The JSON body of an answer that refuses.

    Source: "Troubleshooting the REST API", "Validation Failed".
    """

    message: str = ""
    errors: list[FieldError | str] | str = []

    def render_reasons(self) -> str:
        """The message and what is wrong with each field, as one line."""
        errors = [self.errors] if isinstance(self.errors, str) else self.errors
        return "; ".join(filter(None, [self.message, *map(_render_reason, errors)]))[:500]


def parse_refusal(text: str) -> Refusal | None:
    """The refusal that an answer's body holds, None if it is not of GitHub's form."""
    try:
        return msgspec.json.decode(text, type=Refusal)
    except msgspec.DecodeError:
        return None


def _render_reason(error: FieldError | str) -> str:
    if isinstance(error, str):
        return error
    where = ".".join(filter(None, [error.resource, error.field]))
    return " ".join(filter(None, [where, error.message or error.code]))
