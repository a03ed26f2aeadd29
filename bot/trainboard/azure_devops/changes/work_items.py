"""Revisions of work items that were made since a moment.

Source: "Reporting Work Item Revisions" and "Work Items", "List", of the REST API.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import msgspec

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.changes import Change, Place, read_each, read_moment
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients
from trainboard.azure_devops.models import work_item_tracking as models

MOST_IDS = 200
"""Source: "Work Items", "List": at most 200 ids."""

COMMENTED = frozenset({"System.CommentCount", "System.History"})
"""Fields that change with a comment."""

BOOKKEEPING = frozenset(
    f"System.{name}"
    for name in (
        "AuthorizedAs",
        "AuthorizedDate",
        "ChangedBy",
        "ChangedDate",
        "PersonId",
        "Rev",
        "RevisedDate",
        "Watermark",
    )
)
"""Fields that change with everything."""

Fields = Mapping[str, Any]
Comment = dict[str, Any]


class Revision(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A work item as it was after one change. `comment_version_ref` names what was said with it."""

    id: int
    rev: int
    fields: dict[str, Any]
    comment_version_ref: Comment | None = None

    @property
    def at(self) -> datetime:
        """When it was made."""
        return read_moment(self.fields.get("System.ChangedDate"))

    @property
    def is_deleted(self) -> bool:
        """True if the work item was in the bin then."""
        return bool(self.fields.get("System.IsDeleted"))


FindComment = Callable[[Revision], Comment | None]


class _Said(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    comment_version_ref: Comment | None = None


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    fields: dict[str, Any] = {}


class _Items(msgspec.Struct, frozen=True, kw_only=True):
    value: list[_Item | None]


class _Batch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    values: list[Revision]
    continuation_token: str | None = None
    is_last_batch: bool = True


def list_changes(organization: Organization, place: Place, since: datetime) -> Iterator[Change]:
    """A change for each revision, in the order of work items and revisions."""
    revisions = sorted(_list_revisions(organization, place, since), key=lambda each: (each.id, each.rev))
    items = [list(group) for _, group in groupby(revisions, key=lambda each: each.id)]
    older = [each[0].id for each in items if each[0].rev > 1]
    before = _read_before(organization, place, older, since)
    find_comment = partial(_find_comment, organization, place)
    for group in items:
        previous = before.get(group[0].id)
        for revision in group:
            yield from read_each([revision], partial(_describe, place, find_comment, previous))
            previous = revision.fields


def _list_revisions(organization: Organization, place: Place, since: datetime) -> Iterator[Revision]:
    call = Call(doing=f"list what changed in {place.project} since {since:%Y-%m-%d %H:%M}")
    token: str | None = None
    while True:
        start = since if token is None else None
        batch = organization.read(call, partial(_send, place.project, token, start), _Batch)
        yield from batch.values
        if batch.is_last_batch or batch.continuation_token in {None, token}:
            return
        token = batch.continuation_token


def _send(project: str, token: str | None, start: datetime | None, clients: Clients) -> object:
    wanted = models.ReportingWorkItemRevisionsFilter(include_identity_ref=True, include_deleted=True)
    feed = clients.work_item_tracking.read_reporting_revisions_post
    return feed(wanted, project, continuation_token=token, start_date_time=start)


def _read_before(
    organization: Organization, place: Place, ids: Sequence[int], since: datetime
) -> dict[int, Fields]:
    """The fields of work items as they were at `since`; those are left out that were not there."""
    call = Call(doing=f"read work items of {place.project} as they were at {since:%Y-%m-%d %H:%M}")
    before: dict[int, Fields] = {}
    for start in range(0, len(ids), MOST_IDS):
        some = list(ids[start : start + MOST_IDS])
        found = organization.read(call, partial(_send_ids, place.project, some, since), _Items)
        before |= {each.id: each.fields for each in found.value if each is not None}
    return before


def _send_ids(project: str, ids: list[int], as_of: datetime, clients: Clients) -> object:
    return clients.work_item_tracking.get_work_items(
        ids, project, as_of=as_of, expand="fields", error_policy="omit"
    )


def _find_comment(organization: Organization, place: Place, revision: Revision) -> Comment | None:
    """What was said with the revision; the feed may leave it out, the revision itself does not."""
    if revision.comment_version_ref:
        return revision.comment_version_ref
    call = Call(doing=f"read revision {revision.rev} of work item {revision.id}")
    send = partial(_send_revision, place.project, revision.id, revision.rev)
    return organization.read(call, send, _Said).comment_version_ref


def _send_revision(project: str, number: int, rev: int, clients: Clients) -> object:
    return clients.work_item_tracking.get_revision(number, rev, project)


def _describe(
    place: Place, find_comment: FindComment, previous: Fields | None, revision: Revision
) -> Iterator[Change]:
    """Of a comment beside other changes two events tell, of one alone the update is enough."""
    changed = {} if revision.rev == 1 else _compare(previous, revision)
    says_more = revision.comment_version_ref is not None or COMMENTED & changed.keys()
    comment = find_comment(revision) if says_more else None
    described = msgspec.structs.replace(revision, comment_version_ref=comment)
    item, thing = _render(place, described), f"{revision.id}/{revision.rev}"
    was_deleted = bool((previous or {}).get("System.IsDeleted"))
    if revision.rev == 1:
        event, resource = "workitem.created", item
    elif revision.is_deleted != was_deleted:
        event, resource = "workitem.deleted" if revision.is_deleted else "workitem.restored", item
    else:
        event, resource = "workitem.updated", _render_update(place, described, changed)
    yield Change(event=event, thing=thing, at=revision.at, resource=resource)
    if comment and changed.keys() - COMMENTED - BOOKKEEPING:
        yield Change(event="workitem.commented", thing=thing, at=revision.at, resource=item)


def _render(place: Place, revision: Revision) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": revision.id,
        "rev": revision.rev,
        "fields": revision.fields,
        "url": f"{place.url}/_apis/wit/workItems/{revision.id}",
    }
    if revision.comment_version_ref:
        shown["commentVersionRef"] = revision.comment_version_ref
    return shown


def _render_update(place: Place, revision: Revision, changed: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": revision.rev,
        "workItemId": revision.id,
        "rev": revision.rev,
        "revisedBy": revision.fields.get("System.ChangedBy"),
        "revisedDate": revision.fields.get("System.ChangedDate"),
        "fields": changed,
        "url": f"{place.url}/_apis/wit/workItems/{revision.id}/updates/{revision.rev}",
        "revision": _render(place, revision),
    }


def _compare(previous: Fields | None, revision: Revision) -> dict[str, dict[str, Any]]:
    """What changed with the revision. Without the one before it, only what surely did."""
    if previous is None:
        return {
            "System.Rev": {"oldValue": revision.rev - 1, "newValue": revision.rev},
            "System.ChangedDate": {"newValue": revision.fields.get("System.ChangedDate")},
        }
    changed = [
        key for key, value in revision.fields.items() if _comparable(value) != _comparable(previous.get(key))
    ]
    return {key: _render_change(previous.get(key), revision.fields[key]) for key in changed}


def _render_change(old: object, new: object) -> dict[str, object]:
    return {"newValue": new} if old is None else {"oldValue": old, "newValue": new}


def _comparable(value: object) -> object:
    """People are the same if their ids are, whatever else is told of them."""
    return value.get("id", value) if isinstance(value, dict) else value
