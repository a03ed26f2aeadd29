"""Builds as runs of their pipelines, and the stages of a run."""

from fakes.azure_devops.builds import find
from fakes.azure_devops.refusals import bad_argument
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import iso, links, page_url
from fakes.azure_devops.state import NO_ID, make_id

STAGE_STATES = {
    "pending": "notStarted",
    "waiting": "waiting",
    "inProgress": "running",
    "completed": "completed",
}


@route("GET", "build.timeline")
def get_timeline(org, asked):
    """A run's stages, and for one that waits its checkpoint with the approval."""
    build = find(org, asked)
    records = [_render_record(stage) for stage in build.stages]
    for approval in build.project.approvals.values():
        if approval.build is build:
            records += _render_checkpoint(approval)
    return {
        "records": records,
        "lastChangedBy": NO_ID,
        "lastChangedOn": iso(build.changed_at or build.queued_at),
        "id": make_id("plan", build.id),
        "changeId": len(records),
        "url": f"{org.url}/{build.project.id}/_apis/build/builds/{build.id}/Timeline",
    }


def _render_record(stage):
    return {
        "previousAttempts": [],
        "id": stage.id,
        "parentId": None,
        "type": "Stage",
        "name": stage.name,
        "identifier": stage.name,
        "startTime": iso(stage.started_at),
        "finishTime": iso(stage.finished_at),
        "state": "pending" if stage.state == "waiting" else stage.state,
        "result": stage.result,
        "order": stage.order,
        "attempt": stage.attempt,
        "errorCount": int(stage.result == "failed"),
        "warningCount": 0,
        "log": None,
        "task": None,
        "issues": [],
        "url": None,
    }


def _render_checkpoint(approval):
    is_open = approval.status == "pending"
    point = make_id("checkpoint", approval.id)
    record = {
        "previousAttempts": [],
        "state": "inProgress" if is_open else "completed",
        "result": None if is_open else {"approved": "succeeded"}.get(approval.status, "failed"),
        "attempt": approval.stage.attempt,
        "order": 1,
    }
    return [
        record | {"id": point, "parentId": approval.stage.id, "type": "Checkpoint", "name": "Checkpoint"},
        record | {"id": approval.id, "parentId": point, "type": "Checkpoint.Approval", "name": "Approval"},
    ]


@route("PATCH", "build.stages")
def update_stage(org, asked):
    """Try a stage again, or cancel it."""
    build = find(org, asked)
    stage = build.find_stage(asked.values["stageRefName"])
    wanted = str((asked.json or {}).get("state")).lower()
    if wanted not in {"retry", "cancel"}:
        raise bad_argument(f"The state '{wanted}' is not valid for a stage.")
    if wanted == "cancel":
        org.finish_stage(build, stage.name, "canceled")
    elif stage.state != "completed":
        raise bad_argument(f"Stage '{stage.name}' is not completed and cannot be retried.")
    else:
        stage.attempt, stage.result, build.result, build.finished_at = stage.attempt + 1, None, None, None
        org.start_stage(build, stage.name)
    return Answer(None, 204)


def render_pipeline_ref(org, definition):
    return {
        "id": definition.id,
        "name": definition.name,
        "folder": definition.folder,
        "revision": definition.revision,
        "url": f"{org.url}/{definition.project.id}/_apis/pipelines/{definition.id}"
        f"?revision={definition.revision}",
    }


def render_run(org, build):
    """A build as a run of its pipeline."""
    url = f"{org.url}/{build.project.id}/_apis/pipelines/{build.definition.id}/runs/{build.id}"
    state = {"notStarted": "inProgress", "cancelling": "canceling"}.get(build.state, build.state)
    answer = {
        "_links": links(
            self=url,
            web=page_url(org, build.project, f"_build/results?buildId={build.id}"),
            pipeline=render_pipeline_ref(org, build.definition)["url"],
        ),
        "templateParameters": dict(build.parameters),
        "pipeline": render_pipeline_ref(org, build.definition),
        "state": state,
        "createdDate": iso(build.queued_at),
        "url": url,
        "id": build.id,
        "name": build.number,
        "resources": {
            "repositories": {
                "self": {
                    "repository": {"type": "azureReposGit"},
                    "refName": build.branch,
                    "version": build.commit,
                }
            }
        },
    }
    if build.state == "completed":
        result = {"partiallySucceeded": "succeeded"}.get(build.result, build.result)
        answer |= {"result": result, "finishedDate": iso(build.finished_at)}
    return answer


def render_stage(stage):
    """A stage as events tell of it."""
    answer = {
        "id": stage.id,
        "name": stage.name,
        "displayName": stage.name,
        "state": STAGE_STATES[stage.state],
        "attempt": stage.attempt,
    }
    return answer | ({"result": stage.result} if stage.result else {})
