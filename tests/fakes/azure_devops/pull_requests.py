"""Pull requests: made, read, changed, with their iterations, statuses, labels and work items."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from fakes.azure_devops import git
from fakes.azure_devops.git import Repository, make_status
from fakes.azure_devops.refusals import Refused, bad_argument, not_found
from fakes.azure_devops.relations import url_of as item_url
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links
from fakes.azure_devops.state import Identity, make_id
from fakes.blobs import name_blob

STATES = {"active", "abandoned", "completed"}
TEXT_LENGTH = 4000


@dataclass(eq=False)
class PullRequest:
    """A pull request that changes files at `paths`.

    `iterations` are the commits of its pushes with their times, oldest first.
    """

    id: int
    repository: Repository
    title: str
    by: Identity
    created_at: datetime
    source: str
    target: str = "refs/heads/main"
    description: str = ""
    status: str = "active"
    is_draft: bool = False
    closed_at: datetime | None = None
    iterations: list[tuple[str, datetime]] = field(default_factory=list)
    reviewers: list[dict] = field(default_factory=list)
    statuses: list[dict] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    threads: list[object] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    is_from_fork: bool = False

    @property
    def merged_as(self):
        """The merge of its newest commit; on no branch before it is completed, and another one then."""
        return hashlib.sha1(f"{self.status}{self.iterations[-1][0]}".encode()).hexdigest()

    @property
    def artifact(self):
        project = self.repository.project.id
        return f"vstfs:///Git/PullRequestId/{project}%2F{self.repository.id}%2F{self.id}"


def find(org, asked):
    """The pull request that a path names, within a repository if it names one."""
    number = asked.values["pullRequestId"]
    repositories = (
        [git.find(org, asked)]
        if "repositoryId" in asked.values
        else [each for project in org.projects.values() for each in project.repositories.values()]
    )
    for repository in repositories:
        if number.isdigit() and int(number) in repository.pulls:
            return repository.pulls[int(number)]
    text = (
        f"TF401180: The requested pull request was not found. The pull request {number} does not exist or "
        "you do not have permissions."
    )
    raise not_found("GitPullRequestNotFoundException", text)


@route("GET", "git.pullRequestById")
def get_by_id(org, asked):
    return render(org, find(org, asked))


@route("GET", "git.pullRequests")
def get(org, asked):
    """One pull request, or a repository's, the newest first; active ones unless the criteria say other."""
    if "pullRequestId" in asked.values:
        return render(org, find(org, asked))
    return _list(org, asked, git.find(org, asked).pulls.values())


@route("GET", "git.projectPullRequests")
def get_of_project(org, asked):
    """Those of all repositories of a project."""
    repositories = org.project_of(asked).repositories.values()
    return _list(org, asked, [pull for each in repositories for pull in each.pulls.values()])


def _list(org, asked, pulls):
    wanted = {
        name.removeprefix("searchcriteria."): value
        for name, value in asked.query.items()
        if name.startswith("searchcriteria.")
    }
    found = [
        pull
        for pull in sorted(pulls, key=lambda each: -each.id)
        if wanted.get("status", "active").lower() in {"all", pull.status}
        and wanted.get("sourcerefname", pull.source) == pull.source
        and wanted.get("targetrefname", pull.target) == pull.target
        and wanted.get("creatorid", pull.by.id) == pull.by.id
    ]
    skip = asked.number("$skip", 0)
    return [render(org, pull) for pull in found[skip : skip + asked.number("$top", 101)]]


@route("POST", "git.pullRequests")
def create(org, asked):
    repository, wanted = git.find(org, asked), asked.json or {}
    source, target = wanted.get("sourceRefName"), wanted.get("targetRefName")
    if not wanted.get("title") or not source or not target:
        raise bad_argument("A pull request needs a title, a source and a target.")
    if any(
        (pull.source, pull.target, pull.status) == (source, target, "active")
        for pull in repository.pulls.values()
    ):
        text = "TF401179: An active pull request for the source and target branch already exists."
        raise Refused(409, "GitPullRequestExistsException", text)
    pull = org.person_opens_pull(
        repository,
        wanted["title"],
        source=source,
        target=target,
        who=asked.who,
        description=wanted.get("description") or "",
        is_draft=bool(wanted.get("isDraft")),
    )
    return Answer(render(org, pull), 201)


@route("PATCH", "git.pullRequests")
def update(org, asked):
    """Title, description, draft, target, state."""
    pull, wanted = find(org, asked), asked.json or {}
    if len(wanted.get("description") or "") > TEXT_LENGTH:
        raise bad_argument(f"The description must not be longer than {TEXT_LENGTH} characters.")
    if wanted.get("status", "active") not in STATES:
        raise bad_argument(f"The status '{wanted['status']}' is not valid.")
    pull.title = wanted.get("title", pull.title)
    pull.description = wanted.get("description", pull.description)
    pull.is_draft = wanted.get("isDraft", pull.is_draft)
    pull.target = wanted.get("targetRefName", pull.target)
    if wanted.get("status", pull.status) != pull.status:
        org.person_ends_pull(pull, wanted["status"])
    return render(org, pull)


def url_of(org, pull):
    return f"{git.render(org, pull.repository)['url']}/pullRequests/{pull.id}"


def _commit(org, pull, commit):
    return {"commitId": commit, "url": f"{git.render(org, pull.repository)['url']}/commits/{commit}"}


def render(org, pull):
    target = pull.repository.refs.get(pull.target, "f" * 40)
    answer = {
        "repository": git.render(org, pull.repository),
        "pullRequestId": pull.id,
        "codeReviewId": pull.id,
        "status": pull.status,
        "createdBy": identity_ref(org, pull.by),
        "creationDate": iso(pull.created_at),
        "title": pull.title,
        "description": pull.description,
        "sourceRefName": pull.source,
        "targetRefName": pull.target,
        "mergeStatus": "succeeded",
        "isDraft": pull.is_draft,
        "mergeId": make_id("merge", pull.id, len(pull.iterations)),
        "lastMergeSourceCommit": _commit(org, pull, pull.iterations[-1][0]),
        "lastMergeTargetCommit": _commit(org, pull, target),
        "lastMergeCommit": _commit(org, pull, pull.merged_as),
        "reviewers": [dict(each) for each in pull.reviewers],
        "url": url_of(org, pull),
        "supportsIterations": True,
        "artifactId": pull.artifact,
    }
    if pull.labels:
        answer["labels"] = [render_label(org, pull, name) for name in pull.labels]
    if pull.is_from_fork:
        answer["forkSource"] = {"name": pull.source, "repository": git.render(org, pull.repository)}
    return answer | ({"closedDate": iso(pull.closed_at)} if pull.closed_at else {})


@route("GET", "git.iterations")
def get_iterations(org, asked):
    pull = find(org, asked)
    found = [_render_iteration(org, pull, number) for number in range(1, len(pull.iterations) + 1)]
    if "iterationId" not in asked.values:
        return found
    number = int(asked.values["iterationId"])
    if number > len(found):
        raise not_found("GitPullRequestIterationNotFoundException", f"Iteration {number} was not found.")
    return found[number - 1]


def _render_iteration(org, pull, number):
    commit, at = pull.iterations[number - 1]
    return {
        "id": number,
        "description": "",
        "author": identity_ref(org, pull.by),
        "createdDate": iso(at),
        "updatedDate": iso(at),
        "sourceRefCommit": {"commitId": commit},
        "targetRefCommit": {"commitId": pull.repository.refs.get(pull.target, "f" * 40)},
        "commonRefCommit": {"commitId": pull.repository.refs.get(pull.target, "f" * 40)},
        "hasMoreCommits": False,
        "reason": "create" if number == 1 else "push",
        "_links": links(self=f"{url_of(org, pull)}/iterations/{number}"),
    }


@route("GET", "git.changes")
def get_changes(org, asked):
    """A page of the files that differ from where the branch left; folders on the way are changes too."""
    pull = find(org, asked)
    folders = sorted({path.rpartition("/")[0] for path in pull.paths if "/" in path})
    changes = [("edit", {"path": f"/{each}", "isFolder": True}) for each in folders]
    changes += [_change(pull, each) for each in pull.paths]
    skip, top = asked.number("$skip", 0), min(asked.number("$top", 100), 2000)
    more = len(changes) > skip + top
    return {
        "changeEntries": [
            {"changeTrackingId": number, "changeId": number, "item": item, "changeType": done}
            for number, (done, item) in enumerate(changes[skip : skip + top], skip + 1)
        ],
        "nextSkip": skip + top if more else 0,
        "nextTop": top if more else 0,
    }


def _change(pull, path):
    trees, head = pull.repository.trees, pull.iterations[-1][0]
    before = trees.get(pull.repository.refs.get(pull.target), {}).get(path)
    after = trees.get(head, {}).get(path)
    if after is None and before is not None:
        return "delete", {"path": f"/{path}", "originalObjectId": name_blob(before)}
    item = {"path": f"/{path}", "objectId": name_blob(after or "")}
    return ("add" if before is None and after is not None else "edit"), item


@route("POST", "git.statuses")
def create_status(org, asked):
    """A status for the pull request, or for one of its iterations where the body has an `iterationId`."""
    pull, wanted = find(org, asked), asked.json or {}
    iteration = wanted.get("iterationId")
    if iteration is not None and not 1 <= iteration <= len(pull.iterations):
        raise not_found("GitPullRequestIterationNotFoundException", f"Iteration {iteration} was not found.")
    status = make_status(org, asked, url_of(org, pull), len(pull.statuses) + 1)
    pull.statuses.append(status | ({"iterationId": iteration} if iteration is not None else {}))
    org.announce_pull("updated", pull, notificationType="StatusUpdateNotification")
    return pull.statuses[-1]


@route("GET", "git.statuses")
def get_statuses(org, asked):
    """All posts, the oldest first; which counts is for the reader to find out."""
    return list(find(org, asked).statuses)


@route("PATCH", "git.statuses")
def remove_statuses(org, asked):
    """A patch that only removes: `[{"op": "remove", "path": "/1"}]`."""
    pull = find(org, asked)
    for operation in asked.json or ():
        match = re.fullmatch(r"/(\d+)", operation.get("path", ""))
        if operation.get("op") != "remove" or match is None:
            raise bad_argument("Only the operation 'remove' is supported.", "PatchOperationFailedException")
        pull.statuses = [each for each in pull.statuses if each["id"] != int(match[1])]
    return Answer(None, 200)


def render_label(org, pull, name):
    number = make_id("label", name)
    return {"id": number, "name": name, "active": True, "url": f"{url_of(org, pull)}/labels/{number}"}


@route("GET", "git.labels")
def get_labels(org, asked):
    pull = find(org, asked)
    return [render_label(org, pull, name) for name in pull.labels]


@route("POST", "git.labels")
def add_label(org, asked):
    pull, name = find(org, asked), (asked.json or {}).get("name", "").strip()
    if not name:
        raise bad_argument("The label needs a name.")
    if name.casefold() not in map(str.casefold, pull.labels):
        pull.labels.append(name)
    return render_label(org, pull, name)


@route("DELETE", "git.labels")
def remove_label(org, asked):
    pull, wanted = find(org, asked), asked.values["labelIdOrName"]
    pull.labels = [name for name in pull.labels if wanted not in {name, make_id("label", name)}]
    return Answer(None, 200)


@route("GET", "git.workItems")
def get_work_items(org, asked):
    """Work items whose link names the pull request."""
    pull = find(org, asked)
    return [
        {"id": str(item.id), "url": item_url(org, item)}
        for item in org.items.values()
        if any(each.url.casefold() == pull.artifact.casefold() for each in item.relations)
    ]
