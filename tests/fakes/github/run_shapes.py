"""How GitHub writes runs of workflows."""

from fakes.github.shapes import iso

LINKS = ("jobs", "logs", "check_suite", "cancel", "rerun", "artifacts", "workflow")


def render_run(shapes, repository, run):
    """A run of a workflow."""
    url = f"{shapes.home(repository)}/actions/runs/{run.id}"
    person = {"name": "Ana", "email": "ana@acme.example"}
    where = shapes.repository(repository)
    return {
        "id": run.id,
        "name": run.workflow.file,
        "node_id": f"WFR_{run.id}",
        "head_branch": run.ref,
        "head_sha": run.commit,
        "path": f".github/workflows/{run.workflow.file}",
        "run_number": run.id,
        "run_attempt": 1,
        "display_title": run.title,
        "event": run.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": run.workflow.id,
        "url": url,
        "html_url": f"https://github.com/{repository.name}/actions/runs/{run.id}",
        "pull_requests": [],
        **({"triggering_actor": shapes.user(run.actor.login, run.actor.id)} if run.actor else {}),
        "created_at": iso(run.at),
        "updated_at": iso(run.at),
        **{f"{name}_url": f"{url}/{name}" for name in LINKS},
        "head_commit": {
            "id": run.commit,
            "tree_id": run.commit,
            "message": "m",
            "timestamp": iso(run.at),
            "author": person,
            "committer": person,
        },
        "repository": where,
        "head_repository": where,
    }
