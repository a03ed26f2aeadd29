"""Links of work items: to each other, to pages, to what other services of Azure DevOps hold."""

import re
from urllib.parse import unquote

from fakes.azure_devops.refusals import Refused, bad_argument, circle, known_relation, second_parent
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import FOREVER, iso
from fakes.azure_devops.state import Relation, Update

PARENT, CHILD = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Hierarchy-Forward"
PAIRS = (
    (CHILD, "Child", PARENT, "Parent", "tree"),
    (
        "System.LinkTypes.Dependency-Forward",
        "Successor",
        "System.LinkTypes.Dependency-Reverse",
        "Predecessor",
        "dependency",
    ),
    (
        "System.LinkTypes.Duplicate-Forward",
        "Duplicate",
        "System.LinkTypes.Duplicate-Reverse",
        "Duplicate Of",
        "tree",
    ),
)
RELATED = "System.LinkTypes.Related"
NAMES = {RELATED: "Related"} | {end: name for pair in PAIRS for end, name in (pair[0:2], pair[2:4])}
OPPOSITES = {RELATED: RELATED} | {pair[0]: pair[2] for pair in PAIRS} | {pair[2]: pair[0] for pair in PAIRS}
RESOURCES = ("Hyperlink", "ArtifactLink", "AttachedFile")
ARTIFACTS = {
    "Pull Request": r"vstfs:///Git/PullRequestId/{guid}%2F{guid}%2F\d+",
    "Fixed in Commit": r"vstfs:///Git/Commit/{guid}%2F{guid}%2F[0-9a-f]{{40}}",
    "Branch": r"vstfs:///Git/Ref/{guid}%2F{guid}%2FGB.+",
    "Build": r"vstfs:///Build/Build/\d+",
    "Found in build": r"vstfs:///Build/Build/\d+",
    "Integrated in build": r"vstfs:///Build/Build/\d+",
    "Integrated in release environment": r"vstfs:///ReleaseManagement/.+",
    "Wiki": r"vstfs:///Wiki/WikiPage/{guid}%2F{guid}%2F.+",
}
GITHUB = {
    "GitHub Pull Request": r"vstfs:///GitHub/PullRequest/.+",
    "GitHub Commit": r"vstfs:///GitHub/Commit/.+",
    "GitHub Issue": r"vstfs:///GitHub/Issue/.+",
}
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def check(draft, value):
    """The relation that a patch asks for.

    Raises:
        Refused: there is no such kind, its target is unknown, or the item has it already.
    """
    rel, url = value.get("rel", ""), value.get("url", "")
    attributes = dict(value.get("attributes") or {})
    made = _check_resource(draft, rel, url, attributes) if rel in RESOURCES else _check_link(draft, rel, url)
    made.attributes |= {key: text for key, text in attributes.items() if key in {"comment", "name"}}
    held = [*(draft.item.relations if draft.item else ()), *draft.added]
    kept = [each for each in held if each not in draft.removed]
    if any(_is_same(made, each) for each in kept):
        raise known_relation()
    if len(kept) >= draft.org.limits.relations:
        text = (
            "Cannot add a new link because one of work items being linked will exceed "
            f"{draft.org.limits.relations} link limit."
        )
        raise bad_argument(text, "WorkItemLinksLimitExceededException")
    return made


def _is_same(one, other):
    return one.rel == other.rel and one.url.casefold() == other.url.casefold()


def _check_resource(draft, rel, url, attributes):
    if rel == "ArtifactLink":
        _check_artifact(draft.project, url, attributes.get("name"))
    elif not re.match("https?://", url):
        raise bad_argument(f"The link '{url}' is not a valid URL.", "WorkItemResourceLinkException")
    now = draft.org.now
    number = draft.org.new_id("resource link")
    times = {"authorizedDate": iso(now), "resourceCreatedDate": iso(now), "resourceModifiedDate": iso(now)}
    return Relation(rel, url, {**times, "id": number, "revisedDate": FOREVER})


def _check_artifact(project, url, name):
    """The name goes with the form of the URI; one that is unknown is answered as an error of the server's.

    Source: "Link type reference".
    """
    if name in GITHUB and not project.github_connected:
        raise bad_argument(f"The GitHub repository of '{unquote(url)}' is not connected to the project.")
    pattern = (ARTIFACTS | GITHUB).get(name)
    if pattern is None or not re.fullmatch(pattern.format(guid=GUID), url, re.IGNORECASE):
        raise Refused(500, "VssServiceException", "Unrecognized Resource link")


def _check_link(draft, rel, url):
    if rel not in NAMES:
        raise bad_argument(f"Unknown relation type {rel}.", "WorkItemLinkTypeNotFoundException")
    match = re.search(r"/workItems/(\d+)$", url, re.IGNORECASE)
    if match is None:
        raise bad_argument(
            f"The link target '{url}' is no work item.", "ResourceLinkTargetUnspecifiedException"
        )
    target = draft.org.find_item(match[1])
    if target is draft.item:
        raise bad_argument(
            "TF201035: You cannot link a work item to itself.", "WorkItemLinkCircularException"
        )
    _check_hierarchy(draft, rel, target)
    return Relation(rel, url_of(draft.org, target), {"isLocked": False, "name": NAMES[rel]}, target.id)


def _check_hierarchy(draft, rel, target):
    if rel not in {PARENT, CHILD}:
        return
    removed = {each.target for each in draft.removed if each.rel == rel}
    if rel == PARENT:
        parent, child = target.id, draft.number
        held = {_find_parent(draft.item)} if draft.item else set()
        held |= {each.target for each in draft.added if each.rel == PARENT}
    else:
        parent, child = draft.number, target.id
        held = {_find_parent(target)}
    if held - removed - {None, parent}:
        raise second_parent(child, parent)
    if child and parent and child in _list_ancestors(draft.org, parent):
        raise circle(child, parent)


def _find_parent(item):
    return next((each.target for each in item.relations if each.rel == PARENT), None)


def _list_ancestors(org, number):
    found = []
    while number is not None:
        found.append(number)
        number = _find_parent(org.items[number])
    return found


def url_of(org, item):
    """Where a work item is; the service names the project by its id whatever the sender wrote."""
    return f"{org.url}/{item.project.id}/_apis/wit/workItems/{item.id}"


def move(org, item, draft):
    """Make and take off the links of a draft, at both ends."""
    for link in draft.removed:
        item.relations.remove(link)
        if link.target in org.items:
            _unlink(org, org.items[link.target], link, item)
    for link in draft.added:
        item.relations.append(link)
        if link.target is not None:
            _link_back(org, org.items[link.target], link, item)


def _link_back(org, target, link, item):
    rel = OPPOSITES[link.rel]
    back = Relation(rel, url_of(org, item), {"isLocked": False, "name": NAMES[rel]}, item.id)
    target.relations.append(back)
    _note(org, target, added=[back])


def _unlink(org, target, link, item):
    rel = OPPOSITES[link.rel]
    gone = [each for each in target.relations if each.rel == rel and each.target == item.id]
    target.relations = [each for each in target.relations if each not in gone]
    _note(org, target, removed=gone)


def _note(org, item, *, added=(), removed=()):
    number = len(item.updates) + 1
    item.updates.append(
        Update(number, item.rev, item.revisions[-1].by, org.now, {}, list(added), list(removed))
    )


def render(relation):
    return {"rel": relation.rel, "url": relation.url, "attributes": dict(relation.attributes)}


@route("GET", "wit.relationTypes")
def get_relation_types(org, asked):
    ends = [(RELATED, "Related", RELATED, "network")]
    for forward, name, reverse, reverse_name, topology in PAIRS:
        ends += [(forward, name, reverse, topology), (reverse, reverse_name, forward, topology)]
    found = [_render_type(org, *end) for end in ends]
    return found + [_render_resource(org, name) for name in RESOURCES]


def _render_type(org, reference_name, name, opposite, topology):
    return {
        "attributes": {
            "usage": "workItemLink",
            "editable": False,
            "enabled": True,
            "acyclic": topology != "network",
            "directional": topology != "network",
            "singleTarget": reference_name == PARENT,
            "topology": topology,
            "remote": False,
            "isForward": not reference_name.endswith("-Reverse"),
            "oppositeEndReferenceName": opposite,
        },
        "referenceName": reference_name,
        "name": name,
        "url": f"{org.url}/_apis/wit/workItemRelationTypes/{reference_name}",
    }


def _render_resource(org, name):
    attributes = {"usage": "resourceLink", "editable": False, "enabled": True}
    url = f"{org.url}/_apis/wit/workItemRelationTypes/{name}"
    return {"attributes": attributes, "referenceName": name, "name": name, "url": url}
