"""Pipelines, their runs (which are builds too) and the stages of a run."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from fakes.azure_devops.refusals import bad_argument, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links, page_url, project_ref
from fakes.azure_devops.state import Identity, Project, make_id


@dataclass(eq=False)
class Definition:
    """A pipeline; `parameters` it declares, `variables` may be set when it is queued."""

    id: int
    name: str
    project: Project
    repository: object
    stages: tuple[str, ...] = ("Build", "Deploy")
    parameters: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    folder: str = "\\"
    revision: int = 3
    queue_status: str = "enabled"
    may_run: bool = True


@dataclass(eq=False)
class Stage:
    """A stage of a run; `state` as the timeline tells it, plus `waiting` for an approval."""

    name: str
    order: int
    scope: str
    state: str = "pending"
    result: str | None = None
    attempt: int = 1
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def id(self):
        return make_id("stage", self.scope, self.name)


@dataclass(eq=False)
class Build:
    """A run; `state` is notStarted, inProgress, cancelling or completed."""

    id: int
    project: Project
    definition: Definition
    number: str
    requested_for: Identity
    requested_by: Identity
    queued_at: datetime
    branch: str = "refs/heads/main"
    commit: str = "0" * 40
    reason: str = "manual"
    state: str = "notStarted"
    result: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    changed_at: datetime | None = None
    tags: list[str] = field(default_factory=list)
    trigger_info: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    work_items: list[int] = field(default_factory=list)
    test_runs: list[object] = field(default_factory=list)
    coverage: tuple[int, int] | None = None
    artifacts: list[object] = field(default_factory=list)

    def find_stage(self, name):
        """The stage of that name.

        Raises:
            Refused: the run has none.
        """
        found = next((stage for stage in self.stages if stage.name == name), None)
        if found is None:
            raise not_found("StageNotFoundException", f"Stage '{name}' not found in build {self.id}.")
        return found


def find(org, asked):
    """The build that a path names."""
    project = org.project_of(asked)
    build = project.builds.get(int(asked.values["buildId"]))
    if build is None:
        text = f"The requested build {asked.values['buildId']} could not be found."
        raise not_found("BuildNotFoundException", text)
    return build


def find_definition(project, number):
    found = project.definitions.get(int(number))
    if found is None:
        raise not_found("DefinitionNotFoundException", f"Definition {number} could not be found.")
    return found


@route("GET", "build.builds")
def get(org, asked):
    """One build, or those that the filters are true of in pages, those that finished last first."""
    if "buildId" in asked.values:
        return render(org, find(org, asked))
    found = [each for each in org.project_of(asked).builds.values() if _is_asked_for(asked, each)]
    order = asked.query.get("queryorder", "finishTimeDescending")
    key = {"queue": "queued_at", "start": "started_at"}.get(order.partition("Time")[0], "finished_at")
    found.sort(key=lambda each: (getattr(each, key) or org.now, each.id), reverse="Desc" in order)
    start, size = int(asked.query.get("continuationtoken") or 0), asked.number("$top", 1000)
    rest = start + size < len(found)
    headers = {"x-ms-continuationtoken": str(start + size)} if rest else {}
    return Answer([render(org, each) for each in found[start : start + size]], headers=headers)


def _is_asked_for(asked, build):
    query = asked.query
    moment = build.finished_at or build.queued_at
    return (
        query.get("definitions", str(build.definition.id)).split(",").count(str(build.definition.id)) > 0
        and query.get("buildnumber", build.number) == build.number
        and query.get("branchname", build.branch) == build.branch
        and query.get("statusfilter", "all") in {"all", build.state}
        and query.get("resultfilter", build.result) == build.result
        and query.get("reasonfilter", "all") in {"all", build.reason}
        and ("buildids" not in query or str(build.id) in query["buildids"].split(","))
        and ("mintime" not in query or moment >= datetime.fromisoformat(query["mintime"]))
        and ("maxtime" not in query or moment <= datetime.fromisoformat(query["maxtime"]))
        and ("tagfilters" not in query or set(query["tagfilters"].split(",")) <= set(build.tags))
    )


@route("POST", "build.builds")
def queue(org, asked):
    wanted = asked.json or {}
    project = org.project_of(asked)
    number = (wanted.get("definition") or {}).get("id") or asked.query.get("definitionid")
    if number is None:
        raise bad_argument("The build needs a definition.", "InvalidBuildException")
    definition = find_definition(project, number)
    build = org.queue(definition, branch=wanted.get("sourceBranch"), who=asked.who)
    return render(org, build)


@route("PATCH", "build.builds")
def update(org, asked):
    """Cancel a build, or keep it for ever."""
    build = find(org, asked)
    if (asked.json or {}).get("status", "").lower() == "cancelling":
        org.finish_build(build, "canceled")
    return render(org, build)


def _agent_pool(org, build):
    pool = {"id": 9, "name": "Azure Pipelines", "isHosted": True}
    return {"id": 18, "name": "Azure Pipelines", "pool": pool}


def render_definition_ref(org, definition):
    return {
        "drafts": [],
        "id": definition.id,
        "name": definition.name,
        "url": f"{org.url}/{definition.project.id}/_apis/build/Definitions/{definition.id}",
        "uri": f"vstfs:///Build/Definition/{definition.id}",
        "path": definition.folder,
        "type": "build",
        "queueStatus": definition.queue_status,
        "revision": definition.revision,
        "project": project_ref(org, definition.project),
    }


def _render_repository(org, build):
    repository = build.definition.repository
    return {
        "id": repository.id,
        "type": "TfsGit",
        "name": repository.name,
        "url": page_url(org, build.project, "_git", repository.name),
        "clean": None,
        "checkoutSubmodules": False,
    }


def render(org, build):
    url = f"{org.url}/{build.project.id}/_apis/build/Builds/{build.id}"
    changed_by = identity_ref(org, build.requested_by)
    times = {"startTime": iso(build.started_at), "finishTime": iso(build.finished_at), "result": build.result}
    variables = {"parameters": json.dumps(build.variables)} if build.variables else {}
    return variables | {
        "_links": links(
            self=url,
            web=page_url(org, build.project, f"_build/results?buildId={build.id}"),
            sourceVersionDisplayUri=f"{url}/sources",
            timeline=f"{url}/Timeline",
            badge=f"{org.url}/{build.project.id}/_apis/build/status/{build.definition.id}",
        ),
        "properties": {},
        "tags": list(build.tags),
        "validationResults": [],
        "plans": [{"planId": make_id("plan", build.id)}],
        "triggerInfo": dict(build.trigger_info),
        "templateParameters": dict(build.parameters),
        "id": build.id,
        "buildNumber": build.number,
        "buildNumberRevision": int(build.number.rpartition(".")[2]),
        "status": build.state,
        **{name: value for name, value in times.items() if value is not None},
        "queueTime": iso(build.queued_at),
        "url": url,
        "definition": render_definition_ref(org, build.definition),
        "project": project_ref(org, build.project),
        "uri": f"vstfs:///Build/Build/{build.id}",
        "sourceBranch": build.branch,
        "sourceVersion": build.commit,
        "queue": _agent_pool(org, build),
        "priority": "normal",
        "reason": build.reason,
        "requestedFor": identity_ref(org, build.requested_for),
        "requestedBy": identity_ref(org, build.requested_by),
        "lastChangedDate": iso(build.changed_at or build.queued_at),
        "lastChangedBy": changed_by,
        "orchestrationPlan": {"planId": make_id("plan", build.id)},
        "logs": {"id": 0, "type": "Container", "url": f"{url}/logs"},
        "repository": _render_repository(org, build),
        "keepForever": False,
        "retainedByRelease": False,
        "triggeredByBuild": None,
        "appendCommitMessageToRunName": True,
    }


@route("GET", "build.definitions")
def get_definitions(org, asked):
    project = org.project_of(asked)
    if "definitionId" in asked.values:
        return _render_definition(org, find_definition(project, asked.values["definitionId"]))
    name = asked.query.get("name")
    found = [each for each in project.definitions.values() if name in {None, each.name}]
    return [_render_listed(org, each) for each in found]


def _render_listed(org, definition):
    """A definition as lists have it: without what it does."""
    page = page_url(org, definition.project, f"_build/definition?definitionId={definition.id}")
    return render_definition_ref(org, definition) | {
        "_links": links(web=page),
        "createdDate": "2026-01-05T09:00:00Z",
    }


def _render_definition(org, definition):
    return _render_listed(org, definition) | {
        "process": {"yamlFilename": "azure-pipelines.yml", "type": 2},
        "tags": [],
        "variables": {name: {"value": "", "allowOverride": True} for name in definition.variables},
    }


@route("PUT", "build.tags")
def add_tag(org, asked):
    build = find(org, asked)
    if asked.values["tag"] not in build.tags:
        build.tags.append(asked.values["tag"])
    return list(build.tags)


@route("DELETE", "build.tags")
def remove_tag(org, asked):
    build = find(org, asked)
    build.tags = [tag for tag in build.tags if tag != asked.values["tag"]]
    return list(build.tags)


@route("GET", "build.tags")
def get_tags(org, asked):
    return list(find(org, asked).tags)


@route("GET", "build.workItems")
def get_work_items(org, asked):
    build = find(org, asked)
    url = f"{org.url}/_apis/wit/workItems"
    return [{"id": str(number), "url": f"{url}/{number}"} for number in build.work_items]
