"""Pull requests, and what is said of commits: check runs and statuses."""

from fakes.github.routes import change, find_issue, invalid, route
from fakes.github.state import CheckRun, Refused, Status

CONCLUSIONS = {"success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"}
STATES = {"error", "failure", "pending", "success"}
LONGEST_OUTPUT = 65_535
LONGEST_DESCRIPTION = 140


def find_pull(repository, number):
    issue = find_issue(repository, number)
    if not issue.is_pull:
        raise Refused(404, "Not Found")
    return issue


@route("GET", r"/pulls/(\d+)")
def get_pull(hub, repository, asked, number):
    return 200, hub.shapes.pull(repository, find_pull(repository, number))


@route("PATCH", r"/pulls/(\d+)")
def update_pull(hub, repository, asked, number):
    pull = find_pull(repository, number)
    change(hub, repository, pull, asked.json)
    pull.updated_at = hub.now
    return 200, hub.shapes.pull(repository, pull)


@route("GET", r"/pulls/(\d+)/files")
def list_files(hub, repository, asked, number):
    pull = find_pull(repository, number)
    return 200, [hub.shapes.file(repository, pull, path) for path in pull.paths]


@route("GET", r"/tags")
def list_tags(hub, repository, asked):
    return 200, [hub.shapes.tag(repository, name, commit) for name, commit in repository.tags.items()]


@route("GET", r"/compare/(\w+)\.\.\.(\w+)")
def compare(hub, repository, asked, base, head):
    """Without commits and files, as if they were on an earlier page."""
    one, other = (list(list_history(repository, commit)) for commit in (base, head))
    status = (
        "identical" if one == other else "ahead" if base in other else "behind" if head in one else "diverged"
    )
    return 200, hub.shapes.comparison(repository, base, head, status)


def list_history(repository, commit):
    """The commit and those before it, the latest first."""
    known = {*repository.parents, *repository.parents.values()}
    known |= {made for pull in repository.issues.values() for made in pull.commits}
    if commit not in known:
        raise Refused(404, "Not Found")
    while commit is not None:
        yield commit
        commit = repository.parents.get(commit)


def check_commit(repository, commit):
    if not any(commit in pull.commits for pull in repository.issues.values()):
        raise Refused(422, f"No commit found for SHA: {commit}")


def need_app(asked):
    if asked.actor.app is None:
        raise Refused(403, "You must authenticate via a GitHub App.")


@route("GET", r"/commits/([0-9a-f]+)/check-runs")
def list_check_runs(hub, repository, asked, commit):
    """The latest of each App, unless all are asked for."""
    check_commit(repository, commit)
    name = asked.query.get("check_name")
    found = [run for run in repository.check_runs if run.commit == commit and name in {None, run.name}]
    if asked.query.get("filter", "latest") == "latest":
        found = list({(run.app.id, run.name): run for run in found}.values())
    return 200, {
        "total_count": len(found),
        "check_runs": [hub.shapes.check_run(repository, run) for run in found],
    }


@route("POST", "/check-runs")
def create_check_run(hub, repository, asked):
    need_app(asked)
    check_commit(repository, asked.json["head_sha"])
    run = CheckRun(hub.new_id(), asked.json["name"], asked.json["head_sha"], asked.actor.app, hub.now)
    set_check_run(hub, run, asked.json)
    repository.check_runs.append(run)
    return 201, hub.shapes.check_run(repository, run)


@route("PATCH", r"/check-runs/(\d+)")
def update_check_run(hub, repository, asked, number):
    """One that is completed stays so, with its conclusion."""
    need_app(asked)
    run = next((each for each in repository.check_runs if each.id == int(number)), None)
    if run is None:
        raise Refused(404, "Not Found")
    if run.app != asked.actor.app:
        raise Refused(403, f"Invalid app_id `{asked.actor.app.id}`")
    wanted = asked.json
    if run.conclusion:
        wanted = {key: value for key, value in wanted.items() if key not in {"status", "conclusion"}}
    set_check_run(hub, run, wanted)
    return 200, hub.shapes.check_run(repository, run)


def set_check_run(hub, run, wanted):
    output = wanted.get("output") or {}
    if len(output.get("summary", "")) > LONGEST_OUTPUT:
        raise invalid("CheckRun", "summary", "custom", message="summary exceeds a maximum of 65535")
    if wanted.get("conclusion") not in {None, *CONCLUSIONS}:
        raise invalid("CheckRun", "conclusion")
    if wanted.get("status") == "completed" and not wanted.get("conclusion"):
        raise invalid("CheckRun", "conclusion", "missing_field")
    run.status = "completed" if wanted.get("conclusion") else wanted.get("status", run.status)
    run.conclusion = wanted.get("conclusion", run.conclusion)
    run.completed_at = hub.now if run.conclusion else None
    run.output |= output
    run.details_url = wanted.get("details_url", run.details_url)


@route("GET", r"/commits/([0-9a-f]+)/statuses")
def list_statuses(hub, repository, asked, commit):
    """All of them, the latest first."""
    check_commit(repository, commit)
    found = [each for each in repository.statuses if each.commit == commit]
    return 200, [hub.shapes.status(repository, each) for each in reversed(found)]


@route("POST", r"/statuses/([0-9a-f]+)")
def create_status(hub, repository, asked, commit):
    if not repository.push:
        permissions = {"X-Accepted-GitHub-Permissions": "statuses=write"}
        raise Refused(403, "Resource not accessible by personal access token", headers=permissions)
    check_commit(repository, commit)
    wanted = asked.json
    if wanted["state"] not in STATES:
        raise invalid("Status", "state")
    if len(wanted.get("description") or "") > LONGEST_DESCRIPTION:
        message = f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)"
        raise invalid("Status", "description", "custom", message=message)
    made = Status(
        id=hub.new_id(),
        commit=commit,
        context=wanted.get("context", "default"),
        state=wanted["state"],
        description=wanted.get("description"),
        target_url=wanted.get("target_url"),
        author=asked.actor,
        at=hub.now,
    )
    repository.statuses.append(made)
    return 201, hub.shapes.status(repository, made)
