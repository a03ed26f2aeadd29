"""What the settings ask of a GitHub App: each feature with its permissions and the events that it hears.

GitHub takes an event only beside the permission that covers it, also where that is not the one that a call
needs: comments on pull requests are covered by that for issues. Events of installations come unasked.

Source: GitHub Docs, "Webhook events and payloads", "Availability for GitHub Apps".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec import structs

from trainboard.boards.github_projects import PERMISSIONS as PROJECTS
from trainboard.budgets import Budgets
from trainboard.conversations.github import PERMISSIONS as COMMENTS
from trainboard.github.apps import Needs
from trainboard.github.client import Client
from trainboard.github.credentials import AppCredential
from trainboard.github.examined_app import ExaminedApp
from trainboard.github.limits import WINDOWS
from trainboard.github.teams import PERMISSIONS as TEAMS
from trainboard.github.teams import is_team_name
from trainboard.pipelines.github_actions import PERMISSIONS as STARTING
from trainboard.pipelines.github_actions import PERMISSIONS_OF_EVENTS as STARTING_BY_EVENTS
from trainboard.pipelines.github_artifacts import PERMISSIONS as ARTIFACTS
from trainboard.pipelines.github_protection import PERMISSIONS as RULES
from trainboard.policy import Project
from trainboard.repositories.github import PERMISSIONS as PULL_REQUESTS
from trainboard.repositories.github import READING as FILES
from trainboard.settings import Settings, projects_of
from trainboard.trackers.github import PERMISSIONS as ISSUES

Clock = Callable[[], datetime]

WEBHOOK_PATH = "/webhooks/github"
_PREFIX = "github:"
_LEVELS = ("read", "write", "admin")


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the settings ask for; `name` says what it is for."""

    name: str
    permissions: Mapping[str, str]
    events: tuple[str, ...] = ()


_WORK_ITEMS = Feature(
    name="work items as issues, sprints as milestones",
    permissions=ISSUES,
    events=("issues", "sub_issues", "label", "milestone", "repository"),
)
_COMMANDS = Feature(name="slash commands in comments", permissions=COMMENTS, events=("issue_comment",))
_OF_CODE = (
    Feature(
        name="the comment on pull requests and the gate",
        permissions=PULL_REQUESTS,
        events=("pull_request", "repository"),
    ),
    Feature(name="notebooks, and what comes along with a pull request", permissions=FILES),
    Feature(
        name="checks, and results of tests",
        permissions={**ARTIFACTS, "checks": "read", "statuses": "read"},
        events=("check_run", "status", "workflow_run"),
    ),
    Feature(
        name="deployments and approvals",
        permissions=RULES,
        events=("deployment", "deployment_status", "deployment_review", "deployment_protection_rule"),
    ),
    Feature(name="merge queues", permissions={"merge_queues": "read"}, events=("merge_group",)),
)
_MEMBERS = Feature(name="rules for commands that name teams", permissions=TEAMS)
_BOARD = Feature(name="a board of GitHub Projects", permissions=PROJECTS)
_STARTS = Feature(name="starting workflows", permissions=STARTING)
_STARTS_BY_EVENTS = Feature(name="starting workflows by events", permissions=STARTING_BY_EVENTS)


def list_features(settings: Settings) -> list[Feature]:
    """What the projects of the settings do on GitHub; nothing where no project is there."""
    projects = projects_of(settings)
    features = [feature for project in projects for feature in _list_of(project)]
    return [each for number, each in enumerate(features) if each not in features[:number]]


def sum_up(features: Iterable[Feature]) -> Needs:
    """All of them together: the highest level of each permission, and each event once, by their names."""
    permissions: dict[str, str] = {}
    events: set[str] = set()
    for feature in features:
        events.update(feature.events)
        for name, level in feature.permissions.items():
            permissions[name] = max(level, permissions.get(name, level), key=_LEVELS.index)
    return Needs(permissions=dict(sorted(permissions.items())), events=tuple(sorted(events)))


def list_repositories(settings: Settings) -> list[str]:
    """The repositories of the projects, `owner/name`, in their order."""
    places = (place for project in projects_of(settings) for place in (project.tracker, project.code))
    names = (place.removeprefix(_PREFIX) for place in places if place and place.startswith(_PREFIX))
    return list(dict.fromkeys(names))


def open_anonymous(api_url: str, clock: Clock, budgets: Budgets) -> Client:
    """A client that signs in as nobody."""
    budget = budgets.of(f"github:{api_url}/nobody", WINDOWS)
    return Client(api_url=api_url, auth=None, budget=budget, clock=clock)


def open_app(settings: Settings, clock: Clock, budgets: Budgets) -> Client | None:
    """A client that signs in as the App of the settings, None where they name none."""
    github = settings.github
    if github.app_id is None or github.private_key is None:
        return None
    credential = AppCredential(github.app_id, github.private_key.get_secret_value(), budgets, {})
    return credential.sign_in_as_app(github.api_url, clock)


def open_examined(settings: Settings, clock: Clock, budgets: Budgets) -> ExaminedApp | None:
    """The App of the settings, beside what they ask of it; None where they name none."""
    client = open_app(settings, clock, budgets)
    if client is None:
        return None
    public_url = settings.server.public_url
    return ExaminedApp(
        client,
        needs=structs.replace(sum_up(list_features(settings)), useful=TEAMS),
        owners=tuple(dict.fromkeys(name.split("/")[0] for name in list_repositories(settings))),
        webhook_url=f"{public_url}{WEBHOOK_PATH}" if public_url else "",
        has_secret=bool(settings.github.webhook_secrets),
    )


def _list_of(project: Project) -> Iterator[Feature]:
    of_issues, of_code = (_is_there(place) for place in (project.tracker, project.code))
    if of_issues:
        yield _WORK_ITEMS
    if of_issues or of_code:
        yield _COMMANDS
        if any(map(is_team_name, project.commands.list_teams(None))):
            yield _MEMBERS
    if of_code:
        yield from _OF_CODE
    if project.board is not None:
        yield _BOARD
    for pipeline in project.pipelines:
        if _is_there(pipeline.place):
            yield _STARTS_BY_EVENTS if pipeline.kind == "repository-dispatch" else _STARTS


def _is_there(place: str | None) -> bool:
    return place is not None and place.startswith(_PREFIX)
