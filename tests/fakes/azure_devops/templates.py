"""Templates of work items, which teams have.

Source: "Work Item Tracking", "Templates" of the REST API reference.
"""

from fakes.azure_devops.refusals import not_found
from fakes.azure_devops.routing import Answer, route


@route("GET", "wit.templates")
def list_all(org, asked):
    """Those of a team, also of one type; without their fields."""
    _, team = org.team_of(asked)
    kind = asked.query.get("workitemtypename")
    found = [each for each in team.templates.values() if kind in {None, each["workItemTypeName"]}]
    return [{name: value for name, value in each.items() if name != "fields"} for each in found]


@route("POST", "wit.templates")
def create(org, asked):
    """One more; a name may be there twice."""
    _, team = org.team_of(asked)
    identifier = f"{len(team.templates) + 1:08x}-0000-4000-8000-000000000000"
    team.templates[identifier] = _read(asked.json, identifier)
    return Answer(201, team.templates[identifier])


@route("GET", "wit.template")
def get(org, asked):
    """One with its fields."""
    _, team = org.team_of(asked)
    return _find(team, asked.values["templateId"])


@route("PUT", "wit.template")
def replace(org, asked):
    """All of it anew."""
    _, team = org.team_of(asked)
    identifier = _find(team, asked.values["templateId"])["id"]
    team.templates[identifier] = _read(asked.json, identifier)
    return team.templates[identifier]


def _read(said, identifier):
    return {
        "id": identifier,
        "name": said["name"],
        "description": said.get("description", ""),
        "workItemTypeName": said["workItemTypeName"],
        "fields": dict(said["fields"]),
    }


def _find(team, identifier):
    if identifier not in team.templates:
        raise not_found("WorkItemTemplateNotFoundException", f"There is no template {identifier}.")
    return team.templates[identifier]
