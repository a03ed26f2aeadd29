"""Accounts and groups, and who belongs to whom."""

from fakes.azure_devops.refusals import bad_argument, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import links
from fakes.azure_devops.state import make_id


@route("GET", "identity.identities")
def get(org, asked):
    """One identity, or those named by ids, descriptors or a search; null for one that is not there."""
    if "identityId" in asked.values:
        found = org.identities.get(asked.values["identityId"].lower())
        if found is None:
            raise not_found("IdentityNotFoundException", "The identity was not found.")
        return _render(org, asked, found)
    return [each and _render(org, asked, each) for each in _choose(org, asked)]


def _choose(org, asked):
    if "identityids" in asked.query:
        return [org.identities.get(each.lower()) for each in asked.query["identityids"].split(",")]
    if "subjectdescriptors" in asked.query:
        known = {each.descriptor: each for each in org.identities.values()}
        return [known.get(each) for each in asked.query["subjectdescriptors"].split(",")]
    if "descriptors" in asked.query:
        known = {describe(each): each for each in org.identities.values()}
        return [known.get(each) for each in asked.query["descriptors"].split(",")]
    if "searchfilter" not in asked.query:
        raise bad_argument("The identities that are wanted must be named.")
    wanted = asked.query.get("filtervalue", "").casefold()
    names = [
        (each, {each.unique_name.casefold(), each.display_name.casefold()})
        for each in org.identities.values()
    ]
    return [each for each, known in names if wanted in known]


def describe(identity):
    """The descriptor that security and identity services name it by; Graph has another."""
    kind = {"group": "Microsoft.TeamFoundation.Identity;S-1-9-"}.get(
        identity.kind, "Microsoft.IdentityModel.Claims.ClaimsIdentity;"
    )
    return f"{kind}{make_id('tenant')}\\{identity.unique_name}"


def _groups_of(org, identity):
    return [group for group in org.identities.values() if identity.id in group.members]


def _all_groups_of(org, identity):
    """Also those that it is in through another one."""
    found = {}
    waiting = _groups_of(org, identity)
    while waiting:
        group = waiting.pop()
        if group.id not in found:
            found[group.id] = group
            waiting += _groups_of(org, group)
    return list(found.values())


def _render(org, asked, identity):
    """Groups are only named where `queryMembership` asks for them."""
    wants_groups = asked.query.get("querymembership", "none").lower() != "none"
    list_groups = (
        _all_groups_of if "expanded" in asked.query.get("querymembership", "").lower() else _groups_of
    )
    groups = [describe(each) for each in list_groups(org, identity)] if wants_groups else []
    inside = [describe(org.identities[each]) for each in sorted(identity.members)] if wants_groups else []
    kind = "Group" if identity.kind == "group" else "User"
    texts = {
        "SchemaClassName": kind,
        "Description": "",
        "Domain": make_id("tenant"),
        "Account": identity.unique_name,
        "DN": "",
        "Mail": identity.unique_name,
        "SpecialType": "Generic",
        "ComplianceValidated": "2026-01-05T09:00:00",
    }
    return {
        "id": identity.id,
        "descriptor": describe(identity),
        "subjectDescriptor": identity.descriptor,
        "providerDisplayName": identity.display_name,
        "isActive": identity.is_active,
        **({"isContainer": True} if identity.kind == "group" else {}),
        "members": inside,
        "memberOf": groups,
        "memberIds": sorted(identity.members) if wants_groups else [],
        "properties": {name: {"$type": "System.String", "$value": text} for name, text in texts.items()},
        "resourceVersion": 2,
        "metaTypeId": 1 if identity.kind == "group" else 0,
    }


def _find(org, descriptor):
    found = next((each for each in org.identities.values() if each.descriptor == descriptor), None)
    if found is None:
        raise not_found("GraphSubjectNotFoundException", f"{descriptor} was not found.")
    return found


@route("GET", "graph.memberships")
def get_memberships(org, asked):
    """The groups of a subject, or with `direction=down` the members of a group."""
    subject = _find(org, asked.values["subjectDescriptor"])
    if asked.query.get("direction", "up").lower() == "down":
        pairs = [(subject, org.identities[each]) for each in sorted(subject.members)]
    else:
        pairs = [(group, subject) for group in _groups_of(org, subject)]
    return [
        {
            "containerDescriptor": group.descriptor,
            "memberDescriptor": member.descriptor,
            "_links": links(self=f"{org.identity_url}/_apis/Graph/Memberships/{member.descriptor}"),
        }
        for group, member in pairs
    ]


@route("HEAD", "graph.membership")
def check_membership(org, asked):
    member = _find(org, asked.values["subjectDescriptor"])
    group = _find(org, asked.values["containerDescriptor"])
    return Answer(None, 200 if member.id in group.members else 404)


@route("GET", "graph.descriptors")
def getdescribe(org, asked):
    found = org.identities.get(asked.values["storageKey"].lower())
    if found is None:
        raise not_found("StorageKeyNotFoundException", "The storage key was not found.")
    return {
        "value": found.descriptor,
        "_links": links(self=f"{org.identity_url}/_apis/Graph/Descriptors/{found.id}"),
    }


@route("GET", "graph.storageKeys")
def get_storage_key(org, asked):
    found = _find(org, asked.values["subjectDescriptor"])
    url = f"{org.identity_url}/_apis/Graph/StorageKeys/{found.descriptor}"
    return {"value": found.id, "_links": links(self=url)}
