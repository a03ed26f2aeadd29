"""Repositories and what stands on their commits."""

from dataclasses import dataclass, field
from datetime import datetime

from fakes.azure_devops.refusals import bad_argument, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links, page_url, project_ref
from fakes.azure_devops.state import Project, make_id

STATES = ("notSet", "pending", "succeeded", "failed", "error", "notApplicable", "partiallySucceeded")


@dataclass(eq=False)
class Repository:
    """A repository; `refs` maps a branch (`refs/heads/main`) to its commit, `pushes` are as they are told.

    `parents` maps commits to the ones before them, as far as somebody asks for that.
    `trees` are the texts of files by path for each commit.
    """

    name: str
    project: Project
    refs: dict[str, str] = field(default_factory=dict)
    pulls: dict[int, object] = field(default_factory=dict)
    statuses: dict[str, list[dict]] = field(default_factory=dict)
    pushes: list[dict] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    tag_objects: dict[str, str] = field(default_factory=dict)
    trees: dict[str, dict[str, str]] = field(default_factory=dict)
    is_disabled: bool = False

    @property
    def id(self):
        return make_id(self.project.id, "repository", self.name)


def find(org, asked):
    """The repository that a path names by its id, or by its name within a project."""
    wanted = asked.values.get("repositoryId") or asked.values["repositoryNameOrId"]
    projects = [org.project_of(asked)] if "project" in asked.values else org.projects.values()
    for project in projects:
        for repository in project.repositories.values():
            by_name = "project" in asked.values and repository.name.casefold() == wanted.casefold()
            if by_name or repository.id == wanted.lower():
                return repository
    text = (
        f"TF401019: The Git repository with name or identifier {wanted} does not exist or you do not have "
        "permissions for the operation you are attempting."
    )
    raise not_found("GitRepositoryNotFoundException", text)


@route("GET", "git.repositories")
def get(org, asked):
    if "repositoryId" in asked.values:
        return render(org, find(org, asked))
    projects = [org.project_of(asked)] if "project" in asked.values else org.projects.values()
    return [render(org, each) for project in projects for each in project.repositories.values()]


@route("GET", "git.pushes")
def get_pushes(org, asked):
    """Pushes since a moment, the latest first, without their commits."""
    since = asked.query.get("searchcriteria.fromdate")
    found = [
        {key: value for key, value in push.items() if key != "commits"}
        for push in reversed(find(org, asked).pushes)
        if not since or datetime.fromisoformat(push["date"]) >= datetime.fromisoformat(since)
    ]
    skip = asked.number("$skip", 0)
    return found[skip : skip + asked.number("$top", 100)]


def render(org, repository):
    page = page_url(org, repository.project, "_git", repository.name)
    return {
        "id": repository.id,
        "name": repository.name,
        "url": f"{org.url}/{repository.project.id}/_apis/git/repositories/{repository.id}",
        "project": project_ref(org, repository.project),
        "defaultBranch": "refs/heads/main",
        "size": 4096,
        "remoteUrl": page,
        "sshUrl": f"git@ssh.dev.azure.com:v3/{org.edition.path}/{repository.project.name}/{repository.name}",
        "webUrl": page,
        "isDisabled": repository.is_disabled,
        "isInMaintenance": False,
    }


def _peel(repository, commit, asked):
    """The commit behind the object of an annotated tag, for who asks."""
    peeled = repository.tag_objects.get(commit)
    return {"peeledObjectId": peeled} if peeled and asked.query.get("peeltags", "").lower() == "true" else {}


@route("GET", "git.refs")
def get_refs(org, asked):
    repository = find(org, asked)
    prefix = f"refs/{asked.query.get('filter', '')}"
    return [
        {
            "name": name,
            "objectId": commit,
            "creator": identity_ref(org, org.ana),
            "url": f"{render(org, repository)['url']}/refs?filter={name.removeprefix('refs/')}",
            **_peel(repository, commit, asked),
        }
        for name, commit in sorted(repository.refs.items())
        if name.startswith(prefix)
    ]


@route("GET", "git.mergeBases")
def get_merge_bases(org, asked):
    """The closest commit that is in the history of both."""
    repository = find(org, asked)
    one, other = (
        list(list_history(repository, commit))
        for commit in (asked.values["commitId"], asked.query["othercommitid"])
    )
    base = next((commit for commit in one if commit in other), None)
    return (
        []
        if base is None
        else [{"commitId": base, "url": f"{render(org, repository)['url']}/commits/{base}"}]
    )


def list_history(repository, commit):
    """The commit and those before it, the latest first."""
    known = {*repository.refs.values(), *repository.parents, *repository.parents.values()}
    known |= {pull.merged_as for pull in repository.pulls.values() if pull.status == "completed"}
    known |= {pushed for pull in repository.pulls.values() for pushed, _ in pull.iterations}
    if commit not in known:
        text = f"TF401175: The version descriptor <Commit: {commit} > could not be resolved to a version."
        raise not_found("GitUnresolvableToCommitException", text)
    while commit is not None:
        yield commit
        commit = repository.parents.get(commit)


def make_status(org, asked, url, number):
    """A status from a request's body, for a commit or a pull request."""
    wanted = asked.json or {}
    context = wanted.get("context") or {}
    state = wanted.get("state")
    if not context.get("name"):
        raise bad_argument("The status needs a context with a name.", "GitStatusInvalidException")
    if state not in STATES:
        raise bad_argument(f"The state '{state}' is not valid.", "GitStatusInvalidException")
    return {
        "id": number,
        "state": state,
        "description": wanted.get("description"),
        "context": {"name": context["name"], "genre": context.get("genre")},
        "creationDate": iso(org.now),
        "updatedDate": iso(org.now),
        "createdBy": identity_ref(org, asked.who),
        "targetUrl": wanted.get("targetUrl"),
        "_links": links(self=f"{url}/statuses/{number}"),
    }


@route("POST", "git.commitStatuses")
def create_commit_status(org, asked):
    repository, commit = find(org, asked), asked.values["commitId"]
    held = repository.statuses.setdefault(commit, [])
    url = f"{render(org, repository)['url']}/commits/{commit}"
    held.append(make_status(org, asked, url, len(held) + 1))
    return Answer(held[-1], 201)


@route("GET", "git.commitStatuses")
def get_commit_statuses(org, asked):
    """All posts, the newest first; with `latestOnly` one for each context."""
    held = list(reversed(find(org, asked).statuses.get(asked.values["commitId"], [])))
    if not asked.flag("latestOnly"):
        return held
    latest = {}
    for status in held:
        latest.setdefault((status["context"]["genre"], status["context"]["name"]), status)
    return list(latest.values())
