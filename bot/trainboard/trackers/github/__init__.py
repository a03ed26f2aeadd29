"""Work items as issues of a GitHub repository, sprints as its milestones.

The labels, comments and sub-issues are GitHub's own. A milestone has no first day, so a sprint's
start is not kept here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import structlog
from msgspec import UNSET, structs

from trainboard.diagnosis import Finding
from trainboard.errors import MissingError, PermanentError
from trainboard.github.calls import Call
from trainboard.github.client import API_URL, Clock
from trainboard.github.comments import Comments
from trainboard.github.credentials import Credential, Place, TokenCredential, open_client
from trainboard.github.examination import Work, examine
from trainboard.github.repository import Repository
from trainboard.github.values import Account, iso, to_number
from trainboard.grades import label_grades, says_grades
from trainboard.item_changes import ChangePage
from trainboard.trackers import Traits
from trainboard.trackers.github.changes import list_since
from trainboard.trackers.github.values import (
    Addressed,
    IssueJson,
    MilestoneJson,
    Named,
    from_item,
    from_iteration,
    list_dropped,
    to_item,
    to_iteration,
)
from trainboard.work_items import (
    ClosedAs,
    Comment,
    NewIteration,
    NewWorkItem,
    TrackerIteration,
    WorkItem,
    WorkItemChange,
)

PERMISSIONS = {"issues": "write", "metadata": "read"}
WORK = Work(
    writes="issues, labels and milestones",
    harm="GitHub leaves labels and milestones out of new issues without a word",
    proof="Check that new issues get the label tb:experiment.",
    of_issues=True,
)

_log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class GitHubTracker:
    """The issues of one repository. May be used from any number of threads.

    Keeps `trainboard.trackers.Tracker`. Calls to GitHub: one for each method, but `update_item` makes
    one for added labels, one for each removed label and one for the rest or for the result, lists make
    one for a hundred things, `add_child` makes two. The first look at who made something costs one
    more with a token, and the first call of an hour two more with an App.

    Args:
        repository: `owner/name`.
        credential: shared by all trackers that sign in with it; that of an App needs `PERMISSIONS`.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.

    Raises:
        ValueError: `repository` is not of that form.
    """

    traits = Traits(max_body_bytes=60_000, iteration_has_start=False)

    def __init__(
        self, *, repository: str, credential: Credential, api_url: str = API_URL, clock: Clock = _now
    ) -> None:
        self.name = f"github:{repository}"
        self._place = Place(api_url=api_url, repository=repository, clock=clock)
        self._credential = credential
        self._client = open_client(credential, self._place)
        self._repository = Repository(repository, self._client)
        self._comments = Comments(self._repository, self._account)
        self._warned = False
        self._has_bugs = True

    def close(self) -> None:
        """Close the connections. The tracker opens new ones if it is used again."""
        self._client.close()

    def create_item(self, new: NewWorkItem) -> WorkItem:
        """Make an issue in one call. What GitHub drops for want of push access is logged once.

        Only organisations have types of issues, and not all have bugs: where GitHub refuses one, issues are
        made without from then on.

        Source: "REST API endpoints for issues", "Create an issue".
        """
        if new.is_bug and not self._has_bugs:
            new = structs.replace(new, is_bug=False)
        call = self._repository.call("create an issue", "/issues", method="POST", body=from_item(new))
        try:
            item = to_item(self._repository.send(call, IssueJson), ours=True)
        except PermanentError as refusal:
            if not new.is_bug or "type" not in str(refusal):
                raise
            self._has_bugs = False
            return self.create_item(new)
        self._warn_of_dropped(list_dropped(new, item))
        return item

    def get_item(self, ref: str) -> WorkItem:
        """The issue of that number."""
        account = self._account()
        path = _issue(ref)
        issue = self._repository.send(self._repository.call(f"read issue {ref}", path, thing=path), IssueJson)
        return to_item(issue, ours=account.made(issue))

    def update_item(self, ref: str, change: WorkItemChange) -> WorkItem:
        """Labels first, then the rest, whose answer shows all. Doing it again changes nothing more.

        Priority and estimate are labels; to know which to take off costs one look.

        Source: "REST API endpoints for issues", "Update an issue": its labels would replace all.
        """
        account = self._account()
        if says_grades(change):
            change = label_grades(change, self.get_item(ref).labels)
        self._add_labels(ref, change.add_labels)
        for label in change.remove_labels:
            self._remove_label(ref, label)
        body = _from_change(change)
        path = _issue(ref)
        call = self._repository.call(f"change issue {ref}", path, method="PATCH", body=body, thing=path)
        if not body:
            call = self._repository.call(f"read issue {ref}", path, thing=path)
        issue = self._repository.send(call, IssueJson)
        item = to_item(issue, ours=account.made(issue))
        _check_removed(change.remove_labels, item)
        return item

    def list_items(self, *, label: str, since: datetime) -> Iterator[WorkItem]:
        """Issues, not pull requests, with `label`, a hundred a call.

        Source: "REST API endpoints for issues", "List repository issues".
        """
        query = {"labels": label, "since": iso(since), "state": "all", "sort": "created", "direction": "asc"}
        yield from self._list_issues(
            self._repository.call(f"list issues labelled {label}", "/issues", query=query)
        )

    def list_iteration_items(self, ref: str) -> Iterator[WorkItem]:
        """Issues of the milestone, not pull requests, a hundred a call."""
        query = {"milestone": str(to_number(ref, "milestone")), "state": "all", "direction": "asc"}
        call = self._repository.call(
            f"list issues of milestone {ref}", "/issues", query=query, thing=f"/milestones/{ref}"
        )
        yield from self._list_issues(call)

    def list_backlog(self) -> Iterator[WorkItem]:
        """Open issues without a milestone, not pull requests, a hundred a call."""
        query = {"milestone": "none", "state": "open", "direction": "asc"}
        call = self._repository.call("list issues without a milestone", "/issues", query=query)
        yield from self._list_issues(call)

    def list_changes(self, mark: str) -> Iterator[ChangePage]:
        """The events of all issues, a hundred a call."""
        return list_since(self._repository, mark)

    def create_comment(self, ref: str, body: str) -> Comment:
        """Add a comment to the issue."""
        return self._comments.create(to_number(ref, "issue"), body)

    def update_comment(self, ref: str, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        return self._comments.update(to_number(ref, "issue"), comment_ref, body)

    def list_comments(self, ref: str, *, since: datetime) -> Iterator[Comment]:
        """Comments of the issue, oldest first."""
        return self._comments.list_since(to_number(ref, "issue"), since)

    def create_iteration(self, new: NewIteration) -> TrackerIteration:
        """Make a milestone that is due on the sprint's last day.

        Source: "REST API endpoints for milestones", "Create a milestone".
        """
        call = self._repository.call(
            f"create milestone {new.name!r}", "/milestones", method="POST", body=from_iteration(new)
        )
        return to_iteration(self._repository.send(call, MilestoneJson))

    def update_iteration(self, ref: str, new: NewIteration) -> TrackerIteration:
        """Give the milestone another title, due date and description."""
        return to_iteration(self._change_milestone(f"change milestone {ref}", ref, from_iteration(new)))

    def close_iteration(self, ref: str) -> None:
        """Close the milestone.

        Source: "REST API endpoints for milestones", "Update a milestone".
        """
        self._change_milestone(f"close milestone {ref}", ref, {"state": "closed"})

    def describe_iteration(self, ref: str, description: str) -> None:
        """Replace the milestone's description."""
        self._change_milestone(f"describe milestone {ref}", ref, {"description": description})

    def list_iterations(self) -> Iterator[TrackerIteration]:
        """All milestones, a hundred a call."""
        call = self._repository.call("list milestones", "/milestones", query={"state": "all"})
        yield from map(to_iteration, self._repository.list_all(call, MilestoneJson))

    def add_child(self, parent_ref: str, child_ref: str) -> None:
        """Make one issue a sub-issue of another. A refusal is checked: it may be one already.

        Source: "REST API endpoints for sub-issues", "Add sub-issue".
        """
        parent, child = _issue(parent_ref), _issue(child_ref)
        read = self._repository.call(f"read issue {child_ref}", child, thing=child)
        number = self._repository.send(read, IssueJson).id
        call = self._repository.call(
            f"make issue {child_ref} a sub-issue of {parent_ref}",
            f"{parent}/sub_issues",
            method="POST",
            body={"sub_issue_id": number},
            thing=parent,
        )
        try:
            self._repository.send(call, Addressed)
        except MissingError:
            raise
        except PermanentError:
            if not self._has_parent(child_ref, f"{self._repository.home}{parent}"):
                raise

    def examine(self) -> Iterator[Finding]:
        """Whether GitHub lets us in, and whether we may write to the repository."""
        by_role = isinstance(self._credential, TokenCredential)
        return examine(self._client, self._repository.name, self._place.clock, by_role=by_role, work=WORK)

    def _list_issues(self, call: Call) -> Iterator[WorkItem]:
        account = self._account()
        for issue in self._repository.list_all(call, IssueJson):
            if issue.pull_request is None:
                yield to_item(issue, ours=account.made(issue))

    def _change_milestone(self, doing: str, ref: str, body: dict[str, object]) -> MilestoneJson:
        path = f"/milestones/{to_number(ref, 'milestone')}"
        call = self._repository.call(doing, path, method="PATCH", body=body, thing=path)
        return self._repository.send(call, MilestoneJson)

    def _has_parent(self, ref: str, parent: str) -> bool:
        path = f"{_issue(ref)}/parent"
        call = self._repository.call(f"read the parent of issue {ref}", path, thing=path)
        try:
            found = self._repository.send(call, Addressed).url
        except MissingError:
            return False
        return found.casefold().endswith(parent.casefold())

    def _add_labels(self, ref: str, labels: tuple[str, ...]) -> None:
        if labels:
            path = _issue(ref)
            call = self._repository.call(
                f"label issue {ref}",
                f"{path}/labels",
                method="POST",
                body={"labels": list(labels)},
                thing=path,
            )
            self._repository.send(call, list[Named])

    def _remove_label(self, ref: str, label: str) -> None:
        if not label.strip("."):
            raise PermanentError(f"Cannot take label {label!r} from an issue: the URL would mean all labels.")
        call = self._repository.call(
            f"take label {label} from issue {ref}",
            f"{_issue(ref)}/labels/{quote(label, safe='')}",
            method="DELETE",
        )
        try:
            # The plain client: an issue that is not there shows with the call that follows.
            self._client.get(call, list[Named])
        except MissingError:
            return

    def _account(self) -> Account:
        # Asked before a write and not after it: a failure then would hide that the write was done.
        return self._credential.get_account(self._place, self._client)

    def _warn_of_dropped(self, dropped: list[str]) -> None:
        if dropped and not self._warned:
            self._warned = True
            _log.warning(
                "GitHub silently left out what we may not set: give the account write access",
                repository=self._repository.name,
                dropped=dropped,
            )


def _issue(ref: str) -> str:
    return f"/issues/{to_number(ref, 'issue')}"


def _check_removed(labels: tuple[str, ...], item: WorkItem) -> None:
    # GitHub says 404 to a label that is not there, and to an account that may not take one off.
    left = {label.casefold() for label in labels} & {label.casefold() for label in item.labels}
    if left:
        raise PermanentError(
            f"Could not take {sorted(left)} from {item.url}: GitHub says there is no such label."
        )


_REASONS: dict[ClosedAs, str] = {"done": "completed", "not planned": "not_planned"}


def _from_change(change: WorkItemChange) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": change.title,
        "body": change.body,
        "state": change.state,
        "state_reason": _REASONS[change.closed_as] if change.state == "closed" else UNSET,
        "milestone": to_number(change.iteration, "milestone") if change.iteration else change.iteration,
        "assignees": UNSET if change.assignees is UNSET else list(change.assignees),
    }
    return {key: value for key, value in fields.items() if value is not UNSET}
