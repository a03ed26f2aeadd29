"""What runs of Actions leave, and the host that keeps it: another one, which refuses who brings a token."""

import hashlib

from fakes.github.routes import route
from fakes.github.run_shapes import render_run
from fakes.github.shapes import iso
from fakes.github.state import Artifact, Refused

KEPT_AT = "https://artifacts.blob.example"


def leave(hub, repository, run, name, content, *, commit="0" * 40, **more):
    """A run leaves an archive. Returns the artifact."""
    made = Artifact(hub.new_id(), name, run, commit, content, hub.now, **more)
    repository.artifacts[made.id] = made
    repository.ended_runs.add(run)
    return made


def find_run(repository, number):
    known = repository.ended_runs | {run.id for run in repository.runs}
    if int(number) not in known:
        raise Refused(404, "Not Found")
    return int(number)


@route("GET", r"/actions/runs/(\d+)")
def get_run(hub, repository, asked, number):
    known = find_run(repository, number)
    run = next((each for each in repository.runs if each.id == known), None)
    return 200, {"id": known} if run is None else render_run(hub.shapes, repository, run)


@route("GET", r"/actions/runs/(\d+)/artifacts")
def list_artifacts(hub, repository, asked, number):
    run = find_run(repository, number)
    found = [each for each in repository.artifacts.values() if each.run == run]
    size = int(asked.query.get("per_page", 30))
    shown = [render(hub, repository, each) for each in found[:size]]
    return 200, {"total_count": len(found), "artifacts": shown}


@route("GET", r"/actions/artifacts/(\d+)/zip")
def get_archive(hub, repository, asked, number):
    found = repository.artifacts.get(int(number))
    if found is None:
        raise Refused(404, "Not Found")
    if found.expired:
        raise Refused(410, "Artifact has expired")
    raise Refused(302, "Found", headers={"Location": f"{KEPT_AT}/{found.id}?sig=signed"})


def render(hub, repository, artifact):
    url = f"{hub.api_url}/repos/{repository.name}/actions/artifacts/{artifact.id}"
    return {
        "id": artifact.id,
        "node_id": f"A_{artifact.id}",
        "name": artifact.name,
        "size_in_bytes": len(artifact.content),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": artifact.expired,
        "created_at": iso(artifact.created_at),
        "expires_at": iso(artifact.created_at),
        "updated_at": iso(artifact.created_at),
        "digest": f"sha256:{hashlib.sha256(artifact.content).hexdigest()}",
        "workflow_run": {
            "id": artifact.run,
            "repository_id": repository.id,
            "head_repository_id": repository.id
            if artifact.head_repository == 0
            else artifact.head_repository,
            "head_branch": "try",
            "head_sha": artifact.commit,
        },
    }


def answer(hub, request):
    """The callback of the host that keeps archives."""
    if "Authorization" in request.headers:
        return 400, {}, "<Error><Code>InvalidAuthenticationInfo</Code></Error>"
    number = int(request.url.removeprefix(f"{KEPT_AT}/").partition("?")[0])
    found = next(each.artifacts[number] for each in hub.repositories.values() if number in each.artifacts)
    return (404, {}, "") if found.gone else (200, {"Content-Type": "application/zip"}, found.content)
