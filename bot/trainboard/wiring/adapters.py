"""What the settings name, made into adapters: trackers, readers, ledgers."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from trainboard.boards import Board
from trainboard.budgets import Budgets
from trainboard.diagnosis import Examinable
from trainboard.hooks import Hooks
from trainboard.ledgers import Ledger
from trainboard.monitors import (
    Monitor,
)
from trainboard.pipelines import (
    ApprovalDesk,
    PipelineReader,
    PipelineStarter,
)
from trainboard.policy import Project
from trainboard.repositories import Repository
from trainboard.settings import (
    AlertmanagerSource,
    AzureMonitorSource,
    GrafanaSource,
    Settings,
    find_azure_place,
)
from trainboard.store.database import Database
from trainboard.trackers import Tracker
from trainboard.wiring.heard import find_obstacle, list_heard

Clock = Callable[[], datetime]

AZURE_DEVOPS = "azure-devops"

_GITHUB, _LOCAL, _AZURE_PIPELINES = "github:", "local:", "azure-pipelines:"


def trackers(
    settings: Settings, projects: Iterable[Project], database: Database, clock: Clock, budgets: Budgets
) -> dict[str, Tracker]:
    """The tracker of each project, by the project's name. Their calls are counted in `budgets`.

    Projects whose work items live in one place share a tracker. What no project names is not loaded.

    Raises:
        WiringError: the settings name no way into a place.
    """
    from trainboard.trackers.local import LocalTracker

    projects = tuple(projects)
    places = {project.name: project.tracker for project in projects}
    made: dict[str, Tracker] = {
        project.tracker: LocalTracker(
            database, project.tracker.removeprefix(_LOCAL), clock, is_start=project.sprint.is_start
        )
        for project in projects
        if project.tracker.startswith(_LOCAL)
    }
    made |= _issues(settings, places.values(), clock, budgets)
    made |= _boards(settings, places.values(), clock, budgets)
    return {name: made[place] for name, place in places.items()}


def repositories(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> dict[str, Repository]:
    """The repository of each project whose pull requests can be reached, by the project's name.

    Projects whose code lives in one place share a repository.

    Raises:
        WiringError: the settings name no way into a place where pull requests must name work items.
    """
    projects = tuple(projects)
    places = {project.name: project.code for project in projects if project.code}
    made: dict[str, Repository] = {}
    made |= _repositories_on_github(settings, projects, clock, budgets)
    made |= _repositories_in_azure(settings, places.values(), clock, budgets)
    return {name: made[place] for name, place in places.items() if place in made}


def _repositories_on_github(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> Mapping[str, Repository]:
    wanted = [
        project.code
        for project in projects
        if project.code and project.code.startswith(_GITHUB)
        if settings.github.has_way_in or project.mention
    ]
    if not wanted:
        return {}
    from trainboard.wiring.github import repositories

    return repositories(settings.github, wanted, clock, budgets)


def _repositories_in_azure(
    settings: Settings, places: Iterable[str], clock: Clock, budgets: Budgets
) -> Mapping[str, Repository]:
    wanted = {place: parts for place in places if (parts := find_azure_place(place))}
    if not wanted or not settings.azure_devops.has_way_in:
        return {}
    from trainboard.wiring.azure_devops import repositories

    return repositories(settings.azure_devops, wanted, clock, budgets)


def _issues(
    settings: Settings, places: Iterable[str], clock: Clock, budgets: Budgets
) -> Mapping[str, Tracker]:
    wanted = [place for place in places if place.startswith(_GITHUB)]
    if not wanted:
        return {}
    from trainboard.wiring.github import trackers

    return trackers(settings.github, wanted, clock, budgets)


def _boards(
    settings: Settings, places: Iterable[str], clock: Clock, budgets: Budgets
) -> Mapping[str, Tracker]:
    wanted = {place: parts for place in places if (parts := find_azure_place(place))}
    if not wanted:
        return {}
    from trainboard.wiring.azure_devops import boards

    return boards(settings.azure_devops, wanted, clock, budgets)


def monitors(settings: Settings) -> dict[str, Monitor]:
    """The monitors whose alerts can be read, by the name of their source.

    Raises:
        WiringError: one of Azure is to be read, and what signs in there is not installed.
    """
    made: dict[str, Monitor] = {}
    for each in settings.sources:
        if isinstance(each, AlertmanagerSource | GrafanaSource) and each.url:
            made[f"{each.kind}/{each.name}"] = _monitor(each)
        if isinstance(each, AzureMonitorSource) and each.subscription:
            from trainboard.wiring.azure_monitor import open_monitor

            made[f"{each.kind}/{each.name}"] = open_monitor(each)
    return made


def _monitor(source: AlertmanagerSource | GrafanaSource) -> Monitor:
    from trainboard.monitors.alertmanager import GRAFANA, AlertmanagerMonitor
    from trainboard.outbound import Outbound

    server = Outbound(
        source.kind.capitalize(),
        source.url,
        token=source.url_token.get_secret_value() if source.url_token else "",
        username=source.url_user,
        password=source.url_password.get_secret_value() if source.url_password else "",
    )
    return AlertmanagerMonitor(
        name=f"{source.kind}/{source.name}",
        server=server,
        receiver=source.receiver,
        path=GRAFANA if source.kind == "grafana" else "",
    )


def pipelines(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> dict[str, PipelineReader]:
    """The readers of pipelines, by their name: of the organisation whose hooks we hear, if we may ask it.

    They read runs of the projects' code, on whatever platform that lives.
    """
    azure, codes = settings.azure_devops, [project.code for project in projects if project.code]
    if not codes or not azure.organization_url or not azure.has_way_in:
        return {}
    from trainboard.wiring import azure_devops

    reader = azure_devops.pipelines(azure, codes, clock, budgets)
    return {reader.name: reader}


def boards(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> Mapping[str, Board]:
    """The board of each project that names one, by the project's name.

    Raises:
        WiringError: the settings name no way into it.
    """
    wanted = [project for project in projects if project.board is not None]
    if not wanted:
        return {}
    from trainboard.wiring import github

    return github.boards(settings.github, wanted, clock, budgets)


def starters(
    settings: Settings, projects: Iterable[Project], database: Database, clock: Clock, budgets: Budgets
) -> dict[str, PipelineStarter]:
    """What starts the pipelines that the projects declare, by the place of those.

    A platform that the settings name no way into is left out: its pipelines are refused when somebody asks.
    """
    from trainboard.pipelines.local import LocalStarter

    declared = [pipeline for project in projects for pipeline in project.pipelines]
    places = {pipeline.place for pipeline in declared}
    made: dict[str, PipelineStarter] = {
        place: LocalStarter(database, place.removeprefix(_LOCAL), clock)
        for place in places
        if place.startswith(_LOCAL)
    }
    on_github = [place for place in places if place.startswith(_GITHUB)]
    if on_github and settings.github.has_way_in:
        from trainboard.wiring import github

        of_events = any(pipeline.kind == "repository-dispatch" for pipeline in declared)
        made |= github.starters(settings.github, on_github, clock, budgets, of_events=of_events)
    in_azure = [place for place in places if place.startswith(_AZURE_PIPELINES)]
    if in_azure and settings.azure_devops.has_way_in:
        from trainboard.wiring import azure_devops

        made |= azure_devops.starters(settings.azure_devops, in_azure, clock, budgets)
    return made


def desks(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> dict[str, ApprovalDesk]:
    """Where people's words on approvals can be passed on, by name in small letters.

    GitHub asks Apps only; on Azure Pipelines the account that reads runs answers too.
    """
    codes = {project.code for project in projects if project.code}
    made: dict[str, ApprovalDesk] = {}
    on_github = [code for code in codes if code.startswith(_GITHUB)]
    if on_github and settings.github.app_id is not None and settings.github.has_way_in:
        from trainboard.wiring.github import open_desks

        made |= open_desks(settings.github, on_github, clock, budgets)
    azure = settings.azure_devops
    if codes and azure.organization_url and azure.has_way_in:
        from trainboard.wiring.azure_devops import open_desk

        desk = open_desk(azure, clock, budgets)
        made[desk.name] = desk
    return {name.casefold(): desk for name, desk in made.items()}


def ledgers(settings: Settings, clock: Clock, budgets: Budgets) -> dict[str, Ledger]:
    """What senders remember, by source: GitHub tells it to an App only."""
    if settings.github.app_id is None:
        return {}
    from trainboard.wiring.github import open_ledger

    ledger = open_ledger(settings.github, clock, budgets)
    return {} if ledger is None else {"github": ledger}


def apps(settings: Settings, clock: Clock, budgets: Budgets) -> list[Examinable]:
    """The App as which we sign in at GitHub, to look at; none where the settings name none."""
    if settings.github.app_id is None:
        return []
    from trainboard.wiring.github_app import open_examined

    app = open_examined(settings, clock, budgets)
    return [] if app is None else [app]


def hooks(settings: Settings, clock: Clock, budgets: Budgets) -> dict[str, Hooks]:
    """The hooks that we keep working, by the source that they feed. See `find_obstacle_to_hooks`."""
    heard = list_heard(settings.projects)
    if not heard or find_obstacle_to_hooks(settings) is not None:
        return {}
    from trainboard.wiring.azure_hooks import open_hooks

    pinned = bool(settings.azure_devops.subscriptions)
    return {AZURE_DEVOPS: open_hooks(settings, heard, clock, budgets, pinned=pinned)}


def find_obstacle_to_hooks(settings: Settings) -> str | None:
    """Why hooks that the projects need cannot be kept, as a sentence; None if they can, or need not be."""
    if not list_heard(settings.projects):
        return None
    azure_devops = settings.azure_devops
    if azure_devops.webhook_password is None:
        return (
            "Service hooks of Azure DevOps are refused, because azure_devops.webhook_password is not set: "
            "run `trainboard init --azure`."
        )
    if azure_devops.token is None and azure_devops.auth == "token":
        return (
            "Service hooks of Azure DevOps cannot be kept working without a way in: set azure_devops.token, "
            "or azure_devops.auth to an identity of Microsoft Entra."
        )
    return find_obstacle(settings.server.public_url)
