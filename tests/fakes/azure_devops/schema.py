"""What a project's process defines: types, states, categories, backlogs."""

from urllib.parse import quote

from fakes.azure_devops.fields import ANYWHERE, FIELDS
from fakes.azure_devops.processes import BUG, EPIC, FEATURE, REMAINING, REQUIREMENT, TASK
from fakes.azure_devops.refusals import missing_type, not_found
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import team_url, work_url

CATEGORY_NAMES = {
    EPIC: "Epic Category",
    FEATURE: "Feature Category",
    REQUIREMENT: "Requirement Category",
    BUG: "Bug Category",
    TASK: "Task Category",
}
RANKS = {EPIC: 40, FEATURE: 30, REQUIREMENT: 20, TASK: 10}
KINDS = {EPIC: "portfolio", FEATURE: "portfolio", REQUIREMENT: "requirement", TASK: "task"}


def _find(org, asked):
    project = org.project_of(asked)
    found = project.process.by_name.get(asked.values["type"].casefold())
    if found is None:
        raise missing_type(asked.values["type"], project.name)
    return project, found


@route("GET", "wit.types")
def get_types(org, asked):
    """One type, or all of them, also those that are disabled."""
    if "type" in asked.values:
        return render(org, *_find(org, asked))
    project = org.project_of(asked)
    return [render(org, project, each) for each in project.process.types]


def render(org, project, item_type):
    states = list(item_type.states)
    names = [state.name for state in states]
    first = [{"to": names[0], "actions": None}]
    return {
        "name": item_type.name,
        "referenceName": item_type.reference_name,
        "description": "",
        "color": "009CCC",
        "icon": {"id": "icon_clipboard", "url": f"{org.url}/_apis/wit/workItemIcons/icon_clipboard"},
        "isDisabled": item_type.is_disabled,
        "xmlForm": "<FORM></FORM>",
        "fields": _list_fields(org, item_type),
        "fieldInstances": _list_fields(org, item_type),
        "transitions": {"": first} | {name: [{"to": to, "actions": None} for to in names] for name in names},
        "states": [state.render() for state in states],
        "url": f"{org.url}/{project.id}/_apis/wit/workItemTypes/{quote(item_type.name)}",
    }


def _list_fields(org, item_type):
    return [
        {
            "defaultValue": None,
            "helpText": None,
            "alwaysRequired": field.reference_name in {"System.Title", "System.State"},
            "referenceName": field.reference_name,
            "name": field.name,
            "url": f"{org.url}/_apis/wit/fields/{field.reference_name}",
        }
        for field in FIELDS.values()
        if field.reference_name in {*ANYWHERE, *item_type.fields}
    ]


@route("GET", "wit.states")
def get_states(org, asked):
    _, found = _find(org, asked)
    return [state.render() for state in found.states]


@route("GET", "wit.categories")
def get_categories(org, asked):
    """The categories that have a type; the first type of each is its default."""
    project = org.project_of(asked)
    found = [
        _render_category(org, project, name) for name in CATEGORY_NAMES if project.process.list_types(name)
    ]
    wanted = asked.values.get("category")
    if wanted is None:
        return found
    matching = [each for each in found if each["referenceName"] == wanted]
    if not matching:
        raise not_found("WorkItemTypeCategoryNotFoundException", f"There is no category {wanted}.")
    return matching[0]


def _render_category(org, project, name):
    types = [_ref(org, project, each) for each in project.process.list_types(name)]
    return {
        "name": CATEGORY_NAMES[name],
        "referenceName": name,
        "defaultWorkItemType": types[0],
        "workItemTypes": types,
        "url": f"{org.url}/{project.id}/_apis/wit/workItemTypeCategories/{name}",
    }


def _ref(org, project, item_type):
    return {
        "name": item_type.name,
        "url": f"{org.url}/{project.id}/_apis/wit/workItemTypes/{quote(item_type.name)}",
    }


def _type_fields(org, process):
    """Which field means what; a process without sizes has no `Effort`."""
    meanings = {
        "Order": "Microsoft.VSTS.Common.StackRank",
        "Effort": process.effort,
        "RemainingWork": REMAINING,
        "Activity": "Microsoft.VSTS.Common.Activity",
        "Team": "System.AreaPath",
    }
    return {name: field for name, field in meanings.items() if field}


@route("GET", "work.process")
def get_process(org, asked):
    project = org.project_of(asked)
    process = project.process
    backlogs = {name: _render_process_backlog(org, project, name) for name in process.backlogs}
    portfolio = [backlogs[name] for name in (EPIC, FEATURE) if name in backlogs]
    bugs = process.list_types(BUG)
    return {
        "portfolioBacklogs": portfolio,
        "requirementBacklog": backlogs[REQUIREMENT],
        "taskBacklog": backlogs[TASK],
        "bugWorkItems": {
            "name": "Bugs",
            "referenceName": BUG,
            "workItemTypes": [_ref(org, project, each) for each in bugs],
        },
        "typeFields": {
            name: {"referenceName": field, "url": f"{org.url}/_apis/wit/fields/{field}"}
            for name, field in _type_fields(org, process).items()
        },
        "url": work_url(org, (project.id,), "processConfiguration"),
    }


def _render_process_backlog(org, project, name):
    types = [_ref(org, project, each) for each in project.process.list_types(name)]
    return {"name": project.process.backlogs[name], "referenceName": name, "workItemTypes": types}


@route("GET", "work.backlogs")
def get_backlogs(org, asked):
    project, team = org.team_of(asked)
    process = project.process
    levels = {name: _render_level(org, project, team, name) for name in process.backlogs}
    return {
        "taskBacklog": levels[TASK],
        "requirementBacklog": levels[REQUIREMENT],
        "portfolioBacklogs": [levels[name] for name in (EPIC, FEATURE) if name in levels],
        "workItemTypeMappedStates": [_map_states(each) for each in process.types],
        "backlogFields": {"typeFields": _type_fields(org, process)},
        "bugsBehavior": team.bugs_behavior,
        "hiddenBacklogs": [],
        "isBugsBehaviorConfigured": True,
        "url": team_url(org, project, team, "backlogconfiguration"),
    }


def _render_level(org, project, team, name):
    """Bugs stand on the backlog that the team puts them on."""
    types = project.process.list_types(name)
    place = {"asRequirements": REQUIREMENT, "asTasks": TASK}.get(team.bugs_behavior)
    if place == name:
        types = types + project.process.list_types(BUG)
    return {
        "id": name,
        "name": project.process.backlogs[name],
        "rank": RANKS[name],
        "workItemCountLimit": 1000,
        "addPanelFields": [],
        "columnFields": [],
        "workItemTypes": [_ref(org, project, each) for each in types],
        "defaultWorkItemType": _ref(org, project, types[0]) if types else None,
        "color": "009CCC",
        "isHidden": False,
        "type": KINDS[name],
    }


def _map_states(item_type):
    states = {state.name: state.category for state in item_type.states}
    return {"workItemTypeName": item_type.name, "states": states}
