"""Links of a work item to other things, as a JSON patch adds them.

Source: "Work Items - Update", "Add a link"; names of artifact links: "Link type reference".
"""

from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec

from trainboard.azure_devops.ids import to_id
from trainboard.errors import PermanentError
from trainboard.trackers.azure_boards.escaping import check_guid

PARENT = "System.LinkTypes.Hierarchy-Reverse"
LINKS = 1_000

BuildRole = Literal["Build", "Found in build", "Integrated in build"]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One relation. `name` is the link type of an artifact, `comment` what people read beside the link."""

    rel: str
    url: str
    name: str = ""
    comment: str = ""

    def to_patch(self) -> dict[str, object]:
        """The value of an operation that adds it to `/relations/-`."""
        attributes = {"name": self.name, "comment": self.comment}
        said = {key: text for key, text in attributes.items() if text}
        return {"rel": self.rel, "url": self.url, **({"attributes": said} if said else {})}


def to_page(url: str, comment: str = "") -> Link:
    """A link to a page of the web, also to a pull request or a commit at GitHub.

    Raises:
        PermanentError: it is no http address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(sign.isspace() for sign in url):
        raise PermanentError(f"{url!r} cannot be linked from a work item: it is no http address.")
    return Link(rel="Hyperlink", url=url, comment=comment)


def to_commit(project_id: str, repository_id: str, commit: str) -> Link:
    """A link to a commit in Azure Repos; both ids are GUIDs, `commit` is a whole hash."""
    if not (len(commit) == 40 and set(commit) <= set("0123456789abcdef")):  # noqa: PLR2004  digits of SHA-1
        raise PermanentError(f"{commit!r} cannot be linked from a work item: it is no commit's whole hash.")
    return _artifact(
        "Fixed in Commit",
        "Git/Commit",
        check_guid(project_id, "project"),
        check_guid(repository_id, "repository"),
        commit,
    )


def to_pull_request(project_id: str, repository_id: str, number: str) -> Link:
    """A link to a pull request in Azure Repos; both ids are GUIDs."""
    number = str(to_id(number, "pull request"))
    return _artifact(
        "Pull Request",
        "Git/PullRequestId",
        check_guid(project_id, "project"),
        check_guid(repository_id, "repository"),
        number,
    )


def to_build(build: str, role: BuildRole = "Build") -> Link:
    """A link to a build, which is a run of a pipeline."""
    return _artifact(role, "Build/Build", str(to_id(build, "build")))


def to_parent(organization_url: str, ref: str) -> Link:
    """The link that makes the work item a child of `ref`."""
    return Link(
        rel=PARENT, url=f"{organization_url.rstrip('/')}/_apis/wit/workItems/{to_id(ref, 'work item')}"
    )


def find_target(url: str) -> str | None:
    """The ref of the work item that a relation points to, None if it points to something else.

    The service writes the project's GUID into the address, so addresses cannot be compared.
    """
    place, _, number = urlsplit(url).path.rpartition("/")
    return number if place.lower().endswith("/_apis/wit/workitems") and number.isdigit() else None


def _artifact(name: str, tool: str, *parts: str) -> Link:
    return Link(rel="ArtifactLink", url=f"vstfs:///{tool}/{quote('/'.join(parts), safe='')}", name=name)
