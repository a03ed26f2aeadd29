"""Pull requests of a repository in Azure Repos. A gate is a status of the pull request."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import quote

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients
from trainboard.azure_devops.kept import Kept
from trainboard.azure_devops.locations import name_organization
from trainboard.azure_devops.models import git
from trainboard.azure_devops.pages import list_pages
from trainboard.azure_devops.people import is_by, read_me
from trainboard.diagnosis import Finding
from trainboard.errors import MissingError
from trainboard.model_tags import Tag
from trainboard.pull_requests import PullRequest
from trainboard.repositories import MOST_FILES, MOST_TAGS, ChangedFile, Gate
from trainboard.repositories.azure_repos import gates, threads
from trainboard.repositories.azure_repos.examination import examine
from trainboard.repositories.azure_repos.values import (
    BRANCHES,
    TAGS,
    ChangesJson,
    CommentJson,
    CommitJson,
    IterationJson,
    NewThreadJson,
    PullRequestJson,
    StatusJson,
    TagJson,
    ThreadJson,
    to_changed_file,
    to_pull_request,
)
from trainboard.work_items import Comment

AT_ONCE = 2_000
AT_ONCE_TAGS = 1_000

Shape = TypeVar("Shape")
Clock = Callable[[], datetime]


class AzureRepository:
    """The pull requests of one repository. May be used from any number of threads.

    Keeps `trainboard.repositories.Repository`. Calls to Azure DevOps: one for each method, but `list_files`
    makes one for the pushes and one for 2,000 files, and `set_gate` one for the pushes, one for the statuses
    and one to write where something differs. Who we are costs one more once a day.

    A comment is in a thread of its own, which is closed: where a branch policy asks that all threads are
    resolved, it stops nobody.

    Args:
        organization: shared by all that live there.
        project: the project's name.
        repository: the repository's name.
        clock: the time now, aware.
    """

    def __init__(self, *, organization: Organization, project: str, repository: str, clock: Clock) -> None:
        self.name = f"azure-repos:{name_organization(organization.url)}/{project}/{repository}"
        self._organization = organization
        self._project = project
        self._repository = repository
        self._clock = clock
        self._me = Kept(lambda: read_me(organization), clock)

    def close(self) -> None:
        """Close the organisation's connections. New ones are opened if it is used again."""
        self._organization.close()

    def get_pull_request(self, number: int) -> PullRequest:
        """The pull request as it stands now; the platform tells no time of its last change.

        Source: "Pull Requests - Get Pull Request".
        """
        at = self._clock()
        found = self._ask("read", number, lambda to, *of: to.git.get_pull_request(*of), PullRequestJson)
        path = "/".join(quote(part, safe="") for part in (self._project, "_git", self._repository))
        url = f"{self._organization.url}/{path}/pullrequest/{number}"
        return to_pull_request(self.name, found, at=at, url=url)

    def describe(self, number: int, text: str) -> None:
        """Give the pull request another description.

        Source: "Pull Requests - Update".
        """
        change = git.GitPullRequest(description=text)
        self._ask(
            "describe",
            number,
            lambda to, *of: to.git.update_pull_request(change, *of),
            PullRequestJson,
            writes=True,
        )

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a closed thread with one comment.

        Source: "Pull Request Threads - Create".
        """
        thread = threads.to_thread(body)
        made = self._ask(
            "comment on",
            number,
            lambda to, *of: to.git.create_thread(thread, *of),
            NewThreadJson,
            writes=True,
        )
        return threads.to_comment(made.id, made.comments[0], ours=True)

    def update_comment(self, number: int, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text; its thread stays as it is.

        Source: "Pull Request Thread Comments - Update".
        """
        me, (thread, comment) = self._me.get(), threads.split_ref(comment_ref)
        changed = self._ask(
            f"change comment {comment_ref} of",
            number,
            lambda to, repository, pull, project: to.git.update_comment(
                git.Comment(content=body), repository, pull, thread, comment, project
            ),
            CommentJson,
            writes=True,
        )
        return threads.to_comment(thread, changed, ours=is_by(changed.author, me))

    def list_comments(self, number: int) -> list[Comment]:
        """Comments of people and bots in all threads, oldest first.

        Source: "Pull Request Threads - List".
        """
        me = self._me.get()
        found = self._ask(
            "list the comments of", number, lambda to, *of: to.git.get_threads(*of), Many[ThreadJson]
        )
        return threads.list_comments(found.value, me)

    def list_files(self, number: int) -> list[ChangedFile]:
        """What differs between the newest push and where the branch left its base.

        Source: "Pull Request Iteration Changes - Get".
        """
        pushes = self._list_iterations(number)
        if not pushes:
            return []
        return list(islice(self._list_files(number, pushes[-1].id), MOST_FILES))

    def read_text(self, path: str, at: str, most_bytes: int) -> str:
        """The text of a file.

        Source: "Items - Get".
        """
        branch = at.startswith(BRANCHES)
        version = git.GitVersionDescriptor(
            version=at.removeprefix(BRANCHES), version_type="branch" if branch else "commit"
        )
        thing = f"{path!r} at {at} in {self._repository}"
        return self._organization.read_text(
            Call(doing=f"read {thing} in {self._project}", thing=thing, most_bytes=most_bytes),
            lambda to: to.git.get_item_content(
                self._repository, f"/{path}", self._project, version_descriptor=version
            ),
        )

    def list_tags(self) -> list[Tag]:
        """A thousand a call.

        Source: "Refs - List".
        """
        call = Call(doing=f"list the tags of {self._repository}", thing=f"repository {self._repository}")
        pages = list_pages(
            call,
            lambda token: self._organization.read_page(
                call,
                lambda to: to.git.get_refs(
                    self._repository,
                    self._project,
                    filter="tags/",
                    peel_tags=True,
                    top=AT_ONCE_TAGS,
                    continuation_token=token,
                ),
                Many[TagJson],
            ),
        )
        found = (tag for page in pages for tag in page.value)
        return [
            Tag(tag.name.removeprefix(TAGS), tag.peeled_object_id or tag.object_id)
            for tag in islice(found, MOST_TAGS)
        ]

    def contains(self, commit: str, within: str) -> bool:
        """A commit is its own closest common ancestor with those that it lies in.

        Source: "Merge Bases - List".
        """
        thing = f"a commit of {commit!r} and {within!r} in {self._repository}"
        call = Call(doing=f"find where {commit} and {within} of {self._repository} part", thing=thing)
        found = self._organization.read(
            call,
            lambda to: to.git.get_merge_bases(self._repository, within, commit, self._project),
            Many[CommitJson],
        )
        return any(each.commit_id == commit for each in found.value)

    def set_gate(self, number: int, gate: Gate) -> None:
        """A status of the newest push of the gate's commit: an older one's may not let a newer push through.

        Source: "Pull Request Statuses - Create".
        """
        push = gates.find_iteration(self._list_iterations(number), gate.commit)
        if push is None:
            raise MissingError(f"Pull request {number} of {self.name} never was at commit {gate.commit}.")
        standing = self._ask(
            "see the statuses of",
            number,
            lambda to, *of: to.git.get_pull_request_statuses(*of),
            Many[StatusJson],
        )
        if gates.is_shown(gate, push, standing.value):
            return
        status = gates.to_status(gate, push)
        self._ask(
            f"set status {gate.name} of",
            number,
            lambda to, *of: to.git.create_pull_request_status(status, *of),
            StatusJson,
            writes=True,
        )

    def examine(self) -> Iterator[Finding]:
        """Whether Azure DevOps lets us in, and whether we may contribute to pull requests there."""
        return examine(self._organization, self._project, self._repository)

    def _list_iterations(self, number: int) -> list[IterationJson]:
        found = self._ask(
            "list the pushes of",
            number,
            lambda to, *of: to.git.get_pull_request_iterations(*of),
            Many[IterationJson],
        )
        return sorted(found.value, key=lambda push: push.id)

    def _list_files(self, number: int, push: int) -> Iterator[ChangedFile]:
        skip = 0
        while True:
            page = self._ask(
                "list the files of",
                number,
                lambda to, repository, pull, project, skip=skip: to.git.get_pull_request_iteration_changes(
                    repository, pull, push, project, top=AT_ONCE, skip=skip, compare_to=0
                ),
                ChangesJson,
            )
            yield from (
                to_changed_file(change)
                for change in page.change_entries
                if change.item.path and not change.item.is_folder
            )
            if page.next_skip <= skip:
                return
            skip = page.next_skip

    def _ask(
        self,
        verb: str,
        number: int,
        send: Callable[..., object],
        shape: type[Shape],
        *,
        writes: bool = False,
    ) -> Shape:
        """Send one call about a pull request; `send` is given the clients, and the ids that name it."""
        thing = f"pull request {number} of {self._repository}"
        call = Call(doing=f"{verb} {thing} in {self._project}", writes=writes, thing=thing)

        def send_it(to: Clients) -> object:
            return send(to, self._repository, number, self._project)

        return self._organization.read(call, send_it, shape)
