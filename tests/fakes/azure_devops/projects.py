"""Projects, their teams and their processes."""

from fakes.azure_devops.processes import PROCESSES
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, links, project_ref


@route("GET", "core.projects")
def get_projects(org, asked):
    """One project, or all of them by name in pages."""
    if "projectId" in asked.values:
        return get_project(org, asked)
    found = sorted(org.projects.values(), key=lambda project: project.name)
    size = asked.number("$top", 100)
    start = int(asked.query.get("continuationtoken") or asked.query.get("$skip") or 0)
    rest = start + size < len(found)
    headers = {"x-ms-continuationtoken": str(start + size)} if rest else {}
    return Answer([project_ref(org, each) for each in found[start : start + size]], headers=headers)


def get_project(org, asked):
    project = org.find_project(asked.values["projectId"])
    team = org.find_team(project, None)
    here = project_ref(org, project)
    answer = here | {
        "defaultTeam": {"id": team.id, "name": team.name, "url": f"{here['url']}/teams/{team.id}"},
        "_links": links(
            self=here["url"],
            collection=f"{org.url}/_apis/projectCollections/{org.edition.path}",
            web=f"{org.url}/{project.name}",
        ),
    }
    if asked.flag("includeCapabilities"):
        template = {"templateName": project.process.name, "templateTypeId": project.process.id}
        version = {"sourceControlType": "Git", "gitEnabled": "True", "tfvcEnabled": "False"}
        answer["capabilities"] = {"processTemplate": template, "versioncontrol": version}
    return answer


@route("GET", "core.properties")
def get_properties(org, asked):
    project = org.find_project(asked.values["projectId"])
    return [
        {"name": "System.Process Template", "value": project.process.name},
        {"name": "System.ProcessTemplateType", "value": project.process.id},
    ]


@route("GET", "core.processes")
def get_processes(org, asked):
    found = [
        {
            "id": process.id,
            "name": process.name,
            "description": "",
            "isDefault": process.name == "Basic",
            "type": "inherited" if process.is_custom else "system",
            "url": f"{org.url}/_apis/process/processes/{process.id}",
        }
        for process in PROCESSES.values()
    ]
    wanted = asked.values.get("processId")
    return next(each for each in found if each["id"] == wanted) if wanted else found


@route("GET", "core.teams")
def get_teams(org, asked):
    """One team, or all of a project's."""
    project = org.find_project(asked.values["projectId"])
    if "teamId" in asked.values:
        return render_team(org, project, org.find_team(project, asked.values["teamId"]))
    teams = list(project.teams.values())
    skip = asked.number("$skip", 0)
    return [render_team(org, project, team) for team in teams[skip : skip + asked.number("$top", 100)]]


@route("GET", "core.allTeams")
def get_all_teams(org, asked):
    return [
        render_team(org, project, team)
        for project in org.projects.values()
        for team in project.teams.values()
        if not asked.flag("$mine") or asked.who in team.members
    ]


def render_team(org, project, team):
    url = f"{org.url}/_apis/projects/{project.id}/teams/{team.id}"
    return {
        "id": team.id,
        "name": team.name,
        "url": url,
        "description": "",
        "identityUrl": f"{org.identity_url}/_apis/Identities/{team.id}",
        "projectName": project.name,
        "projectId": project.id,
    }


@route("GET", "core.members")
def get_members(org, asked):
    """The people of a team in pages; only of an administrator it is said that they are one."""
    project = org.find_project(asked.values["projectId"])
    team = org.find_team(project, asked.values["teamId"])
    skip = asked.number("$skip", 0)
    return [
        {"identity": identity_ref(org, member)} | ({"isTeamAdmin": True} if member.id in team.admins else {})
        for member in team.members[skip : skip + asked.number("$top", 100)]
    ]
