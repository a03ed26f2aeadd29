"""Which handler answers which request."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote

from fakes.azure_devops.locations import LOCATIONS, Location
from fakes.azure_devops.refusals import VSS, Refused, bad_argument
from fakes.azure_devops.state import Identity

ROUTES = []


@dataclass(frozen=True)
class Route:
    """A method of a location and what does it."""

    method: str
    location: Location
    handler: object


@dataclass
class Asked:
    """A request as it came; the names of `query` and `headers` are in small letters.

    `route` is the location's name (empty where there is none), `values` what its template names.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime
    host: str = ""
    route: str = ""
    values: dict[str, str] = field(default_factory=dict)
    who: Identity | None = None
    status: int = 0

    def __str__(self):
        return f"{self.method} {self.route or self.path} {self.status}"

    @cached_property
    def json(self):
        """The body as JSON, None where there is none."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError as error:
            raise bad_argument(f"TF400898: The request body is no JSON: {error}") from None

    @property
    def api_version(self):
        """What the header Accept or the query asks for, such as `7.1-preview.3`; empty if nothing."""
        _, _, accepted = self.headers.get("accept", "").partition("api-version=")
        return accepted.partition(";")[0].strip() or self.query.get("api-version", "")

    def flag(self, name):
        return self.query.get(name.lower(), "").lower() == "true"

    def number(self, name, default=None):
        """A whole number of the query."""
        text = self.query.get(name.lower())
        if text is None:
            return default
        if not text.isdigit():
            raise bad_argument(f"The value '{text}' is not valid for {name}.")
        return int(text)

    def expands(self, what):
        """Whether `$expand` asks for `what`, or for all."""
        asked = {part.strip().lower() for part in self.query.get("$expand", "").split(",")}
        return bool(asked & {what, "all"})


@dataclass(frozen=True)
class Answer:
    """What goes back; a list becomes a collection."""

    value: object = None
    status: int = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)


def route(method, name):
    """Register a handler for a method of a location; it is given the organisation and the request."""

    def register(handler):
        ROUTES.append(Route(method, LOCATIONS[name], handler))
        return handler

    return register


def find_route(method, path, host):
    """The route and the values of its template.

    Args:
        method: the HTTP method.
        path: still quoted, below the organisation, without a leading slash.
        host: `vssps`, empty for the organisation's main host, or `any` where there is one host for all.
    """
    matches = [(each, each.location.pattern.fullmatch(path)) for each in ROUTES]
    matches = [(each, match) for each, match in matches if match and host in {"any", each.location.host}]
    found = [(each, match) for each, match in matches if each.method == method]
    if not found and matches:
        text = f"The requested resource does not support http method '{method}'."
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "HttpMethodNotSupportedException", text, assembly=VSS)
    if not found:
        return None, {}
    best, match = max(found, key=lambda pair: (pair[0].location.literals, -_count_empty(pair[1])))
    return best, {name: unquote(text) for name, text in match.groupdict().items() if text}


def _count_empty(match):
    """How many placeholders were left out; the template that needs them least is meant."""
    return sum(text is None for text in match.groupdict().values())


def check_version(asked, location, max_version):
    """Refuse a version that the server does not speak.

    Source: REST API versioning.
    """
    if not asked.api_version:
        if asked.method in {"GET", "HEAD"}:
            return
        text = (
            f'No api-version was supplied for the "{asked.method}" request. The version must be supplied '
            "either as part of the Accept header or as a query parameter."
        )
        raise bad_argument(text, "VssVersionNotSpecifiedException")
    number, _, preview = asked.api_version.partition("-preview")
    wanted = int(preview.lstrip(".") or 0)
    if float(number) > float(max_version) or wanted > location.version:
        text = (
            f"The requested REST API version of {asked.api_version} is out of range for this server. The "
            f"latest REST API version this server supports is {max_version}."
        )
        raise bad_argument(text, "VssVersionOutOfRangeException")
    if location.released == "0.0" and "-preview" not in asked.api_version:
        text = (
            f'The requested version "{asked.api_version}" of the resource is under preview. The -preview '
            "flag must be supplied in the api-version for such requests."
        )
        raise bad_argument(text, "VssInvalidPreviewVersionException")
