"""A GitHub in memory, answering over `responses`.

It keeps state, counts requests, and can be told to fail: `next_fault(502, after_commit=True)` does the
work and then answers as if it had not; `find_fault` is asked for the fault of every request.
"""

import hashlib
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
import responses

from fakes.github import (  # noqa: F401  they register their routes
    actions,
    approvals,
    apps,
    artifacts,
    comments,
    contents,
    event_routes,
    hook,
    issue_events,
    projects,
    pulls,
    teams,
)
from fakes.github.apps import Registry
from fakes.github.hook import AppHook
from fakes.github.routes import change, find_route
from fakes.github.shapes import Shapes, iso
from fakes.github.state import Actor, App, Comment, Issue, Label, Refused, Repository

PERSON, OTHER = Actor("ana", 2), Actor("ben", 4)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    json: dict | None
    actor: Actor | None
    headers: dict[str, str] = field(repr=False)
    at: datetime | None = None

    def __str__(self):
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Fault:
    """What comes back instead: an answer, or an exception of `requests`."""

    status: int = 502
    headers: dict[str, str] = field(default_factory=dict)
    body: str | dict = ""
    error: Exception | None = None
    after_commit: bool = False
    method: str | None = None
    path: str = ""
    skip: int = 0


class FakeGitHub:
    """A GitHub with the repository `acme/churn`, the bot account `churn-bot` and the App `trainboard`.

    Args:
        api_url: the API's root that it answers at.
        clock: the time there; without it each request takes one second, from 2026-01-05 09:00 UTC.
    """

    token = "ghp_bot"
    bot = Actor("churn-bot", 3)
    app = App(4711, "trainboard")

    def __init__(self, api_url="https://api.github.com", *, clock=None):
        self.api_url = api_url
        self.shapes = Shapes(api_url)
        self.requests: list[Asked] = []
        self.repositories: dict[str, Repository] = {}
        self.tokens = {self.token: self.bot}
        self.may_ask_user = True
        self.granted = {
            "actions": "read",
            "checks": "write",
            "contents": "read",
            "issues": "write",
            "metadata": "read",
            "organization_projects": "write",
            "pull_requests": "write",
        }
        self.permissions: dict[str, dict[str, str]] = {}
        self.people = [PERSON, OTHER]
        self.teams: dict[str, dict[str, str]] = {}
        self.parents_of_teams: dict[str, str] = {}
        self.projects: dict[tuple[str, int], projects.Project] = {}
        self.users: set[str] = set()
        self.project_scopes = {"read", "write"}
        self.graphql_remaining = 5000
        self.is_down = False
        self.find_fault: Callable[[Asked], Fault | None] = lambda _: None
        self.knows_run_details = True
        self.hook = AppHook(self)
        self.registry = Registry(self)
        self.remaining = 5000
        self._clock = clock
        self._now = datetime(2026, 1, 5, 9, tzinfo=UTC)
        self._faults: deque[Fault] = deque()
        self._last_id = 1000
        self._lock = threading.RLock()
        self.churn = self.add_repository("acme/churn")

    @contextmanager
    def running(self):
        """Answer all that `requests` sends to the API, inside the `with`; nothing else is answered."""
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            self.join(mock)
            yield self

    def join(self, mock):
        """Answer at a mock that others share."""
        url = urlsplit(self.api_url)
        port = f"(:{url.port})?" if url.port else r"(:\d+)?"
        pattern = re.compile(rf"{url.scheme}://{re.escape(url.hostname)}{port}{re.escape(url.path)}(/.*)?")
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            mock.add_callback(method, pattern, callback=self.answer)
        kept = re.compile(re.escape(artifacts.KEPT_AT))
        mock.add_callback("GET", kept, callback=lambda request: artifacts.answer(self, request))

    def next_fault(self, status=502, *, headers=None, body="", **fields):
        """Let the next request come to grief; several wait in line. `fields` are those of a `Fault`.

        `method`, and `path` that is a part of its address, say which it must be, `skip` how many before it.
        """
        self._faults.append(Fault(status, headers or {}, body, **fields))

    def calls(self, method=None):
        """The requests so far as `METHOD path`."""
        return [str(asked) for asked in self.requests if method in {None, asked.method}]

    @property
    def now(self):
        """The time there, aware."""
        return self._clock() if self._clock else self._now

    def new_id(self):
        """An id that nothing else has."""
        self._last_id += 1
        return self._last_id

    def tick(self):
        """Let a second pass, if the time there is its own. Returns the time."""
        self._now += timedelta(seconds=1)
        return self.now

    def add_label(self, repository, name):
        """Make a label, unless there is one."""
        repository.labels.setdefault(name.casefold(), Label(self.new_id(), name))

    def add_repository(self, name):
        """Make another repository."""
        self.repositories[name] = Repository(id=self.new_id(), name=name)
        return self.repositories[name]

    def rename(self, name, new_name):
        """Rename a repository; the old name redirects."""
        repository = self.repositories[new_name] = self.repositories[name]
        self.repositories[name] = Repository(id=repository.id, name=name, renamed_to=new_name)
        repository.name = new_name

    def add_workflow(self, repository, file, **fields):
        """Make a workflow; `fields` are those of a `Workflow`."""
        repository.workflows[file] = actions.Workflow(self.new_id(), file, **fields)
        return repository.workflows[file]

    def hold(self, repository, environment, *, commit="c" * 40, actor=PERSON):
        """A run wants to deploy there, and our App's rule holds it back."""
        workflow = repository.workflows.get("release.yml") or self.add_workflow(repository, "release.yml")
        run = actions.start(self, repository, workflow, "push", {})
        run.commit, run.actor, run.status = commit, actor, "waiting"
        held = approvals.Held(run, repository.environments[environment], self.new_id())
        repository.held.append(held)
        return held

    def person_opens(self, repository, title, *, body="", labels=(), is_pull=False):
        """Somebody opens an issue, or a pull request of one commit."""
        asked = Asked("POST", "", {}, {"title": title, "body": body, "labels": list(labels)}, PERSON, {})
        handler, _ = find_route("POST", "/issues")
        self.tick()
        _, made = handler(self, repository, asked)
        issue: Issue = repository.issues[made["number"]]
        issue.is_pull = is_pull
        if is_pull:
            self.person_pushes(issue)
        return issue

    def person_pushes(self, pull, *paths, files=None):
        """Somebody pushes a commit to a pull request, which changes `paths` too. Returns the commit.

        `files` are texts by path, None for what is removed.
        """
        pull.files |= files or {}
        paths = (*paths, *(files or {}))
        commit = hashlib.sha1(str(self.new_id()).encode()).hexdigest()
        pull.commits.append(commit)
        pull.trees[commit] = dict(pull.files)
        pull.paths.extend(path for path in paths if path not in pull.paths)
        pull.updated_at = self.tick()
        return commit

    def person_comments(self, issue, body, *, who=PERSON):
        """Somebody writes a comment. Returns it."""
        comment = Comment(self.new_id(), who, body, self.now, self.now)
        issue.comments.append(comment)
        issue.updated_at = self.now
        return comment

    def person_builds_on(self, repository, commit):
        """Somebody's commit has that one before it, on whatever branch. Returns the new one."""
        made = hashlib.sha1(str(self.new_id()).encode()).hexdigest()
        repository.parents[made] = commit
        return made

    def person_ends(self, pull, *, merged):
        """Somebody merges a pull request, or closes it."""
        pull.state, pull.closed_at = "closed", self.tick()
        pull.merged_at = pull.closed_at if merged else None
        pull.updated_at = pull.closed_at

    def answer(self, request):
        """The callback of `responses`: status, headers and body, or the exception to raise."""
        with self._lock:
            return self._answer_one(request)

    def _answer_one(self, request):
        self.tick()
        if urlsplit(request.url).path.endswith(apps.FORM):
            return self.registry.answer_form(request)
        asked = self._read(request)
        self.requests.append(asked)
        if self.is_down:
            return requests.ConnectionError("nobody is there")
        fault = self._take_fault(asked)
        if fault and not fault.after_commit:
            return self._fail(fault)
        answer = self._do(asked)
        return self._fail(fault) if fault else answer

    def _read(self, request):
        url = urlsplit(request.url)
        path = url.path.removeprefix(urlsplit(self.api_url).path)
        body = json.loads(request.body) if request.body else None
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        actor = self.tokens.get(token) or (Actor(self.app.slug, 4, self.app) if kind == "Bearer" else None)
        headers = dict(request.headers)
        return Asked(request.method, path, dict(parse_qsl(url.query)), body, actor, headers, self.now)

    def _take_fault(self, asked):
        if found := self.find_fault(asked):
            return found
        fault = self._faults[0] if self._faults else None
        if fault is None or fault.method not in {None, asked.method} or fault.path not in asked.path:
            return None
        if fault.skip:
            self._faults[0] = replace(fault, skip=fault.skip - 1)
            return None
        return self._faults.popleft()

    def _fail(self, fault):
        if fault.error is not None:
            return fault.error
        body = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
        kind = {
            "Content-Type": "text/html" if isinstance(fault.body, str) else "application/json; charset=utf-8"
        }
        return fault.status, kind | fault.headers, body

    def _do(self, asked):
        headers = self._headers(asked)
        try:
            status, value = self._dispatch(asked)
        except Refused as refused:
            return refused.status, headers | refused.headers, json.dumps(refused.body)
        if isinstance(value, list) and asked.method == "GET":
            paginate = self.hook.paginate if asked.path == hook.PATH else self._paginate
            value = paginate(asked, value, headers)
        if isinstance(value, str):
            return status, headers | {"Content-Type": "application/vnd.github.raw+json; charset=utf-8"}, value
        return status, headers, "" if status == 204 else json.dumps(value)

    def _dispatch(self, asked):
        answer = self.registry.answer(asked)
        if answer is not None:
            return answer
        if asked.actor is None:
            raise Refused(401, "Bad credentials")
        if asked.path == projects.PATH:
            return projects.answer(self, asked)
        answer = self._answer_beside_repositories(asked)
        if answer is not None:
            return answer
        repository, tail = self._find_repository(asked)
        if tail == "/installation":
            return 200, self.shapes.installation(self.app, repository, self.granted)
        found = find_route(asked.method, tail)
        if found is None or not repository.visible:
            raise Refused(404, "Not Found")
        if repository.archived and asked.method != "GET":
            raise Refused(403, "Repository was archived so is read-only.")
        handler, arguments = found
        watched = [
            issue_events.watch(self, repository, *each) for each in self._list_touched(repository, asked)
        ]
        answer = handler(self, repository, asked, *arguments)
        for each in watched:
            issue_events.tell(each)
        return answer

    def _list_touched(self, repository, asked):
        """The issues that a request may change."""
        number = re.match(r".*/issues/(\d+)", asked.path)
        issue = repository.issues.get(int(number[1])) if number and asked.method != "GET" else None
        return [(issue, asked.actor)] if issue else []

    def person_changes(self, issue, *, who=PERSON, **fields):
        """Somebody changes an issue, as the API names its fields. Returns the events that tell of it."""
        repository = next(each for each in self.repositories.values() if issue in each.issues.values())
        before, watched = len(repository.events), issue_events.watch(self, repository, issue, who)
        issue.updated_at = self.tick()
        change(self, repository, issue, fields)
        issue_events.tell(watched)
        return repository.events[before:]

    def _answer_beside_repositories(self, asked):
        if asked.path == "/rate_limit":
            return 200, self._get_rate_limit()
        if asked.path == "/user":
            return self._get_user(asked)
        if asked.path == "/app/installations/100/access_tokens":
            return self._issue_token(asked)
        if teams.PATH.fullmatch(asked.path):
            return teams.answer(self, asked)
        if asked.path.startswith(hook.PATH):
            return self.hook.answer(asked)
        return None

    def permissions_of(self, asked):
        """What the App's token may do."""
        return self.permissions[asked.headers["Authorization"].partition(" ")[2]]

    def _get_user(self, asked):
        if not self.may_ask_user:
            raise Refused(403, "Resource not accessible by integration")
        return 200, self.shapes.profile(asked.actor.login, asked.actor.id)

    def _get_rate_limit(self):
        self.remaining += 1  # the question is free
        rate = {"limit": 5000, "remaining": self.remaining, "used": 5000 - self.remaining}
        rate["reset"] = int(self.now.timestamp()) + 3600
        return {"resources": {"core": rate, "search": rate}, "rate": rate}

    def _issue_token(self, asked):
        levels = ("", "read", "write", "admin")
        asked_for = asked.json["permissions"].items()
        if any(levels.index(level) > levels.index(self.granted.get(name, "")) for name, level in asked_for):
            raise Refused(422, "The permissions requested are not granted to this installation.")
        token = f"ghs_{self.new_id()}"
        self.tokens[token] = Actor(f"{self.app.slug}[bot]", 5, self.app)
        self.permissions[token] = asked.json["permissions"]
        expires_at = iso(self.now + timedelta(hours=1))
        return 201, {"token": token, "expires_at": expires_at, "permissions": asked.json["permissions"]}

    def _find_repository(self, asked):
        if match := re.fullmatch(r"/repositories/(\d+)(.*)", asked.path):
            held = [each for each in self.repositories.values() if not each.renamed_to]
            return next(each for each in held if each.id == int(match[1])), match[2]
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)(.*)", asked.path)
        if match is None or match[1] not in self.repositories:
            raise Refused(404, "Not Found")
        repository = self.repositories[match[1]]
        if repository.renamed_to:
            location = f"{self.api_url}/repositories/{repository.id}{match[2]}"
            raise Refused(301, "Moved Permanently", headers={"Location": location})
        return repository, match[2]

    def _headers(self, asked):
        of_graphql = asked.path == projects.PATH
        if of_graphql:
            self.graphql_remaining -= 1
        else:
            self.remaining -= 1
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Date": format_datetime(self.now, usegmt=True),
            "X-GitHub-Request-Id": f"FAKE:{len(self.requests)}",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(self.graphql_remaining if of_graphql else self.remaining),
            "X-RateLimit-Reset": str(int(self.now.timestamp()) + 3600),
            "X-RateLimit-Resource": "graphql" if of_graphql else "core",
        }

    def _paginate(self, asked, found, headers):
        size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
        if page * size < len(found):
            query = urlencode(asked.query | {"page": page + 1})
            headers["Link"] = f'<{self.api_url}{asked.path}?{query}>; rel="next"'
        return found[(page - 1) * size : page * size]


def read_timeout():
    """What `requests` raises if an answer does not come in time."""
    return requests.ReadTimeout("read timed out")
