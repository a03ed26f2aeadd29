"""What happened to the issues of a repository, by GitHub's list of all events, the latest first.

It tells a milestone by what it was called then. A mark is the id of the last event that was read, and while
older ones are still to be read, where that goes on: `12<99@3` is all up to 12, and of those up to 99 what is
on the third page and those behind it.

Source: "REST API endpoints for issue events", "List issue events for a repository"; "Issue event types".
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from trainboard.github.client import PER_PAGE
from trainboard.github.repository import Repository
from trainboard.grades import find_estimate
from trainboard.item_changes import ChangePage, ItemChange
from trainboard.trackers.github.values import IssueJson

_MARK = re.compile(r"(?P<done>\d+)(?:<(?P<top>\d+)@(?P<page>\d+))?")
_SEQUENCE = {"demilestoned": 0, "milestoned": 1, "labeled": 3, "reopened": 3}
_USUAL = 2


class _Titled(msgspec.Struct, frozen=True):
    title: str


class _Named(msgspec.Struct, frozen=True):
    name: str | None = None


class _Rename(msgspec.Struct, frozen=True):
    to: str


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    event: str
    created_at: datetime
    issue: IssueJson | None = None
    milestone: _Titled | None = None
    label: _Named | None = None
    rename: _Rename | None = None
    state_reason: str | None = None


def list_since(repository: Repository, mark: str) -> Iterator[ChangePage]:
    """The events after `mark`, a hundred a call."""
    if not mark:
        events = _read(repository, 1)
        yield ChangePage(changes=(), mark=str(events[0].id if events else 0), complete=True)
        return
    done, top, page = _parse(mark)
    while True:
        events = _read(repository, page)
        top = top or max((each.id for each in events), default=done)
        fresh = [each for each in events if done < each.id <= top]
        complete = len(events) < PER_PAGE or any(each.id <= done for each in events)
        yield ChangePage(
            changes=tuple(change for each in fresh if (change := _to_change(each)) is not None),
            mark=str(top) if complete else f"{done}<{top}@{page + 1}",
            complete=complete,
        )
        if complete:
            return
        page += 1


def _parse(mark: str) -> tuple[int, int, int]:
    """One page is read again: events of issues that were deleted meanwhile are gone from the pages before."""
    found = _MARK.fullmatch(mark)
    if found is None:
        raise ValueError(f"{mark!r} is no mark of ours")
    return int(found["done"]), int(found["top"] or 0), max(1, int(found["page"] or 1) - 1)


def _read(repository: Repository, page: int) -> list[_Event]:
    query = {"per_page": str(PER_PAGE), "page": str(page)}
    call = repository.call("list what happened to issues", "/issues/events", query=query)
    return repository.send(call, list[_Event])


def _to_change(event: _Event) -> ItemChange | None:
    issue = event.issue
    if issue is None or issue.pull_request is not None:
        return None
    told = _tell(event, issue)
    if not told:
        return None
    return ItemChange(
        source=f"event:{event.id}",
        ref=str(issue.number),
        at=event.created_at,
        sequence=_SEQUENCE.get(event.event, _USUAL),
        url=issue.html_url,
        **told,
    )


def _tell(event: _Event, issue: IssueJson) -> dict[str, Any]:
    """What the event is about. The issue is shown as it stands now, and only its title does no harm."""
    told: dict[str, Any] = {}
    match event.event:
        case "milestoned" if event.milestone is not None:
            told = {"iteration_name": event.milestone.title, "title": issue.title}
        case "demilestoned" | "transferred":
            told = {"iteration": None}
        case "labeled" | "unlabeled" if event.label is not None and event.label.name:
            told = _tell_of_label(event.event, event.label.name)
        case "renamed" if event.rename is not None:
            told = {"title": event.rename.to}
        case "reopened":
            told = {"progress": "open"}
        case "closed":
            reason = event.state_reason or (issue.state_reason if issue.state == "closed" else None)
            told = {"progress": "done" if reason in {None, "completed"} else "cancelled"}
    return told


def _tell_of_label(event: str, label: str) -> dict[str, Any]:
    estimate = find_estimate((label,))
    if event == "unlabeled":
        return {} if estimate is None else {"estimate_gone": estimate}
    return {"label": label} | ({} if estimate is None else {"estimate": estimate})
