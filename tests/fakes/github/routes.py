"""What each path does to the state."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fakes.github import issue_events
from fakes.github.shapes import iso
from fakes.github.state import Issue, Milestone, Refused

PACIFIC = ZoneInfo("America/Los_Angeles")
LONGEST_BODY = 65_536
ROUTES = []


def route(method, pattern):
    """Register a handler for a path below the repository; groups are its arguments."""

    def register(handler):
        ROUTES.append((method, re.compile(pattern), handler))
        return handler

    return register


def find_route(method, tail):
    """The handler and its arguments, None where GitHub has no such path."""
    for candidate, pattern, handler in ROUTES:
        if candidate == method and (match := pattern.fullmatch(tail)):
            return handler, [unquote(text) for text in match.groups()]
    return None


def invalid(resource, field, code="invalid", **more):
    return Refused(
        422, "Validation Failed", errors=[{"resource": resource, "field": field, "code": code, **more}]
    )


@route("GET", "")
def get_repository(hub, repository, asked):
    return 200, hub.shapes.repository(repository)


@route("POST", "/issues")
def create_issue(hub, repository, asked):
    issue = Issue(
        id=hub.new_id(),
        number=max(repository.issues, default=0) + 1,
        title="",
        body=None,
        author=asked.actor,
        created_at=hub.now,
        updated_at=hub.now,
    )
    wanted = asked.json if repository.push else {key: asked.json.get(key) for key in ("title", "body")}
    if "title" not in asked.json:
        raise invalid("Issue", "title", "missing_field")
    watched = issue_events.open_(hub, repository, issue, asked.actor)
    change(hub, repository, issue, wanted)
    issue_events.tell(watched)
    repository.issues[issue.number] = issue
    return 201, hub.shapes.issue(repository, issue)


@route("GET", "/issues")
def list_issues(hub, repository, asked):
    labels = [name.casefold() for name in asked.query.get("labels", "").split(",") if name]
    states = {"all": ("open", "closed")}.get(
        asked.query.get("state", "open"), (asked.query.get("state", "open"),)
    )
    since, milestone = asked.query.get("since", ""), asked.query.get("milestone", "")
    if milestone not in {"", "none"} and int(milestone) not in repository.milestones:
        raise Refused(422, "Validation Failed")
    found = [
        issue
        for issue in repository.issues.values()
        if not issue.gone
        and issue.state in states
        and iso(issue.updated_at) >= since
        and {name.casefold() for name in issue.labels} >= set(labels)
        and milestone in {"", "none" if issue.milestone is None else str(issue.milestone)}
    ]
    newest_first = asked.query.get("direction", "desc") == "desc"
    found.sort(key=lambda issue: (issue.created_at, issue.number), reverse=newest_first)
    return 200, [hub.shapes.issue(repository, issue) for issue in found]


@route("GET", r"/issues/(\d+)")
def get_issue(hub, repository, asked, number):
    return 200, hub.shapes.issue(repository, find_issue(repository, number))


@route("PATCH", r"/issues/(\d+)")
def update_issue(hub, repository, asked, number):
    issue = find_issue(repository, number)
    if not repository.push and issue.author.login != asked.actor.login:
        raise Refused(403, "Must have admin rights to Repository.")
    change(hub, repository, issue, asked.json)
    issue.updated_at = hub.now
    return 200, hub.shapes.issue(repository, issue)


@route("POST", r"/issues/(\d+)/labels")
def add_labels(hub, repository, asked, number):
    issue = find_issue(repository, number)
    need_push(repository)
    set_labels(hub, repository, issue, [*issue.labels, *asked.json["labels"]])
    return 200, [hub.shapes.label(repository, name) for name in issue.labels]


@route("DELETE", r"/issues/(\d+)/labels/([^/]+)")
def remove_label(hub, repository, asked, number, name):
    issue = find_issue(repository, number)
    need_push(repository)
    kept = [label for label in issue.labels if label.casefold() != name.casefold()]
    if kept == issue.labels:
        raise Refused(404, "Label does not exist")
    set_labels(hub, repository, issue, kept)
    return 200, [hub.shapes.label(repository, label) for label in issue.labels]


@route("GET", "/milestones")
def list_milestones(hub, repository, asked):
    state = asked.query.get("state", "open")
    found = [each for each in repository.milestones.values() if state in {"all", each.state}]
    return 200, [hub.shapes.milestone(repository, milestone) for milestone in found]


@route("POST", "/milestones")
def create_milestone(hub, repository, asked):
    need_push(repository)
    number = max(repository.milestones, default=0) + 1
    milestone = Milestone(hub.new_id(), number, "", asked.actor, hub.now, hub.now)
    change_milestone(repository, milestone, asked.json)
    repository.milestones[number] = milestone
    return 201, hub.shapes.milestone(repository, milestone)


@route("GET", r"/milestones/(\d+)")
def get_milestone(hub, repository, asked, number):
    return 200, hub.shapes.milestone(repository, find_milestone(repository, number))


@route("PATCH", r"/milestones/(\d+)")
def update_milestone(hub, repository, asked, number):
    milestone = find_milestone(repository, number)
    need_push(repository)
    change_milestone(repository, milestone, asked.json)
    milestone.updated_at = hub.now
    return 200, hub.shapes.milestone(repository, milestone)


@route("GET", r"/issues/(\d+)/parent")
def get_parent(hub, repository, asked, number):
    parent = find_issue(repository, number).parent
    if parent is None:
        raise Refused(404, "Not Found")
    return 200, hub.shapes.issue(repository, repository.issues[parent])


@route("POST", r"/issues/(\d+)/sub_issues")
def add_sub_issue(hub, repository, asked, number):
    parent = find_issue(repository, number)
    need_push(repository)
    child = next((each for each in repository.issues.values() if each.id == asked.json["sub_issue_id"]), None)
    if child is None:
        raise Refused(404, "The provided sub-issue does not exist")
    if child.parent is not None and not asked.json.get("replace_parent"):
        reason = "Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
        raise Refused(422, f"An error occurred while adding the sub-issue to the parent issue. {reason}")
    child.parent = parent.number
    return 201, hub.shapes.issue(repository, parent)


def need_push(repository):
    if not repository.push:
        permissions = {"X-Accepted-GitHub-Permissions": "issues=write"}
        raise Refused(403, "Resource not accessible by personal access token", headers=permissions)


def find_issue(repository, number):
    issue = repository.issues.get(int(number))
    if not repository.has_issues and not (issue and issue.is_pull):
        raise Refused(410, "Issues are disabled for this repo")
    if issue is None:
        raise Refused(404, "Not Found")
    if issue.gone == "deleted":
        raise Refused(410, "This issue was deleted")
    if issue.gone:
        raise Refused(301, "Moved Permanently", headers={"Location": issue.gone})
    return issue


def find_comment(repository, number):
    for issue in repository.issues.values():
        for comment in issue.comments:
            if comment.id == int(number):
                return issue, comment
    raise Refused(404, "Not Found")


def find_milestone(repository, number):
    if int(number) not in repository.milestones:
        raise Refused(404, "Not Found")
    return repository.milestones[int(number)]


def check_body(resource, body):
    if len(body) > LONGEST_BODY:
        limit = f"body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid(resource, "body", "custom", message=limit)


def change(hub, repository, issue, wanted):
    """Set the fields of an issue that `wanted` names."""
    if not 1 <= len(wanted.get("title", "same").strip()) <= 256:
        raise invalid("Issue", "title")
    check_body("Issue", wanted.get("body") or "")
    if wanted.get("milestone") is not None and wanted["milestone"] not in repository.milestones:
        raise invalid("Issue", "milestone", value=wanted["milestone"])
    if strangers := set(wanted.get("assignees") or ()) - set(repository.assignable):
        raise invalid("Issue", "assignees", value=min(strangers))
    if wanted.get("type") not in {None, *repository.types}:
        raise invalid("Issue", "type")
    for name in {"title", "body", "milestone", "assignees", "type"} & wanted.keys():
        setattr(issue, name, wanted[name])
    if "labels" in wanted:
        set_labels(hub, repository, issue, wanted["labels"])
    if wanted.get("state", issue.state) != issue.state:
        issue.state = wanted["state"]
        issue.closed_at = hub.now if issue.state == "closed" else None
        issue.reason = "completed" if issue.state == "closed" else "reopened"
    if wanted.get("state_reason"):
        issue.reason = wanted["state_reason"]


def set_labels(hub, repository, issue, names):
    """The first spelling of a label stays; unknown ones are made."""
    if any(len(name) > 50 for name in names):
        raise invalid("Label", "name", "custom", message="name is too long (maximum is 50 characters)")
    for name in names:
        hub.add_label(repository, name)
    issue.labels = list(dict.fromkeys(repository.labels[name.casefold()].name for name in names))
    issue.updated_at = hub.now


def change_milestone(repository, milestone, wanted):
    """GitHub keeps of a due date its day in Pacific time, as that day's midnight."""
    taken = [each.title for each in repository.milestones.values() if each is not milestone]
    if wanted.get("title") in taken:
        raise invalid("Milestone", "title", "already_exists")
    for name in {"title", "description", "state"} & wanted.keys():
        setattr(milestone, name, wanted[name])
    if due := wanted.get("due_on"):
        local = datetime.fromisoformat(due).astimezone(PACIFIC)
        milestone.due_on = local.replace(hour=0, minute=0, second=0).astimezone(UTC)
