"""Somebody said what belongs together: note it, and show both sides of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from trainboard.effects import Effect
from trainboard.events import ParentChanged, PullRequestLinked, WorkItemMoved
from trainboard.facts import Fact, MoveWorkItem, RecordLink, RecordParent
from trainboard.handlers.pull_requests import show_items, show_status
from trainboard.item_links import LinkSource
from trainboard.linking import find_ref, name_board
from trainboard.pull_requests import PullRequest
from trainboard.read import Read

HANDLES = (ParentChanged, PullRequestLinked, WorkItemMoved)


def react(event: ParentChanged | PullRequestLinked | WorkItemMoved, read: Read) -> Iterator[Fact | Effect]:
    """The fact; the pull requests that it is about and their work items shown anew."""
    match event:
        case ParentChanged():
            yield from _parent(event, read)
        case PullRequestLinked():
            fact = RecordLink(
                code=event.code,
                number=event.number,
                tracker=event.tracker,
                ref=event.ref,
                linked=event.linked,
                at=event.at,
                source=LinkSource.PLATFORM,
            )
            yield from note(fact, read)
        case WorkItemMoved():
            yield from _moved(event, read)


def tell(
    pull_request: PullRequest, word: str, read: Read, *, linked: bool, by: str, at: datetime
) -> Iterator[RecordLink]:
    """What it means that a person links the work item that `word` names, or takes its link away.

    One fact for each tracker of the repository's projects in which the word names an item, none where it
    names none. `note` tells what follows from it.
    """
    trackers = dict.fromkeys(project.tracker for project in read.list_projects_of_code(pull_request.code))
    for tracker in trackers:
        ref = find_ref(word, tracker, pull_request.code)
        if ref is not None:
            yield RecordLink(
                code=pull_request.code,
                number=pull_request.number,
                tracker=name_board(tracker),
                ref=ref,
                linked=linked,
                at=at,
                source=LinkSource.PERSON,
                by=by,
            )


def note(fact: RecordLink, read: Read) -> Iterator[Fact | Effect]:
    """The fact, the pull requests that it is about, and their work items before and after.

    Nothing where no project has its work items in that tracker.
    """
    if fact.tracker not in _list_trackers(read):
        return
    found = read.find_pull_requests(fact.code, fact.number)
    before = _list_links(found, read)
    yield fact
    yield from _show(found, before, read)


def _parent(event: ParentChanged, read: Read) -> Iterator[Fact | Effect]:
    if not {event.tracker, event.parent_tracker} & _list_trackers(read):
        return
    found = read.list_pull_requests_of_item(event.tracker, event.ref)
    before = _list_links(found, read)
    yield RecordParent(
        tracker=event.tracker,
        ref=event.ref,
        parent_tracker=event.parent_tracker,
        parent=event.parent,
        linked=event.linked,
        at=event.at,
    )
    yield from _show(found, before, read)


def _moved(event: WorkItemMoved, read: Read) -> Iterator[Fact | Effect]:
    """An item of ours that left its project's tracker is ours no more, but its pull requests follow."""
    if not {event.old_tracker, event.tracker} & _list_trackers(read):
        return
    item = read.find_item_by_ref(event.old_tracker, event.old_ref)
    home = name_board(read.get_project(item.project).tracker) if item else None
    yield MoveWorkItem(
        old_tracker=event.old_tracker,
        old_ref=event.old_ref,
        tracker=event.tracker,
        ref=event.ref,
        state=event.state if home == event.tracker else "gone",
        url=event.url,
        at=event.at,
    )
    yield from _show(read.list_pull_requests_of_item(event.tracker, event.ref), [], read)
    if home == event.tracker:
        yield from show_items([(event.tracker, event.ref)], read)


def _show(
    pull_requests: Iterable[PullRequest], items: Iterable[tuple[str, str]], read: Read
) -> Iterator[Effect]:
    shown = {(each.code, each.number): each for each in pull_requests}
    for each in shown.values():
        if projects := read.list_projects_of_code(each.code):
            yield show_status(each.code, each.number, projects)
    yield from show_items([*items, *_list_links(shown.values(), read)], read)


def _list_links(pull_requests: Iterable[PullRequest], read: Read) -> list[tuple[str, str]]:
    return [link for each in pull_requests for link in read.list_links(each.code, each.number)]


def _list_trackers(read: Read) -> set[str]:
    return {name_board(project.tracker) for project in read.list_projects()}
