"""Work items: made, read, changed, deleted and brought back."""

from urllib.parse import quote

from fakes.azure_devops import relations
from fakes.azure_devops.comments import add_comment
from fakes.azure_devops.fields import complete, find_field, render_value
from fakes.azure_devops.patches import Draft, keep, read_operations
from fakes.azure_devops.refusals import Refused, bad_argument, missing_type, missing_work_item
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links, page_url


def find_type(project, name):
    """A type of the project's process that can be used."""
    found = project.process.by_name.get(name.casefold())
    if found is None or found.is_disabled:
        raise missing_type(name, project.name)
    return found


@route("POST", "wit.newWorkItem")
def create(org, asked):
    project = org.project_of(asked)
    draft = Draft(org, None, project, find_type(project, asked.values["type"]))
    draft.apply(read_operations(asked))
    return _save(org, asked, draft)


@route("PATCH", "wit.workItems")
def update(org, asked):
    item = _find(org, asked)
    draft = Draft(org, item, item.project, item.type)
    draft.apply(read_operations(asked))
    return _save(org, asked, draft)


def _save(org, asked, draft):
    """`validateOnly` shows what would become of it: without a number, if it is new."""
    if not asked.flag("validateOnly"):
        comment = draft.fields.get("System.History")
        if comment is not None:
            return render(org, asked, add_comment(org, draft, comment, asked.who))
        item = keep(org, draft, asked.who)
        if not asked.flag("suppressNotifications"):
            org.announce_item(draft.is_new, item)
        return render(org, asked, item)
    draft.finish(asked.who)
    shown = {name: render_value(org, value) for name, value in draft.fields.items()}
    return {"fields": shown, "multilineFieldsFormat": draft.formats, "url": f"{org.url}/_apis/wit/workItems"}


def _find(org, asked):
    """The item of the path; where the path names a project, only one of that project's."""
    project = org.project_of(asked) if "project" in asked.values else None
    return org.find_item(asked.values["id"], project)


@route("GET", "wit.workItems")
def get(org, asked):
    """One item, or those that `ids` names."""
    if "id" in asked.values:
        return render(org, asked, _find(org, asked))
    numbers = [part.strip() for part in asked.query.get("ids", "").split(",") if part.strip()]
    return list_items(org, asked, numbers, asked.query.get("errorpolicy", "fail"))


@route("POST", "wit.batch")
def get_batch(org, asked):
    wanted = asked.json or {}
    asked.query |= {
        "fields": ",".join(wanted.get("fields") or ()),
        "$expand": wanted.get("$expand") or "",
        "asof": wanted.get("asOf") or "",
    }
    policy = wanted.get("errorPolicy") or "fail"
    return list_items(org, asked, wanted.get("ids") or [], policy)


def list_items(org, asked, numbers, policy):
    """As many as are asked for at once; one that is not there is null where it may be left out."""
    if len(numbers) > org.limits.batch:
        text = f"You requested {len(numbers)} work items which exceeds the limit of {org.limits.batch}."
        raise bad_argument(f"VS403474: {text}")
    if not numbers:
        raise bad_argument("The list of ids must not be empty.", "ArgumentNullException")
    found = []
    for number in numbers:
        try:
            found.append(render(org, asked, org.find_item(number), alone=False))
        except Refused:
            if policy.lower() != "omit":
                raise
            found.append(None)
    return found


def render(org, asked, item, *, alone=True):
    """An item as a request asks for it."""
    names = [name.strip() for name in asked.query.get("fields", "").split(",") if name.strip()]
    if names and asked.query.get("$expand", "").lower() not in {"", "none", "links"}:
        text = "The expand parameter can not be used with the fields parameter."
        raise bad_argument(text, "ConflictingParametersException")
    revision = _find_revision(item, asked.query.get("asof"))
    answer = {"id": item.id, "rev": revision.rev, "fields": _render_fields(org, asked, item, revision, names)}
    if org.edition.knows_markdown:
        answer["multilineFieldsFormat"] = {} if names else dict(revision.formats)
    if asked.expands("relations") and item.relations:
        answer["relations"] = [relations.render(each) for each in item.relations]
    if revision.comment:
        answer["commentVersionRef"] = render_comment_ref(org, item, revision.comment)
    if alone or asked.expands("links"):
        answer["_links"] = render_links(org, item)
    return answer | {"url": relations.url_of(org, item)}


def _find_revision(item, as_of):
    if not as_of:
        return item.revisions[-1]
    found = [each for each in item.revisions if iso(each.at) <= as_of]
    if not found:
        raise missing_work_item(item.id)
    return found[-1]


def _render_fields(org, asked, item, revision, names):
    held = complete(item, revision)
    if names:
        wanted = {find_field(name).reference_name for name in names}
    else:
        wanted = held if asked.expands("fields") else {*revision.fields, "System.Parent"}
    return {name: render_value(org, held[name]) for name in held if name in wanted}


def render_comment_ref(org, item, number):
    comment = next(each for each in item.comments if each.id == number)
    url = f"{relations.url_of(org, item)}/comments/{number}/versions/{comment.version}"
    return {"commentId": number, "version": comment.version, "url": url}


def render_links(org, item):
    url, project = relations.url_of(org, item), f"{org.url}/{item.project.id}"
    return links(
        self=url,
        workItemUpdates=f"{url}/updates",
        workItemRevisions=f"{url}/revisions",
        workItemComments=f"{url}/comments",
        html=page_url(org, item.project, "_workitems", "edit", item.id),
        workItemType=f"{project}/_apis/wit/workItemTypes/{quote(item.type.name)}",
        fields=f"{project}/_apis/wit/fields",
    )


@route("DELETE", "wit.workItems")
def delete(org, asked):
    """Into the recycle bin, or away for ever with `destroy`."""
    item = _find(org, asked)
    throw_away(org, item, asked.who)
    resource = render(org, asked, item)
    if asked.flag("destroy"):
        del org.items[item.id]
        return Answer(None, 204)
    org.announce("workitem.deleted", item)
    return _render_deleted(org, item) | {"code": 200, "resource": resource}


def throw_away(org, item, who):
    """Into the recycle bin, which is a revision; its links are gone from the other ends."""
    for link in [each for each in item.relations if each.target in org.items]:
        target = org.items[link.target]
        target.relations = [each for each in target.relations if each.target != item.id]
    draft = Draft(org, item, item.project, item.type)
    draft.fields["System.IsDeleted"] = True
    keep(org, draft, who)
    item.deleted_by, item.deleted_at = who, org.now


def _render_deleted(org, item):
    return {
        "id": item.id,
        "type": item.type.name,
        "name": item.title,
        "project": item.project.name,
        "deletedDate": iso(item.deleted_at),
        "deletedBy": identity_ref(org, item.deleted_by)["displayName"],
        "url": f"{org.url}/{item.project.id}/_apis/wit/recycleBin/{item.id}",
    }


def _find_deleted(org, asked):
    item = org.items.get(int(asked.values["id"]))
    if item is None or item.deleted_by is None:
        raise missing_work_item(asked.values["id"])
    return item


@route("GET", "wit.recycleBin")
def get_deleted(org, asked):
    if "id" in asked.values:
        return _render_deleted(org, _find_deleted(org, asked))
    found = [_render_deleted(org, item) for item in org.items.values() if item.deleted_by]
    return [{"id": each["id"], "url": each["url"]} for each in found]


@route("PATCH", "wit.recycleBin")
def restore(org, asked):
    item = _find_deleted(org, asked)
    if (asked.json or {}).get("isDeleted") is not False:
        raise bad_argument("Only isDeleted=false is allowed.", "WorkItemInvalidRestoreRequestException")
    answer = _render_deleted(org, item) | {"code": 200}
    item.deleted_by = item.deleted_at = None
    draft = Draft(org, item, item.project, item.type)
    del draft.fields["System.IsDeleted"]
    keep(org, draft, asked.who)
    org.announce("workitem.restored", item)
    return answer | {"resource": render(org, asked, item)}
