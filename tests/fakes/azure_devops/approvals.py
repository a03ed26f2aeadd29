"""Environments, the checks on them and the approvals that runs wait for."""

from dataclasses import dataclass, field
from datetime import datetime

from fakes.azure_devops.builds import Build, Stage
from fakes.azure_devops.refusals import bad_argument, forbidden, not_found
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import identity_ref, iso, links
from fakes.azure_devops.state import Identity, make_id

APPROVAL_CHECK = "8C6F20A7-A545-4486-9777-F762FAFE0D4D"
DECISIONS = {"approved", "rejected"}


@dataclass(eq=False)
class Environment:
    """What stages are deployed to; `records` are its deployments, oldest first."""

    id: int
    name: str
    by: Identity
    created_at: datetime
    records: list[tuple[Build, Stage]] = field(default_factory=list)


@dataclass(eq=False)
class Step:
    """One approver's part, who may be a group; `actual` is whoever decided."""

    assigned: Identity
    order: int
    status: str = "pending"
    actual: Identity | None = None
    comment: str = ""
    changed_at: datetime | None = None


@dataclass(eq=False)
class Approval:
    """What a stage waits for."""

    id: str
    build: Build
    stage: Stage
    environment: Environment
    created_at: datetime
    changed_at: datetime
    steps: list[Step]
    least: int
    blocked: list[Identity] = field(default_factory=list)
    instructions: str = ""
    status: str = "pending"


def _find(project, number):
    found = project.approvals.get(number)
    if found is None:
        raise not_found("ApprovalNotFoundException", f"Approval with id {number} could not be found.")
    return found


@route("GET", "pipelines.approvals")
def get(org, asked):
    """One approval, or those of a state; steps only where `$expand` asks for them."""
    project = org.project_of(asked)
    with_steps = asked.expands("steps")
    if "approvalId" in asked.values:
        return render(org, _find(project, asked.values["approvalId"]), with_steps=with_steps)
    state = asked.query.get("state", "").lower()
    numbers = [each for each in asked.query.get("approvalids", "").split(",") if each]
    people = [
        each for each in asked.query.get("userids", asked.query.get("assignedto", "")).split(",") if each
    ]
    found = [
        each
        for each in project.approvals.values()
        if state in {"", each.status.lower()}
        and (not numbers or each.id in numbers)
        and (not people or {step.assigned.id for step in each.steps} & set(people))
    ]
    return [render(org, each, with_steps=with_steps) for each in found[: asked.number("top", 100)]]


@route("PATCH", "pipelines.approvals")
def update(org, asked):
    """Decide, all or nothing; only who is asked may, or a member of the group that is."""
    project = org.project_of(asked)
    if not isinstance(asked.json, list):
        raise bad_argument("The body must be a list of approvals.")
    chosen = [(_find(project, each.get("approvalId", "")), each) for each in asked.json]
    for approval, wanted in chosen:
        _check(approval, wanted, asked.who)
    for approval, wanted in chosen:
        if "reassignTo" in wanted:
            _reassign(org, approval, wanted["reassignTo"]["id"], asked.who)
        else:
            org.decide(approval, wanted["status"].lower(), asked.who, wanted.get("comment", ""))
    return [render(org, approval) for approval, _ in chosen]


def _check(approval, wanted, who):
    if approval.status != "pending":
        text = f"Approval with id {approval.id} is already {approval.status}."
        raise bad_argument(text, "ApprovalAlreadyCompletedException")
    if "reassignTo" not in wanted and str(wanted.get("status")).lower() not in DECISIONS:
        raise bad_argument(f"The status '{wanted.get('status')}' is not valid.")
    if who in approval.blocked or find_step(approval, who) is None:
        raise forbidden(f"{who.display_name} does not have permission to update approval {approval.id}.")


def find_step(approval, who):
    """The open step that somebody may decide, None where there is none."""
    return next(
        (
            step
            for step in approval.steps
            if step.status == "pending" and (step.assigned == who or who.id in step.assigned.members)
        ),
        None,
    )


def _reassign(org, approval, number, who):
    find_step(approval, who).assigned = org.identities[number]
    approval.changed_at = org.now


def render(org, approval, *, with_steps=True):
    url = f"{org.url}/{approval.build.project.id}/_apis/pipelines/approvals/{approval.id}"
    build = approval.build
    answer = {
        "id": approval.id,
        "status": approval.status,
        "createdOn": iso(approval.created_at),
        "lastModifiedOn": iso(approval.changed_at),
        "executionOrder": "anyOrder",
        "minRequiredApprovers": approval.least,
        "blockedApprovers": [identity_ref(org, each) for each in approval.blocked],
        "instructions": approval.instructions,
        "pipeline": {
            "owner": {"id": build.id, "name": build.number},
            "id": str(build.definition.id),
            "name": build.definition.name,
        },
        "_links": links(self=url),
    }
    if with_steps:
        answer["steps"] = [_render_step(org, approval, step) for step in approval.steps]
    return answer


def _render_step(org, approval, step):
    answer = {
        "assignedApprover": identity_ref(org, step.assigned)
        | ({"isContainer": True} if step.assigned.kind == "group" else {}),
        "status": step.status,
        "order": step.order,
        "initiatedOn": iso(approval.created_at),
        "lastModifiedOn": iso(step.changed_at or approval.created_at),
        "lastModifiedBy": identity_ref(org, step.actual or step.assigned),
        "history": [],
    }
    if step.actual:
        answer |= {"actualApprover": identity_ref(org, step.actual), "comment": step.comment}
    return answer


@route("GET", "environments")
def get_environments(org, asked):
    """One environment, or all of them by name."""
    project = org.project_of(asked)
    if "environmentId" in asked.values:
        return _render_environment(org, project, _find_environment(project, asked.values["environmentId"]))
    name = asked.query.get("name")
    found = [each for each in project.environments.values() if name in {None, each.name}]
    return [_render_environment(org, project, each) for each in found]


def _find_environment(project, number):
    found = project.environments.get(int(number))
    if found is None:
        raise not_found("EnvironmentNotFoundException", f"No environment found with identifier {number}.")
    return found


def _render_environment(org, project, environment):
    return {
        "id": environment.id,
        "name": environment.name,
        "description": "",
        "createdBy": identity_ref(org, environment.by),
        "createdOn": iso(environment.created_at),
        "lastModifiedBy": identity_ref(org, environment.by),
        "lastModifiedOn": iso(environment.created_at),
        "project": {"id": project.id, "name": project.name},
        "resources": [],
    }


@route("GET", "environments.records")
def get_records(org, asked):
    """Deployments to an environment, the newest first."""
    project = org.project_of(asked)
    environment = _find_environment(project, asked.values["environmentId"])
    found = list(reversed(list(enumerate(environment.records, start=1))))
    return [
        _render_record(project, environment, number, build, stage)
        for number, (build, stage) in found[: asked.number("top", 25)]
    ]


def _render_record(project, environment, number, build, stage):
    return {
        "id": number,
        "requestIdentifier": f"{build.definition.name}-{build.number}-{stage.name}",
        "environmentId": environment.id,
        "serviceOwner": make_id("service"),
        "scopeId": project.id,
        "planType": "Build",
        "planId": make_id("plan", build.id),
        "stageName": stage.name,
        "stageAttempt": stage.attempt,
        "definition": {"id": build.definition.id, "name": build.definition.name},
        "owner": {"id": build.id, "name": build.number},
        "result": stage.result,
        "queueTime": iso(build.queued_at),
        "startTime": iso(stage.started_at),
        "finishTime": iso(stage.finished_at),
    }


@route("GET", "checks.configurations")
def get_checks(org, asked):
    """The checks on a resource."""
    project = org.project_of(asked)
    kind, number = asked.query.get("resourcetype"), asked.query.get("resourceid")
    return [_render_check(org, each) for each in project.checks if _is_on(each, kind, number)]


@route("POST", "checks.query")
def query_checks(org, asked):
    project = org.project_of(asked)
    return [
        _render_check(org, check)
        for check in project.checks
        if any(_is_on(check, each.get("type"), each.get("id")) for each in asked.json or ())
    ]


def _is_on(check, kind, number):
    return (check["resource"]["type"], check["resource"]["id"]) == (kind, str(number))


def _render_check(org, check):
    url = f"{org.url}/_apis/pipelines/checks/configurations/{check['id']}"
    return check | {"url": url, "_links": links(self=url)}
