"""What the settings name, made into places where people talk to the bot."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from trainboard.budgets import Budgets
from trainboard.conversations import Conversation
from trainboard.conversations.local import LocalConversation
from trainboard.policy import Project
from trainboard.repositories import Repository
from trainboard.settings import AzurePlace, Settings, find_azure_place
from trainboard.store.database import Database
from trainboard.trackers import Tracker

Clock = Callable[[], datetime]

_GITHUB, _LOCAL = "github:", "local:"


def conversations(
    settings: Settings,
    projects: Iterable[Project],
    writers: tuple[Mapping[str, Tracker], Mapping[str, Repository]],
    database: Database,
    clock: Clock,
    budgets: Budgets,
) -> dict[str, Conversation]:
    """Where people command, by place in small letters: the projects' trackers and repositories.

    A platform that the settings name no way into is left out. `writers` are trackers and repositories by
    project: they write comments in Azure DevOps and on local boards.
    """
    projects = tuple(projects)
    places = {place for project in projects for place in (project.tracker, project.code) if place}
    made = _conversations_on_local_boards(projects, writers[0], database)
    on_github = [place for place in places if place.startswith(_GITHUB)]
    if on_github and settings.github.has_way_in:
        from trainboard.wiring import github

        made |= github.conversations(settings.github, on_github, clock, budgets)
    if settings.azure_devops.has_way_in:
        made |= _conversations_in_azure(settings, projects, writers, clock, budgets)
    return {name.casefold(): conversation for name, conversation in made.items()}


def _conversations_on_local_boards(
    projects: Iterable[Project], trackers: Mapping[str, Tracker], database: Database
) -> dict[str, Conversation]:
    boards = [each for each in projects if each.tracker.startswith(_LOCAL)]
    return {
        board.tracker: LocalConversation(database, board.tracker.removeprefix(_LOCAL), trackers[board.name])
        for board in boards
    }


def _conversations_in_azure(
    settings: Settings,
    projects: Iterable[Project],
    writers: tuple[Mapping[str, Tracker], Mapping[str, Repository]],
    clock: Clock,
    budgets: Budgets,
) -> dict[str, Conversation]:
    trackers, repositories = writers
    boards: dict[str, Tracker] = {}
    teams: dict[str, list[str]] = {}
    spellings: dict[str, str] = {}
    codes: dict[str, AzurePlace] = {}
    code_writers: dict[str, Repository] = {}
    for project in projects:
        board, code = find_azure_place(project.tracker), find_azure_place(project.code or "")
        if board is not None:
            name = spellings.setdefault(board.project.casefold(), board.project)
            teams.setdefault(name, []).append(board.name)
            boards.setdefault(name, trackers[project.name])
        if project.code and code is not None and project.name in repositories:
            codes[project.code], code_writers[project.code] = code, repositories[project.name]
    if not boards and not codes:
        return {}
    from trainboard.wiring import azure_devops

    azure = settings.azure_devops
    planning = {
        place: teams.get(spellings.get(parts.project.casefold(), ""), ()) for place, parts in codes.items()
    }
    made: list[Conversation] = [
        *azure_devops.conversations_on_boards(azure, teams, boards, clock, budgets),
        *azure_devops.conversations_in_repos(azure, codes, planning, code_writers, clock, budgets),
    ]
    return {each.name: each for each in made}
