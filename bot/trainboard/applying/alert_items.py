"""A bug that shall stand as its problem does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import structlog
from msgspec import UNSET
from sqlalchemy import Connection

from trainboard.alert_labels import CHANGING, labels_of, list_copied, list_labels
from trainboard.alert_life import (
    Closing,
    MomentKind,
    Plan,
    Problem,
    Stand,
    Step,
    closing_of,
    count_written,
    judge_problem,
    plan,
)
from trainboard.alert_policy import AlertPolicy
from trainboard.alert_view import AlertView
from trainboard.alerts import ALERT_LABEL, KEEP_OPEN_LABEL, MUTE_LABELS, Severity
from trainboard.applying import Outside
from trainboard.applying.alert_lineages import show_on_experiment
from trainboard.applying.alert_remedies import list_remedies
from trainboard.applying.board_asking import show_on_board
from trainboard.applying.doubts import find_made, settles_if_undone
from trainboard.applying.experiment_items import iteration_ref
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EnsureAlertItem
from trainboard.errors import MissingError, NotYetError, PermanentError
from trainboard.fingerprints import fingerprint
from trainboard.iterations import iteration_at
from trainboard.rendering.alert import (
    render_alert,
    render_alert_title,
    render_return,
    render_severity_rise,
)
from trainboard.rendering.inert import plain
from trainboard.store import intents, model_lineage, problems
from trainboard.trackers import Tracker
from trainboard.work_items import NewWorkItem, WorkItem, WorkItemChange

APPLIES = EnsureAlertItem

_LONGEST_LABEL = 50
_LEAST_BYTES, _MOST_BYTES, _MARKS_BYTES = 2_000, 55_000, 500

_log = structlog.get_logger(__name__)


def apply(effect: EnsureAlertItem, outside: Outside) -> None:
    """Do the one step that the problem is due for, and note when to look again.

    The tracker is asked nothing where nothing is to be done and nobody touched the bug.

    Raises:
        NotYetError: news is being gathered, or the sprint is not made yet.
    """
    with outside.database.read() as connection:
        problem = problems.find(connection, effect.problem)
    if problem is None or problem.project not in outside.projects:
        return
    door = outside.doors.get(problem.door)
    policy = door.alerts if door and door.alerts else AlertPolicy()
    bug = _Bug(problem, policy, outside, polled=bool(door and door.polled))
    if problem.touched and problem.state != "waiting":
        bug.read()
    bug.take_step()
    show_on_experiment(bug.problem, problem, bug.told, policy, outside)
    if bug.problem.ref:
        show_on_board(problem.project, bug.problem.ref, outside)


@dataclass
class _Bug:
    """The bug of one problem. `problem` is kept in step with its row.

    `told` are the labels of the worst alert that fires, of the one that was told of last if none does.
    """

    problem: Problem
    policy: AlertPolicy
    outside: Outside
    polled: bool
    item: WorkItem | None = None
    told: Mapping[str, str] = field(default_factory=dict)

    def take_step(self) -> None:
        """What is due; a new generation begins with the bug that it needs."""
        due, stand = self._plan()
        if due.step is Step.RENEW:
            self._renew(stand)
            due, stand = self._plan()
        look_at = due.look_at
        match due.step:
            case Step.NOTHING if self.problem.state == "waiting" and due.look_at:
                seconds = (due.look_at - self._now).total_seconds()
                raise NotYetError("more may be told at once", retry_after_seconds=seconds)
            case Step.MAKE:
                self._find_or_make(stand)
            case Step.SHOW:
                look_at = min(filter(None, [look_at, self._show(stand)]), default=None)
            case Step.CLOSE:
                self._close(stand)
            case Step.REOPEN:
                self._reopen(stand)
        self._note(look_at=look_at if due.step in {Step.NOTHING, Step.SHOW} else self._plan()[0].look_at)

    def read(self) -> None:
        """The bug as people left it: its state, and the labels by which they steer."""
        try:
            self.item = self._tracker.get_item(self.problem.ref)
        except MissingError:
            self._note(state="gone", closed_at=self._now, closed_by="person", touched=False)
            return
        labels = {label.casefold() for label in self.item.labels}
        self._note(
            touched=False, keep_open=KEEP_OPEN_LABEL in labels, title=self.item.title, url=self.item.url
        )
        if self.item.state == "open" and self.problem.state == "closed":
            self._note(state="open", closed_at=None, closed_by="", closed_as=None)
        if self.item.state == "closed" and self.problem.state == "open":
            muted = self.item.closed_as == "not planned" or not MUTE_LABELS.isdisjoint(labels)
            self._closed("person", "not planned" if muted else "done")

    @property
    def _tracker(self) -> Tracker:
        return self.outside.trackers[self.problem.project]

    @property
    def _now(self) -> datetime:
        return self.outside.clock()

    @property
    def _item_key(self) -> str:
        """The key of this generation's bug in its marker."""
        return "alert:" + fingerprint(self.problem.key, str(self.problem.generation))

    def _plan(self) -> tuple[Plan, Stand]:
        with self.outside.database.read() as connection:
            episodes = problems.list_episodes(connection, self.problem)
        stand = judge_problem(self.problem, episodes, self.policy, self._now, polled=self.polled)
        last = max(episodes, key=lambda each: each.told_at, default=None)
        self.told = labels_of(stand) or (last.alert.labels if last else {})
        return plan(self.problem, stand, self.policy, self._now), stand

    def _find_or_make(self, stand: Stand) -> None:
        sprint = self._find_sprint(stand)
        iteration = None if sprint is None else iteration_ref(self.problem.project, sprint, self.outside)
        found = find_made(self.problem.project, self._item_key, ALERT_LABEL, self.outside)
        item = found or self._make(stand, iteration)
        with self.outside.database.write() as connection:
            intents.settle(connection, self._item_key)
            self._write_down(
                connection,
                "made",
                state="open",
                tracker=self._tracker.name,
                ref=item.ref,
                url=item.url,
                title=item.title,
                made_at=self._now,
                sprint=sprint,
                severity=stand.severity,
                written="" if found else self._material(stand),
                written_at=self._now,
            )
        self._log("bug found again" if found else "bug made")

    def _find_sprint(self, stand: Stand) -> int | None:
        """The current sprint for what is bad enough; None is the backlog."""
        if stand.severity.rank > self.policy.sprint_from.rank:
            return None
        return iteration_at(self.outside.projects[self.problem.project].sprint, self._now).number

    def _make(self, stand: Stand, iteration: str | None) -> WorkItem:
        view = self._view(stand)
        markers = self.outside.markers(self.problem.project)
        owner = self.policy.find_owner(labels_of(stand))
        new = NewWorkItem(
            title=render_alert_title(view),
            body=markers.wrap(self._item_key, render_alert(view, self._room(""))),
            labels=(*list_labels(self.problem, stand), *self._copied(stand)),
            assignees=owner.assignees[: self._tracker.traits.max_assignees] if owner else (),
            iteration=iteration,
            is_bug=True,
            severity=stand.severity,
            area=owner.area if owner else None,
        )
        lane = Lane.CLOSE if stand.severity is Severity.CRITICAL else Lane.CREATE
        with settles_if_undone(self._item_key, self.outside), in_lane(lane):
            return self._create(new)

    def _create(self, new: NewWorkItem) -> WorkItem:
        """The bug; without its owner where the tracker refuses that, for it must be made all the same."""
        try:
            return self._tracker.create_item(new)
        except PermanentError as refusal:
            if not new.assignees and new.area is None:
                raise
            self._log("bug made without its owner", reason=str(refusal))
            return self._tracker.create_item(msgspec.structs.replace(new, assignees=(), area=None))

    def _show(self, stand: Stand) -> datetime | None:
        """The bug says what is known, if that is something else than it says, and not too often.

        What became worse does not wait, and what became better waits longest. Answers when an edit that
        waits is due.
        """
        material, worse = self._material(stand), self._is_worse(stand)
        if material == self.problem.written:
            return None
        due = self._edit_at(stand)
        if due is not None and self._now < due and not worse:
            return due
        if not self._update(stand):
            return None
        if worse:
            self._tracker.create_comment(self.problem.ref, render_severity_rise(self._view(stand)))
        self._note(written=material, written_at=self._now, severity=stand.severity)
        self._log("bug updated")
        return None

    def _edit_at(self, stand: Stand) -> datetime | None:
        """When the bug may be edited again; None for one of which it is not known when it was."""
        before = count_written(self.problem.written)
        is_better = before is not None and len(stand.firing) < before
        pause = self.policy.ease_every if is_better else self.policy.edit_every
        return self.problem.written_at and self.problem.written_at + pause

    def _close(self, stand: Stand) -> None:
        closing = closing_of(self.problem, stand)
        with in_lane(Lane.CLOSE):
            closed = self._update(stand, closing=closing)
        if closed:
            self._closed("bot", closing)

    def _closed(self, by: str, closing: Closing) -> None:
        with self.outside.database.write() as connection:
            self._write_down(
                connection,
                "closed",
                closing,
                state="closed",
                closed_at=self._now,
                closed_by=by,
                closed_as=closing,
            )
            if self.problem.kind == "storm":
                problems.release_members(connection, self.problem.key)
        self._log("bug closed", by=by, closed_as=closing)

    def _reopen(self, stand: Stand) -> None:
        view = self._view(stand)
        with in_lane(Lane.CREATE):
            if not self._update(stand, reopen=True):
                return
            self._tracker.create_comment(self.problem.ref, render_return(view))
        with self.outside.database.write() as connection:
            self._write_down(
                connection,
                "reopened",
                state="open",
                closed_at=None,
                closed_by="",
                closed_as=None,
                written=self._material(stand),
                written_at=self._now,
                severity=stand.severity,
            )
        self._log("bug opened again")

    def _renew(self, stand: Stand) -> None:
        """The bug before this one is history; the next one names it."""
        with self.outside.database.write() as connection:
            self._write_down(
                connection,
                "renewed",
                generation=self.problem.generation + 1,
                state="waiting",
                earlier=self.problem.ref if self.problem.state == "closed" else "",
                ref="",
                url="",
                title="",
                made_at=None,
                began_at=stand.last_start,
                closed_at=None,
                closed_by="",
                closed_as=None,
                acknowledged_at=None,
                written="",
                written_at=None,
            )

    def _update(self, stand: Stand, *, closing: Closing | None = None, reopen: bool = False) -> bool:
        """Write the bot's part; False if a person was faster, which is looked at next."""
        if self.item is None:
            state = self.problem.state
            self.read()
            if self.problem.state != state or self.item is None:
                return False
        view = self._view(stand, closing)
        markers = self.outside.markers(self.problem.project)
        text = render_alert(view, self._room(markers.outside(self.item.body)))
        wanted = set(list_labels(self.problem, stand, closing))
        change = WorkItemChange(
            body=markers.replace(self.item.body, self._item_key, text),
            add_labels=tuple(sorted(wanted.difference(self.item.labels))),
            remove_labels=tuple(sorted(CHANGING.difference(wanted).intersection(self.item.labels))),
            severity=UNSET if closing or stand.severity is self.problem.severity else stand.severity,
        )
        if closing or reopen:
            change = msgspec.structs.replace(change, state="closed" if closing else "open")
        self.item = self._tracker.update_item(self.item.ref, change)
        return True

    def _copied(self, stand: Stand) -> list[str]:
        return [plain(label, _LONGEST_LABEL) for label in list_copied(stand, self.policy)]

    def _is_worse(self, stand: Stand) -> bool:
        return self.problem.severity is not None and stand.severity.rank < self.problem.severity.rank

    def _material(self, stand: Stand) -> str:
        """What makes an edit worth its call: which alerts fire, and how bad; no times, no values."""
        firing = sorted(each.alert.fingerprint for each in stand.firing)
        return f"{len(firing)}:{fingerprint(*list_labels(self.problem, stand), *firing)}"

    def _view(self, stand: Stand, closing: Closing | None = None) -> AlertView:
        problem = self.problem
        project = self.outside.projects[problem.project]
        sprint = iteration_at(project.sprint, problem.began_at)
        with self.outside.database.read() as connection:
            members = problems.list_members(connection, problem.key) if problem.kind == "storm" else ()
            known = model_lineage.find_of_alert(connection, project, self.told, self.policy)
        return AlertView(
            problem=problem,
            stand=stand,
            updated_at=self._now,
            lineage=known,
            page_url=self.outside.page_url(f"/alerts/{problem.key}"),
            sprint_url=self.outside.page_url(f"/sprints/{project.name}/{sprint.number}"),
            members=tuple(members),
            closing_as=closing,
            remedies=tuple(list_remedies(project, self.outside)) if known else (),
        )

    def _room(self, written: str) -> int:
        left = self._tracker.traits.max_body_bytes - len(written.encode())
        return max(_LEAST_BYTES, min(_MOST_BYTES, left - _MARKS_BYTES))

    def _note(self, **changes: Any) -> None:
        with self.outside.database.write() as connection:
            self.problem = problems.put(connection, self.problem, **changes)

    def _write_down(self, connection: Connection, kind: MomentKind, words: str = "", **changes: Any) -> None:
        self.problem = problems.put(connection, self.problem, **changes)
        problems.note(connection, self.problem, kind, self._now, words)

    def _log(self, event: str, **more: str) -> None:
        _log.info(event, tracker=self._tracker.name, item=self.problem.ref, rule=self.problem.rule, **more)
