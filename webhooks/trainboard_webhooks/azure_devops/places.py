"""Where a thing lives: the names by which the bot knows an organisation and what is in it."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from trainboard.errors import PayloadError
from trainboard_webhooks.payload import Payload, shorten

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_CONTAINERS = ("collection", "account", "server")
_NAME = re.compile(r"\w[\w .&'()+-]{0,99}")
_OWN_HOST = ".visualstudio.com"
_SEEN_NAME = re.compile(r"(?!\.+$)[^\s/\\\x00-\x1f\x7f](?:[^/\\\x00-\x1f\x7f]{0,254}[^\s/\\\x00-\x1f\x7f])?")
_GITHUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_HOST = re.compile(r"(?:[^@/]*@)?([A-Za-z0-9.-]+(?::[0-9]{1,5})?)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCHES = "refs/heads/"


def find_organization(payload: Payload) -> str | None:
    """The organisation's name, or the collection's on a server, in lower case; None if nothing tells it.

    Names of work items, pull requests and runs hold it and no project, because their numbers are
    unique in an organisation, and because a work item can be moved to another project.
    """
    base = _find_base(payload)
    return _name_of(base) if base is not None else None


def get_organization(payload: Payload) -> str:
    """The organisation's name; raises PayloadError where nothing tells it."""
    name = find_organization(payload)
    if name is None:
        raise PayloadError("the body does not say which organisation it comes from")
    return name


def find_page(payload: Payload, project: str, *steps: str, query: str = "") -> str:
    """The address of a page of a project, empty where the organisation's own is not told.

    It is made of the organisation's address and not taken from the body, where it may be missing.
    """
    parts = _parts_of(_find_base(payload) or "")
    host = _HOST.fullmatch(parts.netloc) if parts and parts.scheme in {"http", "https"} else None
    if parts is None or host is None:
        return ""
    base = [unquote(step) for step in parts.path.split("/") if step and not GUID.fullmatch(step)]
    path = "/".join(quote(step, safe="") for step in (*base, project, *steps))
    return f"{parts.scheme}://{host[1]}/{path}" + (f"?{query}" if query else "")


def name_code(organization: str, project: str, repository: str) -> str:
    """The full name of a repository; project and repository are written as their people write them.

    Raises:
        PayloadError: one of them cannot be a name.
    """
    for name in (project, repository):
        if not _SEEN_NAME.fullmatch(name):
            raise PayloadError(f"{shorten(name, 40)!r} is no name of a project or repository")
    return f"azure-repos:{organization}/{project}/{repository}"


def name_boards(organization: str, project: str) -> str:
    """The name of a project's work items.

    Raises:
        PayloadError: it cannot be the name of a project.
    """
    if not _SEEN_NAME.fullmatch(project):
        raise PayloadError(f"{shorten(project, 40)!r} is no name of a project")
    return f"azure-boards:{organization}/{project}"


def find_github_code(repository: str) -> str | None:
    """The full name of a repository on GitHub, None for what is no `owner/name`."""
    return f"github:{repository}" if _GITHUB_NAME.fullmatch(repository) else None


def find_commit(text: str | None) -> str | None:
    """The commit's full hash in lower case, None for anything else."""
    lowered = (text or "").lower()
    return lowered if _COMMIT.fullmatch(lowered) else None


def name_branch(ref: str) -> str:
    """`main` of `refs/heads/main`; another kind of ref stays as it is."""
    return ref.removeprefix(_BRANCHES)


def find_word(payload: Payload, *keys: str) -> str | None:
    """The text, number or boolean under `keys` as text, None if it is missing or empty."""
    value = payload.find(*keys)
    return (value.word() or None) if value is not None else None


def _find_base(payload: Payload) -> str | None:
    """The address of the organisation or collection, or what stands before the API in the resource's."""
    bases = (payload.find("resourceContainers", name, "baseUrl") for name in _CONTAINERS)
    base = next(filter(None, bases), None)
    if base is not None:
        return base.text()
    url = payload.find("resource", "url")
    before, found, _ = url.text().partition("/_apis/") if url else ("", "", "")
    return before if found else None


def _parts_of(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.hostname  # noqa: B018  it is looked at, because it is read only then
    except ValueError:
        return None
    return parts


def _name_of(url: str) -> str | None:
    parts = _parts_of(url)
    if parts is None:
        return None
    host = parts.hostname or ""
    if host.endswith(_OWN_HOST):
        name = host.partition(".")[0]
    else:
        steps = [step for step in parts.path.split("/") if step and not GUID.fullmatch(step)]
        name = unquote(steps[-1]) if steps else ""
    return name.lower() if _NAME.fullmatch(name) else None
