"""What a team plans with: its iterations, settings, capacity and days off."""

from datetime import UTC, date, datetime, timedelta

from fakes.azure_devops.nodes import url_of
from fakes.azure_devops.refusals import bad_argument, bad_team_settings, no_backlog_iteration, not_found
from fakes.azure_devops.relations import CHILD
from fakes.azure_devops.relations import url_of as item_url
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import day, identity_ref, links, project_ref, team_url
from fakes.azure_devops.state import NO_ID

MOST = 100


@route("GET", "work.iterations")
def get(org, asked):
    """One iteration of a team, or all of them by date; `$timeframe` takes only `current`."""
    project, team = org.team_of(asked)
    if "id" in asked.values:
        return render(org, project, team, find(team, asked.values["id"]))
    frame = asked.query.get("$timeframe")
    if frame not in {None, "current"}:
        raise bad_argument(f"The timeframe '{frame}' is not supported.", "InvalidTeamSettingsException")
    found = _sort(team.iterations)
    if frame:
        found = [node for node in found if _time_frame(org, team, node) == "current"]
    return [render(org, project, team, node) for node in found[:MOST]]


def _sort(nodes):
    """By their start; those without one come last."""
    return sorted(nodes, key=lambda node: (not node.attributes, node.attributes.get("startDate"), node.id))


def find(team, identifier):
    """The team's iteration of that id."""
    found = next((node for node in team.iterations if node.identifier == identifier.lower()), None)
    if found is None:
        text = f"The iteration with id '{identifier}' is not one of team '{team.name}'."
        raise not_found("TeamIterationNotFoundException", text)
    return found


def _time_frame(org, team, node):
    """`current` stays with the last one that has begun until another begins, even when it is over."""
    today = org.now
    if not node.attributes:
        return "current"
    if node.attributes["startDate"] > today:
        return "future"
    if node.attributes["finishDate"] + timedelta(days=1) > today:
        return "current"
    begun = [each for each in team.iterations if each.attributes and each.attributes["startDate"] <= today]
    return "current" if node is _sort(begun)[-1] else "past"


def find_current(org, team):
    """The team's current iteration, None where it has none."""
    found = [node for node in _sort(team.iterations) if _time_frame(org, team, node) == "current"]
    return found[0] if found else None


@route("POST", "work.iterations")
def add(org, asked):
    """Take a node of the tree into the team's iterations; only one below its backlog iteration."""
    project, team = org.team_of(asked)
    if team.backlog_iteration is None:
        raise no_backlog_iteration()
    wanted = (asked.json or {}).get("id", "").lower()
    known = {node.identifier: node for node in project.iterations.walk()}
    if wanted not in known:
        raise not_found("TeamIterationNotFoundException", f"The iteration with id '{wanted}' does not exist.")
    node = known[wanted]
    if node not in team.backlog_iteration.walk():
        text = f"The iteration '{node.path}' is not below the backlog iteration of team '{team.name}'."
        raise bad_team_settings(text)
    if node not in team.iterations:
        team.iterations.append(node)
    return render(org, project, team, node, whole=True)


@route("DELETE", "work.iterations")
def remove(org, asked):
    _, team = org.team_of(asked)
    team.iterations.remove(find(team, asked.values["id"]))
    return Answer(None, 204)


def render(org, project, team, node, *, whole=False):
    """An iteration of a team; `whole` with the links that only a single one has."""
    url = team_url(org, project, team, "teamsettings/iterations", node.identifier)
    dates = {name: day(node.attributes.get(name)) for name in ("startDate", "finishDate")}
    answer = {
        "id": node.identifier,
        "name": node.name,
        "path": node.path,
        "attributes": {**dates, "timeFrame": _time_frame(org, team, node)},
        "url": url,
    }
    return answer | {"_links": _links(org, project, team, node, url)} if whole else answer


def _links(org, project, team, node, url):
    settings = team_url(org, project, team, "teamsettings")
    return links(
        self=url,
        project=project_ref(org, project)["url"],
        team=f"{project_ref(org, project)['url']}/teams/{team.id}",
        teamSettings=settings,
        teamIterations=f"{settings}/iterations",
        capacity=f"{url}/capacities",
        workitems=f"{url}/workitems",
        classificationNode=url_of(org, project, node),
        teamDaysOff=f"{url}/teamdaysoff",
    )


@route("GET", "work.iterationItems")
def get_items(org, asked):
    """What stands in an iteration: roots first, then what they hold."""
    project, team = org.team_of(asked)
    node = find(team, asked.values["iterationId"])
    inside = [
        item
        for item in org.items.values()
        if item.project is project
        and not item.deleted_by
        and item.fields["System.IterationPath"] == node.path
    ]
    found = []
    for item in inside:
        parents = [each.target for each in item.relations if each.rel.endswith("Hierarchy-Reverse")]
        held = [parent for parent in inside if parent.id in parents]
        source = {"id": held[0].id, "url": item_url(org, held[0])} if held else None
        target = {"id": item.id, "url": item_url(org, item)}
        found.append({"rel": CHILD if held else None, "source": source, "target": target})
    url = team_url(org, project, team, "teamsettings/iterations", node.identifier, "workitems")
    return {"workItemRelations": sorted(found, key=lambda each: each["source"] is not None), "url": url}


@route("GET", "work.daysOff")
def get_days_off(org, asked):
    project, team = org.team_of(asked)
    node = find(team, asked.values["iterationId"])
    url = team_url(org, project, team, "teamsettings/iterations", node.identifier, "teamdaysoff")
    return {"daysOff": [_render_days(*span) for span in team.days_off.get(node.identifier, ())], "url": url}


@route("PATCH", "work.daysOff")
def set_days_off(org, asked):
    _, team = org.team_of(asked)
    node = find(team, asked.values["iterationId"])
    spans = [(_read_day(each["start"]), _read_day(each["end"])) for each in asked.json["daysOff"]]
    team.days_off[node.identifier] = spans
    return get_days_off(org, asked)


def _read_day(text):
    return datetime.fromisoformat(text).date()


def _render_days(start, end):
    return {
        name: day(datetime(value.year, value.month, value.day, tzinfo=UTC))
        for name, value in (("start", start), ("end", end))
    }


def set_capacity(team, node, member, hours_per_day, *, activity="Development", days_off=()):
    """What somebody can do a day in an iteration; `days_off` are pairs of days."""
    entry = {"member": member, "hours": hours_per_day, "activity": activity, "days_off": list(days_off)}
    assert all(isinstance(each, date) for span in days_off for each in span)
    team.capacities.setdefault(node.identifier, []).append(entry)


@route("GET", "work.capacities")
def get_capacities(org, asked):
    project, team = org.team_of(asked)
    node = find(team, asked.values["iterationId"])
    entries = team.capacities.get(node.identifier, [])
    url = team_url(org, project, team, "teamsettings/iterations", node.identifier, "capacities")
    return {
        "teamMembers": [_render_capacity(org, url, entry) for entry in entries],
        "totalCapacityPerDay": sum(entry["hours"] for entry in entries),
        "totalDaysOff": sum((end - start).days + 1 for each in entries for start, end in each["days_off"]),
    }


def _render_capacity(org, url, entry):
    return {
        "teamMember": identity_ref(org, entry["member"]),
        "activities": [{"capacityPerDay": entry["hours"], "name": entry["activity"]}],
        "daysOff": [_render_days(*span) for span in entry["days_off"]],
        "url": f"{url}/{entry['member'].id}",
    }


@route("GET", "work.teamSettings")
def get_settings(org, asked):
    project, team = org.team_of(asked)
    return render_settings(org, project, team)


@route("PATCH", "work.teamSettings")
def update_settings(org, asked):
    """The backlog iteration is a bare id: an object is taken silently and changes nothing."""
    project, team = org.team_of(asked)
    wanted = asked.json or {}
    if isinstance(wanted.get("backlogIteration"), str):
        known = {node.identifier: node for node in project.iterations.walk()}
        if wanted["backlogIteration"].lower() not in known:
            raise no_backlog_iteration()
        team.backlog_iteration = known[wanted["backlogIteration"].lower()]
    team.bugs_behavior = wanted.get("bugsBehavior", team.bugs_behavior)
    team.working_days = tuple(wanted.get("workingDays", team.working_days))
    return render_settings(org, project, team)


def render_settings(org, project, team):
    url = team_url(org, project, team, "teamsettings")
    node = team.backlog_iteration
    unset = {"id": NO_ID, "name": "", "path": "", "url": f"{url}/iterations/{NO_ID}"}
    backlog = unset if node is None else _render_iteration(org, project, node)
    return {
        "backlogIteration": backlog,
        "bugsBehavior": team.bugs_behavior,
        "workingDays": list(team.working_days),
        "backlogVisibilities": {name: name != "Microsoft.TaskCategory" for name in project.process.backlogs},
        "defaultIteration": backlog,
        "defaultIterationMacro": "@currentIteration",
        "url": url,
        "_links": links(
            self=url,
            project=project_ref(org, project)["url"],
            team=f"{project_ref(org, project)['url']}/teams/{team.id}",
            teamIterations=f"{url}/iterations",
            teamFieldValues=f"{url}/teamfieldvalues",
        )
        | {"classificationNode": [] if node is None else [{"href": url_of(org, project, node)}]},
    }


def _render_iteration(org, project, node):
    below = node.path.partition("\\")[2]
    return {
        "id": node.identifier,
        "name": node.name,
        "path": f"\\{below}" if below else "",
        "url": url_of(org, project, node),
    }


@route("GET", "work.fieldValues")
def get_field_values(org, asked):
    project, team = org.team_of(asked)
    url = team_url(org, project, team, "teamsettings/teamfieldvalues")
    return {
        "field": {
            "referenceName": "System.AreaPath",
            "url": f"{org.url}/{project.id}/_apis/wit/fields/System.AreaPath",
        },
        "defaultValue": team.default_area.path,
        "values": [{"value": team.default_area.path, "includeChildren": team.default_area.parent is None}],
        "url": url,
        "_links": links(
            self=url,
            project=project_ref(org, project)["url"],
            team=f"{project_ref(org, project)['url']}/teams/{team.id}",
            teamSettings=team_url(org, project, team, "teamsettings"),
            areaPathClassificationNodes=url_of(org, project, project.areas),
        ),
    }
