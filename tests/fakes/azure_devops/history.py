"""How work items came to be what they are: updates, revisions and the feed of all revisions."""

from datetime import datetime

from fakes.azure_devops import relations
from fakes.azure_devops.fields import complete, find_field, render_value
from fakes.azure_devops.refusals import Refused, bad_argument
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import FOREVER, identity_ref, iso
from fakes.azure_devops.state import Identity
from fakes.azure_devops.work_items import render_comment_ref

LARGEST_PAGE = 1000


def _item_of(org, asked):
    project = org.project_of(asked) if "project" in asked.values else None
    return org.find_item(asked.values["id"], project)


def _page(org, asked, found):
    start = asked.number("$skip", 0)
    return found[start : start + min(asked.number("$top", org.limits.page), org.limits.page)]


@route("GET", "wit.updates")
def get_updates(org, asked):
    """One update, or what each save changed, oldest first."""
    item = _item_of(org, asked)
    if "updateNumber" not in asked.values:
        return [render_update(org, item, each) for each in _page(org, asked, item.updates)]
    found = [each for each in item.updates if str(each.id) == asked.values["updateNumber"]]
    if not found:
        raise _missing(item, asked.values["updateNumber"])
    return render_update(org, item, found[0])


def _missing(item, number):
    text = f"Revision {number} of work item {item.id} does not exist."
    return Refused(404, "WorkItemIdRevisionNotFoundException", text)


def render_update(org, item, update):
    answer = {
        "id": update.id,
        "workItemId": item.id,
        "rev": update.rev,
        "revisedBy": identity_ref(org, update.by),
        "revisedDate": _revised(item, update),
        "url": f"{relations.url_of(org, item)}/updates/{update.id}",
    }
    changed = {
        name: _render_change(org, old, new)
        for name, (old, new) in (update.fields | _numbers(item, update)).items()
    }
    moved = {
        name: [relations.render(each) for each in links]
        for name, links in (("added", update.added), ("removed", update.removed))
        if links
    }
    return answer | ({"fields": changed} if update.fields else {}) | ({"relations": moved} if moved else {})


def _revised(item, update):
    """When the next revision came; for the newest, the end of time."""
    later = [each.at for each in item.revisions if each.rev == update.rev + 1]
    return iso(later[0]) if later else FOREVER


def _numbers(item, update):
    if not update.fields:
        return {}
    before = update.rev - 1 or None
    marks = {each.rev: each.watermark for each in item.revisions}
    return {
        "System.Rev": (before, update.rev),
        "System.Watermark": (marks.get(before), marks[update.rev]),
        "System.AuthorizedDate": (None if before is None else item.revisions[before - 1].at, update.at),
    }


def _render_change(org, old, new):
    values = {"oldValue": render_value(org, old), "newValue": render_value(org, new)}
    return {name: value for name, value in values.items() if value is not None}


@route("GET", "wit.revisions")
def get_revisions(org, asked):
    """One revision, or all of them, oldest first."""
    item = _item_of(org, asked)
    if "revisionNumber" not in asked.values:
        return [render_revision(org, asked, item, each) for each in _page(org, asked, item.revisions)]
    found = [each for each in item.revisions if str(each.rev) == asked.values["revisionNumber"]]
    if not found:
        raise _missing(item, asked.values["revisionNumber"])
    return render_revision(org, asked, item, found[0])


def render_revision(org, asked, item, revision):
    held = complete(item, revision) if asked.expands("fields") else revision.fields
    answer = {
        "id": item.id,
        "rev": revision.rev,
        "fields": {name: render_value(org, value) for name, value in held.items()},
        "multilineFieldsFormat": dict(revision.formats),
        "url": f"{relations.url_of(org, item)}/revisions/{revision.rev}",
    }
    if revision.comment:
        answer["commentVersionRef"] = render_comment_ref(org, item, revision.comment)
    if asked.expands("relations") and revision.relations:
        answer["relations"] = [relations.render(each) for each in revision.relations]
    return answer


@route("GET", "wit.reporting")
def read_feed(org, asked):
    names = ("includeDeleted", "includeIdentityRef", "includeLatestOnly")
    fields = [name for name in asked.query.get("fields", "").split(",") if name]
    return _read_feed(org, asked, {name: asked.flag(name) for name in names} | {"fields": fields})


@route("POST", "wit.reporting")
def filter_feed(org, asked):
    return _read_feed(org, asked, asked.json or {})


def _read_feed(org, asked, wanted):
    """Revisions of all items in the order of their watermarks; the token is in the body."""
    token = asked.query.get("continuationtoken") or asked.query.get("watermark")
    after = _read_token(token)
    since = None if token else asked.query.get("startdatetime")
    found = [
        (revision.watermark, item, revision)
        for item in _list_items(org, asked, wanted)
        for revision in (item.revisions[-1:] if wanted.get("includeLatestOnly") else item.revisions)
        if revision.watermark > after and _is_since(revision, since)
    ]
    found.sort(key=lambda row: row[0])
    size = min(asked.number("$maxPageSize", org.limits.page), LARGEST_PAGE)
    page = found[:size]
    mark = page[-1][0] if page else after
    return {
        "values": [_render_row(org, item, revision, wanted) for _, item, revision in page],
        "nextLink": f"{org.url}/_apis/wit/reporting/workItemRevisions?continuationToken={mark};1",
        "continuationToken": f"{mark};1",
        "isLastBatch": len(found) <= size,
    }


def _list_items(org, asked, wanted):
    """Those of the path's project and of the types; deleted ones only on demand."""
    project = org.project_of(asked) if "project" in asked.values else None
    types = wanted.get("types")
    return [
        item
        for item in org.items.values()
        if project in {None, item.project}
        and (not types or item.type.name in types)
        and (not item.deleted_by or wanted.get("includeDeleted"))
    ]


def _read_token(token):
    if not token:
        return 0
    mark, _, _ = token.partition(";")
    if not mark.isdigit():
        raise bad_argument("The continuation token is not valid.")
    return int(mark)


def _is_since(revision, text):
    return not text or revision.at >= datetime.fromisoformat(text)


def _render_row(org, item, revision, wanted):
    """People are `Name <unique name>` unless their references are asked for."""
    held = complete(item, revision)
    chosen = {find_field(name).reference_name for name in wanted.get("fields") or held}
    shown = {
        name: f"{value.display_name} <{value.unique_name}>"
        if isinstance(value, Identity) and not wanted.get("includeIdentityRef")
        else render_value(org, value)
        for name, value in held.items()
        if name in chosen
    }
    return {"id": item.id, "rev": revision.rev, "fields": shown}
