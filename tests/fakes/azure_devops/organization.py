"""The organisation itself: its state, its accounts, and how a request finds its answer.

It keeps state, counts requests, comes to grief when told (`faults`), and answers either over `responses`
(`running`) or at a real port (`fakes.azure_devops.serving`).
"""

import base64
import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

import requests
import responses

from fakes.azure_devops import (  # noqa: F401  they register their routes
    approvals,
    artifacts,
    builds,
    comments,
    deliveries,
    faults,
    git,
    history,
    hooks,
    identities,
    items,
    iterations,
    nodes,
    pipelines,
    policies,
    projects,
    pull_requests,
    queries,
    runs,
    schema,
    security,
    templates,
    tests,
    threads,
    wikis,
    work_items,
)
from fakes.azure_devops.coders import Coders
from fakes.azure_devops.discovery import list_locations
from fakes.azure_devops.faults import JSON, Faults
from fakes.azure_devops.machines import Machines
from fakes.azure_devops.people import People
from fakes.azure_devops.processes import PROCESSES
from fakes.azure_devops.refusals import Refused, missing_project, missing_team, missing_work_item
from fakes.azure_devops.routing import Answer, Asked, check_version, find_route
from fakes.azure_devops.state import Identity, Node, Project, Team, WorkItem, make_id
from judges import azure_devops_shapes


@dataclass(frozen=True)
class Edition:
    """What a server can do: Azure DevOps Services, or an Azure DevOps Server of some year."""

    max_version: str
    knows_markdown: bool
    root: str
    path: str


HOSTED = Edition("7.2", knows_markdown=True, root="https://dev.azure.com", path="acme")
SERVER_2022 = Edition("7.0", knows_markdown=False, root="https://tfs.example", path="tfs/DefaultCollection")


@dataclass
class Limits:
    """The platform's own limits, which a test may lower."""

    revisions: int = 10_000
    results: int = 20_000
    tags: int = 100
    batch: int = 200
    long_text: int = 1_000_000
    page: int = 200
    relations: int = 1_000


class AzureDevOps(People, Coders, Machines):
    """The organisation `acme` with the accounts of the bot, Ana and Ben.

    Args:
        clock: the time there.
        edition: what it can do.
        knows_areas: whether ResourceAreas names them, with identities and graph at a host of their own as
            Azure DevOps Services does; otherwise the list is empty as on a server, and there is one host.
    """

    token = "pat-of-the-bot"
    bot = Identity("Trainboard Bot", "trainboard@acme.example")
    ana = Identity("Ana Example", "ana@acme.example")
    ben = Identity("Ben Example", "ben@acme.example")

    def __init__(self, clock, *, edition=HOSTED, knows_areas=False):
        self.clock = clock
        self.edition = edition
        self.knows_areas = knows_areas
        self.root = edition.root
        self.limits = Limits()
        self.faults = Faults()
        self.requests: list[Asked] = []
        self.is_down = False
        self.tokens = {self.token: self.bot}
        self.projects: dict[str, Project] = {}
        self.items: dict[int, WorkItem] = {}
        self.identities = {who.id: who for who in (self.bot, self.ana, self.ben)}
        self.subscriptions: dict[str, object] = {}
        self.notifications: list[object] = []
        self.hooks_may_be_local = True
        self.send_hook = deliveries.post
        self.grants: dict[tuple[str, str, str], int] = {}
        self.lock = threading.RLock()
        self._numbers = Counter()

    @property
    def url(self):
        """The organisation, as a client is given it."""
        return f"{self.root}/{self.edition.path}"

    @property
    def identity_url(self):
        """Where identities and graph are."""
        return f"{self.root}/vssps/{self.edition.path}" if self.knows_areas else self.url

    @property
    def now(self):
        """The time there, aware."""
        return self.clock()

    def new_id(self, kind):
        """A number that no other thing of the kind has, from 1."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    def add_project(self, name, process="Basic", team=None):
        """Make a project with a team (`<name> Team`) whose backlog iteration is the tree's root."""
        scope = make_id("project", name)
        roots = [Node(self.new_id("node"), name, each, scope=scope) for each in ("area", "iteration")]
        project = Project(scope, name, PROCESSES[process], *roots)
        self.projects[name.casefold()] = project
        self.add_team(project, team or f"{name} Team", [self.bot, self.ana, self.ben])
        return project

    def add_team(self, project, name, members=()):
        """Make another team; its first member administers it."""
        team = Team(make_id(project.id, name), name, project.iterations, project.areas, list(members))
        team.admins = {member.id for member in team.members[:1]}
        project.teams[name.casefold()] = team
        return team

    def add_identity(self, identity):
        """Make an account or a group known."""
        self.identities[identity.id] = identity
        return identity

    def find_project(self, name):
        """The project of that name or id."""
        found = self.projects.get(name.casefold())
        found = found or next((each for each in self.projects.values() if each.id == name.lower()), None)
        if found is None:
            raise missing_project(name)
        return found

    def project_of(self, asked):
        """The project that a request's path names."""
        return self.find_project(asked.values.get("project", ""))

    def team_of(self, asked):
        """The project and the team that a path names; without one, the project's first."""
        project = self.project_of(asked)
        return project, self.find_team(project, asked.values.get("team"))

    def find_team(self, project, name):
        """The team of that name or id, the project's first if `name` is None."""
        teams = list(project.teams.values())
        if name is None:
            return teams[0]
        found = [each for each in teams if name.casefold() in {each.name.casefold(), each.id}]
        if not found:
            raise missing_team(name)
        return found[0]

    def find_item(self, number, project=None):
        """A work item that is not deleted; of `project` only, if there is one."""
        item = self.items.get(int(number)) if str(number).isdigit() else None
        if item is None or item.deleted_by or (project and item.project is not project):
            raise missing_work_item(number)
        return item

    def announce(self, kind, subject, **facts):
        """Something happened that hooks may tell of; `facts` are what their filters look at."""
        deliveries.announce(self, kind, subject, facts)

    def deliver(self):
        """Send the hooks that are due. Returns pairs of a notification and the status of its answer."""
        return deliveries.deliver(self, self.send_hook)

    def grant(self, namespace, token, who, bits):
        """Give somebody permissions for a token and all below it."""
        self.grants[namespace, token, who.id] = bits

    def add_policy(self, project, kind, settings, **more):
        """Put a branch policy on a project's repositories."""
        return policies.add_policy(self, self.find_project(project), kind, settings, **more)

    def calls(self, method=None):
        """The requests so far as `METHOD route`, without those by which a client finds its way."""
        return [
            f"{asked.method} {asked.route or asked.path}"
            for asked in self.requests
            if method in {None, asked.method}
            and asked.route != "location.areas"
            and asked.method != "OPTIONS"
        ]

    @contextmanager
    def running(self):
        """Answer all that `requests` sends to the organisation, inside the `with`; nothing else is."""
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            self.join(mock)
            yield self

    def join(self, mock):
        """Answer at a mock that others share, also as the host that is there for identities."""
        beside = self.root.replace("https://dev.", "https://vssps.dev.")
        pattern = re.compile(rf"({re.escape(self.root)}|{re.escape(beside)})(:\d+)?/.*")
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "HEAD"):
            mock.add_callback(method, pattern, callback=self._answer_mock)
        kept = re.compile(re.escape(artifacts.KEPT_AT))
        mock.add_callback("GET", kept, callback=lambda request: artifacts.answer(self, request))

    def _answer_mock(self, request):
        if self.is_down:
            return requests.ConnectionError("nobody is there")
        status, headers, text, fault = self.answer(request.method, request.url, request.headers, request.body)
        if fault is not None and fault.breaks:
            return requests.ReadTimeout() if fault.seconds else requests.ConnectionError("closed")
        return status, headers, text

    def answer(self, method, url, headers, body):
        """Status, headers, body and the fault, None if there is none; whoever serves holds back or breaks."""
        asked = self._read(method, url, headers, body)
        with self.lock:
            self.requests.append(asked)
            fault, does_work = self.faults.take(asked) or (None, True)
            answer = self._do(asked) if does_work else None
            if fault is not None and fault.status is not None:
                answer = (fault.status, {"Content-Type": fault.kind}, fault.body)
        asked.status, told, text = answer
        extra = fault.headers if fault else {}
        return asked.status, {"Date": format_datetime(self.now, usegmt=True)} | told | extra, text, fault

    def _read(self, method, url, headers, body):
        parts = urlsplit(url)
        query = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
        path, host = self._split(parts.path)
        names = {name.lower(): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body or b""
        return Asked(method, path, query, names, content, self.now, host=host)

    def _split(self, path):
        """The path below the organisation, and at which host it is."""
        tail, host = path.lstrip("/"), "any"
        if self.knows_areas:
            host = "vssps" if tail.startswith("vssps/") else ""
            tail = tail.removeprefix("vssps/")
        prefix = f"{self.edition.path}/"
        return (tail[len(prefix) :] if tail.lower().startswith(prefix.lower()) else f"../{tail}"), host

    def _do(self, asked):
        try:
            answer = self._dispatch(asked)
        except Refused as refused:
            return int(refused.status), {"Content-Type": JSON}, json.dumps(refused.body)
        except Exception as error:  # noqa: BLE001  whoever serves it must answer; the test is told
            azure_devops_shapes.hear_crash(str(asked), error)
            return 500, {"Content-Type": JSON}, faults.server_error().body
        if answer.value is None:
            return int(answer.status), answer.headers, ""
        text = answer.value if isinstance(answer.value, str) else json.dumps(answer.value)
        kind = "text/plain; charset=utf-8" if isinstance(answer.value, str) else JSON + _echo(asked)
        return int(answer.status), {"Content-Type": kind, **answer.headers}, text

    def _dispatch(self, asked):
        asked.who = self._identify(asked)
        if asked.who is None:
            text = "TF400813: The user '' is not authorized to access this resource."
            return Answer(text, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer, Basic"})
        if asked.method == "OPTIONS":
            return _wrap(list_locations(self, asked))
        found, asked.values = find_route(asked.method, asked.path, asked.host)
        if found is None:
            return Answer("The controller for this path was not found.", HTTPStatus.NOT_FOUND)
        asked.route = found.location.name
        check_version(asked, found.location, self.edition.max_version)
        answer = _wrap(found.handler(self, asked))
        azure_devops_shapes.hear(f"{asked.method} {asked.route}", asked.query, answer.value)
        return answer

    def _identify(self, asked):
        """Whose token it is: a personal one with Basic, Entra's with Bearer; None if it is nobody's."""
        kind, _, secret = asked.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            secret = base64.b64decode(secret).decode().partition(":")[2]
        return self.tokens.get(secret)


def _echo(asked):
    """The version that is answered in, as the media type tells it."""
    return f"; api-version={asked.api_version}" if asked.api_version else ""


def _wrap(value):
    """A list becomes the collection that Azure DevOps makes of it."""
    answer = value if isinstance(value, Answer) else Answer(value)
    if not isinstance(answer.value, list):
        return answer
    collection = {"count": len(answer.value), "value": answer.value}
    return Answer(collection, answer.status, answer.headers)
