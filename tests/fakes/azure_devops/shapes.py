"""The small pieces of JSON that many answers are made of."""

from datetime import UTC
from urllib.parse import quote

FOREVER = "9999-01-01T00:00:00Z"


def iso(moment):
    """As most services tell a time: UTC, milliseconds only where there are some."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.rstrip("0").rstrip(".") + "Z"


def day(moment):
    """A day as iterations and days off have it: midnight UTC."""
    return moment and f"{moment:%Y-%m-%d}T00:00:00Z"


def identity_ref(org, identity):
    """A person or a group, as nearly every answer names one."""
    image = f"{org.url}/_apis/GraphProfile/MemberAvatars/{identity.descriptor}"
    return {
        "displayName": identity.display_name,
        "url": f"{org.identity_url}/_apis/Identities/{identity.id}",
        "_links": {"avatar": {"href": image}},
        "id": identity.id,
        "uniqueName": identity.unique_name,
        "imageUrl": image,
        "descriptor": identity.descriptor,
        **({"isContainer": True} if identity.kind == "group" else {}),
    }


def project_ref(org, project):
    """A project as others refer to it."""
    return {
        "id": project.id,
        "name": project.name,
        "url": f"{org.url}/_apis/projects/{project.id}",
        "state": "wellFormed",
        "revision": 11,
        "visibility": "private",
        "lastUpdateTime": "2026-01-05T09:00:00Z",
    }


def links(**hrefs):
    """`_links` with these places; a place that is None is left out."""
    return {name: {"href": href} for name, href in hrefs.items() if href is not None}


def page_url(org, project, *parts):
    """A page that people look at."""
    return "/".join([org.url, quote(project.name), *map(str, parts)])


def work_url(org, scope, *parts):
    """A resource of planning, in a scope that is a project or a project with a team."""
    return "/".join([org.url, *scope, "_apis/work", *parts])


def team_url(org, project, team, *parts):
    """A resource of a team's."""
    return work_url(org, (project.id, team.id), *parts)
