"""Workflows, what starts them, and their runs."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from fakes.github.pulls import check_commit
from fakes.github.routes import route
from fakes.github.run_shapes import render_run
from fakes.github.shapes import iso
from fakes.github.state import Actor, Refused

MOST_INPUTS, MOST_KEYS, MOST_PAYLOAD = 25, 10, 65_535


@dataclass
class Workflow:
    """A workflow file; `inputs` tells for each whether it is required.

    `title` is its `run-name` with the inputs in braces, `event` the type of a repository's event that it
    listens to.
    """

    id: int
    file: str
    inputs: dict[str, bool] = field(default_factory=dict)
    title: str = ""
    event: str = ""
    state: str = "active"


@dataclass
class WorkflowRun:
    """A run of a workflow."""

    id: int
    workflow: Workflow
    event: str
    title: str
    at: datetime
    inputs: dict[str, str]
    ref: str = "main"
    commit: str = "c" * 40
    status: str = "queued"
    conclusion: str | None = None
    actor: Actor | None = None


@route("GET", r"/commits/([0-9a-f]+)")
def get_commit(hub, repository, asked, sha):
    check_commit(repository, sha)
    url = f"{hub.shapes.home(repository)}/commits/{sha}"
    person = {"name": "Ana", "email": "ana@acme.example", "date": iso(hub.now)}
    tree = {"sha": sha, "url": url}
    commit = {"url": url, "author": person, "committer": person, "message": "m", "comment_count": 0}
    return 200, {
        "url": url,
        "sha": sha,
        "node_id": f"C_{sha}",
        "html_url": f"https://github.com/{repository.name}/commit/{sha}",
        "comments_url": f"{url}/comments",
        "commit": commit | {"tree": tree},
        "author": None,
        "committer": None,
        "parents": [],
    }


@route("GET", r"/actions/workflows/([^/]+)")
def get_workflow(hub, repository, asked, file):
    need_permission(hub, repository, asked, "actions", "read")
    workflow = find_workflow(repository, file)
    url = f"{hub.shapes.home(repository)}/actions/workflows/{workflow.id}"
    return 200, {
        "id": workflow.id,
        "node_id": f"W_{workflow.id}",
        "name": file,
        "path": f".github/workflows/{file}",
        "state": workflow.state,
        "created_at": iso(hub.now),
        "updated_at": iso(hub.now),
        "url": url,
        "html_url": f"https://github.com/{repository.name}/blob/main/.github/workflows/{file}",
        "badge_url": f"https://github.com/{repository.name}/workflows/{file}/badge.svg",
    }


@route("POST", r"/actions/workflows/([^/]+)/dispatches")
def dispatch_workflow(hub, repository, asked, file):
    need_permission(hub, repository, asked, "actions", "write")
    workflow, inputs = find_workflow(repository, file), asked.json.get("inputs") or {}
    if not hub.knows_run_details and "return_run_details" in asked.json:
        raise Refused(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.')
    if workflow.state != "active":
        raise Refused(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    if asked.json["ref"] not in repository.refs:
        raise Refused(422, f"No ref found for: {asked.json['ref']}")
    if workflow.event:
        raise Refused(422, "Workflow does not have 'workflow_dispatch' trigger")
    if strange := sorted(set(inputs) - set(workflow.inputs)):
        raise Refused(422, f"Unexpected inputs provided: {json.dumps(strange)}")
    for name, is_required in workflow.inputs.items():
        if is_required and not inputs.get(name):
            raise Refused(422, f"Required input '{name}' not provided")
    run = start(hub, repository, workflow, "workflow_dispatch", inputs, ref=asked.json["ref"])
    if not asked.json.get("return_run_details"):
        return 204, None
    shown = render_run(hub.shapes, repository, run)
    return 200, {"workflow_run_id": run.id, "run_url": shown["url"], "html_url": shown["html_url"]}


@route("POST", "/dispatches")
def dispatch_event(hub, repository, asked):
    need_permission(hub, repository, asked, "contents", "write")
    payload = asked.json.get("client_payload") or {}
    if len(payload) > MOST_KEYS:
        raise Refused(422, "No more than 10 properties are allowed; 11 were supplied.")
    if len(json.dumps(payload)) > MOST_PAYLOAD:
        raise Refused(422, "client_payload is too large.")
    for workflow in repository.workflows.values():
        if workflow.event == asked.json["event_type"] and workflow.state == "active":
            start(hub, repository, workflow, "repository_dispatch", payload)
    return 204, None


@route("GET", "/actions/runs")
def list_runs(hub, repository, asked):
    need_permission(hub, repository, asked, "actions", "read")
    return 200, page_of(hub, repository, asked, repository.runs)


@route("GET", r"/actions/workflows/([^/]+)/runs")
def list_workflow_runs(hub, repository, asked, file):
    need_permission(hub, repository, asked, "actions", "read")
    workflow = find_workflow(repository, file)
    return 200, page_of(hub, repository, asked, [run for run in repository.runs if run.workflow is workflow])


def page_of(hub, repository, asked, runs):
    """The newest first, as pages of an object."""
    since = asked.query.get("created", ">=").removeprefix(">=")
    event = asked.query.get("event")
    found = [run for run in reversed(runs) if event in {None, run.event} and iso(run.at) >= since]
    size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
    shown = found[(page - 1) * size : page * size]
    return {
        "total_count": len(found),
        "workflow_runs": [render_run(hub.shapes, repository, run) for run in shown],
    }


def start(hub, repository, workflow, event, inputs, *, ref="main"):
    title = workflow.title.format_map(inputs) if workflow.title else workflow.file
    run = WorkflowRun(hub.new_id(), workflow, event, title, hub.now, dict(inputs), ref)
    repository.runs.append(run)
    return run


def find_workflow(repository, file):
    if file not in repository.workflows:
        raise Refused(404, "Not Found")
    return repository.workflows[file]


def need_permission(hub, repository, asked, name, level):
    if repository.archived and level == "write":
        raise Refused(403, "Repository was archived so is read-only.")
    levels = ("", "read", "write")
    held = hub.granted.get(name, "") if asked.actor.app else "write" if repository.push else "read"
    if levels.index(held) < levels.index(level):
        headers = {"X-Accepted-GitHub-Permissions": f"{name}={level}"}
        raise Refused(403, "Resource not accessible by integration", headers=headers)
