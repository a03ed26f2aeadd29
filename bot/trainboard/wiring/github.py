"""What `[github]` names, made into adapters. Imported only where a repository or an App is named."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

from trainboard.boards.github_projects import PERMISSIONS as PROJECTS
from trainboard.boards.github_projects import GitHubProjectBoard
from trainboard.budgets import Budgets
from trainboard.conversations.github import PERMISSIONS as COMMENTS
from trainboard.conversations.github import GitHubConversation
from trainboard.github.credentials import AppCredential, Credential, TokenCredential
from trainboard.github.teams import PERMISSIONS as TEAMS
from trainboard.pipelines.github_actions import (
    PERMISSIONS,
    PERMISSIONS_OF_EVENTS,
    GitHubActionsStarter,
)
from trainboard.pipelines.github_artifacts import PERMISSIONS as ARTIFACTS
from trainboard.pipelines.github_artifacts import GitHubArtifacts
from trainboard.pipelines.github_protection import PERMISSIONS as RULES
from trainboard.pipelines.github_protection import GitHubApprovalDesk
from trainboard.policy import Project
from trainboard.repositories.github import PERMISSIONS as PULL_REQUESTS
from trainboard.repositories.github import READING as FILES
from trainboard.repositories.github import GitHubRepository
from trainboard.settings import GitHub
from trainboard.trackers.github import PERMISSIONS as ISSUES
from trainboard.trackers.github import GitHubTracker
from trainboard.trackers.github.app_deliveries import AppDeliveries
from trainboard.wiring.errors import WiringError
from trainboard_webhooks.github import KINDS

Clock = Callable[[], datetime]
Adapter = TypeVar("Adapter")
PREFIX = "github:"


def trackers(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, GitHubTracker]:
    """The issues of the repositories of `places`, `github:owner/name`, by place. They share one credential.

    Raises:
        WiringError: the settings name no way in.
    """
    return _make_each(GitHubTracker, ISSUES, settings, places, clock, budgets)


def repositories(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, GitHubRepository]:
    """The pull requests of the repositories of `places`, by place. They share two credentials, one for files.

    Raises:
        WiringError: the settings name no way in.
    """
    names = sorted(set(places))
    reading = _credential(settings, names, budgets, FILES)
    make = partial(GitHubRepository, reading=reading)
    return _make_each(make, PULL_REQUESTS, settings, names, clock, budgets)


def starters(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets, *, of_events: bool
) -> dict[str, GitHubActionsStarter]:
    """What starts workflows of the repositories of `places`, by place. They share one credential.

    Raises:
        WiringError: the settings name no way in.
    """
    permissions = PERMISSIONS_OF_EVENTS if of_events else PERMISSIONS
    return _make_each(GitHubActionsStarter, permissions, settings, places, clock, budgets)


def open_artifacts(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, GitHubArtifacts]:
    """What runs left in the repositories of `places`, by place. They share one credential, of their own.

    An App that was not granted to read Actions loses the results of tests by it, and nothing else.
    """
    return _make_each(GitHubArtifacts, ARTIFACTS, settings, places, clock, budgets)


def conversations(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, GitHubConversation]:
    """The comments in the repositories of `places`, by place. Teams have a credential of their own.

    An App that was not granted to see members loses only what rules say of teams.

    Raises:
        WiringError: the settings name no way in.
    """
    names = sorted(set(places))
    teams = _credential(settings, names, budgets, TEAMS)
    make = partial(GitHubConversation, teams=teams)
    return _make_each(make, COMMENTS, settings, names, clock, budgets)


def open_desks(
    settings: GitHub, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, GitHubApprovalDesk]:
    """Where our App's protection rules are answered, by place. Teams have a credential of their own.

    An App that was not granted to see members loses only that.
    """
    names = sorted(set(places))
    teams = _credential(settings, names, budgets, TEAMS)
    return _make_each(partial(GitHubApprovalDesk, teams=teams), RULES, settings, names, clock, budgets)


def boards(
    settings: GitHub, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> dict[str, GitHubProjectBoard]:
    """The boards of the projects that name one, by the project's name. They share a credential of their own.

    An App that was not granted to write to projects loses only the boards.

    Raises:
        WiringError: the settings name no way in.
    """
    named = [(project, project.board) for project in projects if project.board is not None]
    credential = _credential(settings, [project.tracker for project, _ in named], budgets, PROJECTS)
    return {
        project.name: GitHubProjectBoard(
            policy=policy,
            repository=project.tracker.removeprefix(PREFIX),
            credential=credential,
            api_url=settings.api_url,
            clock=clock,
        )
        for project, policy in named
    }


def _make_each(
    make: Callable[..., Adapter],
    permissions: Mapping[str, str],
    settings: GitHub,
    places: Iterable[str],
    clock: Clock,
    budgets: Budgets,
) -> dict[str, Adapter]:
    names = sorted(set(places))
    credential = _credential(settings, names, budgets, permissions)
    return {
        place: make(
            repository=place.removeprefix(PREFIX),
            credential=credential,
            api_url=settings.api_url,
            clock=clock,
        )
        for place in names
    }


def open_ledger(settings: GitHub, clock: Clock, budgets: Budgets) -> AppDeliveries | None:
    """What GitHub remembers of an App's deliveries; None without an App: GitHub tells nobody else."""
    app = _find_app(settings, budgets, {})
    return None if app is None else AppDeliveries(app.sign_in_as_app(settings.api_url, clock), KINDS)


def _credential(
    settings: GitHub, places: list[str], budgets: Budgets, permissions: Mapping[str, str]
) -> Credential:
    app = _find_app(settings, budgets, permissions)
    if app is not None:
        return app
    if settings.token is None:
        raise WiringError(
            f"{places[0].removeprefix(PREFIX)} is on GitHub, and the settings name no way in: "
            "set github.app_id and github.private_key, or github.token."
        )
    return TokenCredential(settings.token.get_secret_value(), budgets)


def _find_app(settings: GitHub, budgets: Budgets, permissions: Mapping[str, str]) -> AppCredential | None:
    if settings.app_id is None or settings.private_key is None:
        return None
    return AppCredential(settings.app_id, settings.private_key.get_secret_value(), budgets, permissions)
