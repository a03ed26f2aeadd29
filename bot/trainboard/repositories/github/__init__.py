"""Pull requests of a repository on GitHub. A gate is a check run for an App, a status for a token."""

from collections.abc import Iterator
from itertools import islice
from re import fullmatch

import msgspec

from trainboard.diagnosis import Finding
from trainboard.errors import MissingError
from trainboard.github.client import API_URL, Clock
from trainboard.github.comments import Comments
from trainboard.github.credentials import AppCredential, Credential, Place, open_client
from trainboard.github.examination import Work, examine
from trainboard.github.repository import Repository
from trainboard.github.values import Account
from trainboard.model_tags import Tag
from trainboard.pull_requests import PullRequest
from trainboard.repositories import MOST_FILES, MOST_TAGS, ChangedFile, Gate
from trainboard.repositories.github.contents import Contents
from trainboard.repositories.github.gates import CheckRuns, Gates, Statuses
from trainboard.repositories.github.values import (
    ComparisonJson,
    FileJson,
    PullRequestJson,
    TagJson,
    to_changed_file,
    to_pull_request,
)
from trainboard.work_items import Comment

PERMISSIONS = {"checks": "write", "metadata": "read", "pull_requests": "write"}
READING = {"contents": "read", "metadata": "read"}

WORK = Work(
    writes="comments and checks of pull requests",
    harm="GitHub takes no commit statuses",
    proof="Check that pull requests show the status trainboard/metric-gate.",
    of_issues=False,
)


class GitHubRepository:
    """The pull requests of one repository. May be used from any number of threads.

    Keeps `trainboard.repositories.Repository`. Calls to GitHub: one for each method, but lists make one for
    a hundred things, and `set_gate` makes one to look and one to write where something differs. The first
    look at who made something costs one more with a token, and the first call of an hour two more with an
    App.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`.
        reading: what reads files and compares commits, so that an App that may not loses nothing else; that
            of an App needs `READING`. None: `credential`.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.

    Raises:
        ValueError: `repository` is not of that form.
    """

    def __init__(
        self,
        *,
        repository: str,
        credential: Credential,
        reading: Credential | None = None,
        api_url: str = API_URL,
        clock: Clock,
    ) -> None:
        self.name = f"github:{repository}"
        self._place = Place(api_url=api_url, repository=repository, clock=clock)
        self._credential = credential
        self._client = open_client(credential, self._place)
        self._reader = open_client(reading or credential, self._place)
        self._repository = Repository(repository, self._client, of_issues=False)
        self._comments = Comments(self._repository, self._account, what="pull request", home="/pulls")
        self._gates = _open_gates(self._repository, credential)
        self._readable = Repository(repository, self._reader, of_issues=False)
        self._contents = Contents(self._readable)

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()
        self._reader.close()

    def get_pull_request(self, number: int) -> PullRequest:
        """The pull request as it stands now.

        Source: "REST API endpoints for pull requests", "Get a pull request".
        """
        path = _pull(number)
        call = self._repository.call(f"read pull request {number}", path, thing=path)
        return to_pull_request(self.name, self._repository.send(call, PullRequestJson))

    def describe(self, number: int, text: str) -> None:
        """Give the pull request another description."""
        path = _pull(number)
        call = self._repository.call(
            f"describe pull request {number}", path, method="PATCH", body={"body": text}, thing=path
        )
        self._repository.send(call, msgspec.Raw)

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment to the conversation, which asks for no answer."""
        return self._comments.create(number, body)

    def update_comment(self, number: int, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        return self._comments.update(number, comment_ref, body)

    def list_comments(self, number: int) -> list[Comment]:
        """Comments of the conversation, oldest first; none of reviews."""
        return list(self._comments.list_since(number))

    def list_files(self, number: int) -> list[ChangedFile]:
        """The changed files, a hundred a call.

        Source: "REST API endpoints for pull requests", "List pull requests files".
        """
        path = _pull(number)
        call = self._repository.call(f"list files of pull request {number}", f"{path}/files", thing=path)
        files = self._repository.list_all(call, FileJson)
        return [to_changed_file(file) for file in islice(files, MOST_FILES)]

    def read_text(self, path: str, at: str, most_bytes: int) -> str:
        """One call, or two where the file is larger than a megabyte; an App needs `READING` for it."""
        return self._contents.read(path, at, most_bytes)

    def list_tags(self) -> list[Tag]:
        """A hundred a call; an App needs `READING` for it.

        Source: "REST API endpoints for repositories", "List repository tags".
        """
        tags = self._readable.list_all(self._readable.call("list tags", "/tags"), TagJson)
        return [Tag(tag.name, tag.commit.sha) for tag in islice(tags, MOST_TAGS)]

    def contains(self, commit: str, within: str) -> bool:
        """What a comparison says; its first page would list the files that differ.

        Source: "REST API endpoints for commits", "Compare two commits".
        """
        if not (fullmatch(_HASH, commit) and fullmatch(_HASH, within)):
            raise MissingError(f"{self.name} has no commit {commit!r} or {within!r}: that is no hash.")
        path = f"/compare/{commit}...{within}"
        call = self._readable.call(
            f"compare {commit} with {within}", path, query={"page": "2", "per_page": "1"}, thing=path
        )
        return self._readable.send(call, ComparisonJson).status in {"ahead", "identical"}

    def set_gate(self, number: int, gate: Gate) -> None:
        """A check run, or a status, of the gate's name."""
        self._gates.set(number, gate)

    def examine(self) -> Iterator[Finding]:
        """Whether GitHub lets us in, and whether we may write there."""
        by_role = not isinstance(self._credential, AppCredential)
        return examine(self._client, self._repository.name, self._place.clock, by_role=by_role, work=WORK)

    def _account(self) -> Account:
        return self._credential.get_account(self._place, self._client)


_HASH = "[0-9a-f]{40}|[0-9a-f]{64}"


def _pull(number: int) -> str:
    return f"/pulls/{number}"


def _open_gates(repository: Repository, credential: Credential) -> Gates:
    if isinstance(credential, AppCredential):
        return CheckRuns(repository, credential.app_id)
    return Statuses(repository)
