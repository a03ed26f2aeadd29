"""Where work items and code live: `local`, `github:…`, `azure-boards:…` or `azure-repos:…`."""

from typing import Annotated, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field

from trainboard.settings.values import UrlOrEmpty, matching

AZURE_BOARDS, AZURE_REPOS = "azure-boards", "azure-repos"

_GITHUB = r"github:[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}"
# No name there may hold a slash, a backslash or a control character, be blank at an end, or be dots alone.
_NAME = r"(?!\.+(?:/|$))[^\s/\\\x00-\x1f\x7f](?:[^/\\\x00-\x1f\x7f]{0,254}[^\s/\\\x00-\x1f\x7f])?"
_TRACKER = rf"local|{_GITHUB}|{AZURE_BOARDS}:{_NAME}/{_NAME}/{_NAME}"
_CODE = rf"local|{_GITHUB}|{AZURE_REPOS}:{_NAME}/{_NAME}/{_NAME}"
_VISUAL_STUDIO = ".visualstudio.com"


class AzurePlace(NamedTuple):
    """A team's boards, or a repository: `name` is that of either. All three are as people see them."""

    organization: str
    project: str
    name: str


def find_azure_place(place: str) -> AzurePlace | None:
    """The parts of a place in Azure DevOps; None for a place elsewhere."""
    kind, _, path = place.partition(":")
    return AzurePlace(*path.split("/")) if kind in {AZURE_BOARDS, AZURE_REPOS} else None


def organization_of(address: str) -> str:
    """The name of the organisation, or of the collection of a server, that an address ends in.

    Raises:
        ValueError: the address names none, or something inside of one.

    Source: "Azure DevOps Services REST API Reference", "Components of a REST API request/response pair".
    """
    parts = urlsplit(address)
    host, path = parts.hostname or "", parts.path.strip("/").split("/")
    if host.endswith(_VISUAL_STUDIO):
        names = [host.removesuffix(_VISUAL_STUDIO)] if path == [""] else []
    elif host == "dev.azure.com":
        names = path if len(path) == 1 else []
    else:
        names = path[-1:]
    if names in ([], [""]):
        raise ValueError(
            "must be the address of an organisation, like https://dev.azure.com/acme, "
            "or of a server's collection, and of nothing inside of it"
        )
    return unquote(names[0])


def _organization(address: str) -> str:
    if address:
        organization_of(address)
    return address


OrganizationUrl = Annotated[UrlOrEmpty, AfterValidator(_organization)]
TrackerPlace = Annotated[
    str,
    AfterValidator(
        matching(
            _TRACKER,
            'must be "local", "github:owner/repository" or "azure-boards:organisation/project/team"',
        )
    ),
    Field(json_schema_extra={"pattern": f"^(?:{_TRACKER})$"}),
]
CodePlace = Annotated[
    str,
    AfterValidator(
        matching(
            _CODE,
            'must be "local", "github:owner/repository" or "azure-repos:organisation/project/repository"',
        )
    ),
    Field(json_schema_extra={"pattern": f"^(?:{_CODE})$"}),
]
