"""A pull request that shall show what is known of it: a gate on its head commit, and one comment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask
from trainboard.applying.changed_files import read_files
from trainboard.applying.doubts import settles_if_undone
from trainboard.applying.notebooks import ask_for_reviews
from trainboard.budgets import Lane, in_lane
from trainboard.changed_paths import ChangedPaths
from trainboard.effects import EnsurePullRequestStatus
from trainboard.errors import MissingError, NotYetError, PermanentError
from trainboard.fingerprints import fingerprint, status_key
from trainboard.markers import Markers
from trainboard.metric_gate import GATE_NAME
from trainboard.policy import Project
from trainboard.pull_request_view import PullRequestView
from trainboard.pull_requests import PullRequest
from trainboard.read import TrackedItem
from trainboard.rendering.metric_gate import render_gate_summary, render_gate_title
from trainboard.rendering.pull_request import render_pull_request
from trainboard.repositories import Gate, Repository
from trainboard.store import intents, pull_request_status, pull_requests
from trainboard.store.pull_request_status import DELETED, Shown
from trainboard.views.pull_requests import view_of
from trainboard.work_items import Comment

APPLIES = EnsurePullRequestStatus

MOST_BYTES = 60_000
QUIET = timedelta(minutes=1)
"""After so long without news the comment says what is known, also if checks are still on their way."""

_log = structlog.get_logger(__name__)


def apply(effect: EnsurePullRequestStatus, outside: Outside) -> None:
    """Set the gate, and write the comment, each only where it changes.

    A comment that somebody deleted is not made again, and one that would say nothing is not made at all.
    A gate that the platform refuses for good does not keep the comment from being written; one on a commit
    that a push took away is not missed, for the push is told by itself. While checks come in and all is
    well, a comment is not written anew for each of them.

    Raises:
        NotYetError: the comment waits for the checks that are on their way.
    """
    repository = outside.repositories.get(effect.project)
    with outside.database.read() as connection:
        pull_request = pull_requests.find(connection, effect.code, effect.pull_request)
        shown = pull_request_status.get(connection, effect.code, effect.pull_request)
    if repository is None or pull_request is None:
        return
    status = _Status(repository, pull_request, outside, shown, outside.projects[effect.project])
    view = status.look()
    ask_for_reviews(effect.project, view, outside)
    try:
        status.set_gate(view)
    except MissingError:
        _log.warning("no such commit any more", code=repository.name, pull_request=pull_request.number)
    except PermanentError:
        status.write_comment(view)
        raise
    if status.can_wait(view):
        seconds = effect.longest_pace_seconds
        raise NotYetError("checks are on their way, and all is well so far", retry_after_seconds=seconds)
    status.write_comment(view)


def judge_anew(connection: Connection, item: TrackedItem, outside: Outside) -> dict[str, datetime]:
    """Ask for the gates of the open pull requests of the item; answers which mailboxes to wake, and when."""
    return ask(connection, _list_judged(connection, item, outside), outside)


def _list_judged(
    connection: Connection, item: TrackedItem, outside: Outside
) -> Iterator[EnsurePullRequestStatus]:
    for pull_request in pull_requests.list_of_item(connection, item.tracker, item.ref):
        project = next((each for each in outside.projects.values() if each.lives_in(pull_request.code)), None)
        if project is not None and pull_request.state == "open":
            yield EnsurePullRequestStatus(
                project=project.name, code=pull_request.code, pull_request=pull_request.number
            )


def gate_of(view: PullRequestView, commit: str) -> Gate:
    """The verdict on the head commit, to be set on `commit`."""
    verdict, head = view.verdict, view.pull_request.head
    return Gate(
        name=GATE_NAME,
        commit=commit,
        state=verdict.state,
        title=render_gate_title(verdict, head, view.silent),
        summary=render_gate_summary(verdict, head, MOST_BYTES, view.silent),
    )


@dataclass
class _Status:
    """One pull request, and what stands on it by our own doing; `shown` is kept in step with its row."""

    repository: Repository
    pull_request: PullRequest
    outside: Outside
    shown: Shown
    project: Project

    def look(self) -> PullRequestView:
        """All that is known now."""
        paths = self._read_paths()
        with self.outside.database.read() as connection:
            view = view_of(connection, self.pull_request, paths, self.outside.clock(), self.project)
        page = f"/pull-requests?project={self.project.name}#pull-request-{self.pull_request.number}"
        return msgspec.structs.replace(view, page_url=self.outside.page_url(page))

    def set_gate(self, view: PullRequestView) -> None:
        """The head commit of an open pull request shows the verdict."""
        gate = gate_of(view, self.pull_request.head)
        written = fingerprint(msgspec.json.encode(gate).decode())
        if self.pull_request.state == "open" and written != self.shown.gate:
            self.repository.set_gate(self.pull_request.number, gate)
            self._note(gate=written)
            self._log("metric gate set", state=gate.state)

    def can_wait(self, view: PullRequestView) -> bool:
        """True if there is a comment, nothing pressing to add, and more to come soon."""
        if self.shown.comment in {None, DELETED} or self.shown.pressing != view.pressing:
            return False
        return view.is_on_its_way and abs(self.outside.clock() - view.changed_at) < QUIET

    def write_comment(self, view: PullRequestView) -> None:
        """The one comment says what is known; it is looked for where an earlier attempt ended in doubt."""
        if self.shown.comment is None and not view.is_news:
            return
        markers = self.outside.markers_in(self.repository.name)
        body = markers.wrap(self._key, render_pull_request(view, MOST_BYTES))
        if self.shown.comment is None:
            self._find_or_make(body, markers)
        if self.shown.comment != DELETED and self.shown.text != fingerprint(body):
            self._update(body)
        if self.shown.pressing != view.pressing:
            self._note(pressing=view.pressing)

    @property
    def _key(self) -> str:
        return status_key(self.pull_request.code, self.pull_request.number)

    def _read_paths(self) -> ChangedPaths:
        """What the paths of the change tell, read once for each push to an open pull request."""
        between = f"{self.pull_request.base} {self.pull_request.head}"
        if self.shown.paths_of != between and self.pull_request.state == "open":
            paths = read_files(self.repository.list_files(self.pull_request.number), self.pull_request.head)
            self._note(paths_of=between, paths=paths)
        return self.shown.paths

    @property
    def _keys(self) -> tuple[str, ...]:
        """Those of the one comment under all names that the repository has or had."""
        former = self.outside.former_names.get(self.repository.name, ())
        return self._key, *(status_key(name, self.pull_request.number) for name in former)

    def _find_or_make(self, body: str, markers: Markers) -> None:
        now = self.outside.clock()
        with self.outside.database.write() as connection:
            restored = intents.find_restored(connection, now) is not None
            in_doubt = restored or intents.is_in_doubt(connection, self._keys)
            intents.begin(connection, self._key, now)
        comments = self.repository.list_comments(self.pull_request.number) if in_doubt else []
        mine = [each for each in comments if each.ours and markers.find_key(each.body) in self._keys]
        comment = mine[0] if mine else self._make(body)
        self._note(comment=comment.ref, text=fingerprint(comment.body if mine else body))
        with self.outside.database.write() as connection:
            intents.settle(connection, *self._keys)
        self._log("comment found again" if mine else "comment made")

    def _make(self, body: str) -> Comment:
        with settles_if_undone(self._key, self.outside), in_lane(Lane.CREATE):
            return self.repository.create_comment(self.pull_request.number, body)

    def _update(self, body: str) -> None:
        try:
            self.repository.update_comment(self.pull_request.number, self.shown.comment or "", body)
        except MissingError:
            self._note(comment=DELETED)
            self._log("comment was deleted by somebody")
        else:
            self._note(text=fingerprint(body))
            self._log("comment updated")

    def _note(self, **changes: Any) -> None:
        self.shown = msgspec.structs.replace(self.shown, **changes)
        with self.outside.database.write() as connection:
            pull_request_status.put(connection, self.pull_request.code, self.pull_request.number, self.shown)

    def _log(self, event: str, **more: str) -> None:
        _log.info(event, code=self.repository.name, pull_request=self.pull_request.number, **more)
