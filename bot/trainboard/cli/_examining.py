"""The installation as `trainboard doctor` looks at it, and how its findings are shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from trainboard.budgets.accounts import Account
    from trainboard.diagnosis import Finding
    from trainboard.doctor import Subject
    from trainboard.settings import Settings
    from trainboard.trackers import Tracker


def make_subject(settings: "Settings", name: str) -> "Subject":
    """What is examined, of these settings; `name` says where they came from. Its database is to be closed."""
    from trainboard.budgets.memory import MemoryBudgets
    from trainboard.doctor import Subject
    from trainboard.settings import projects_of
    from trainboard.store.database import Database
    from trainboard.wiring import adapters, jobs, run_trackers, utc_now
    from trainboard.wiring.conversations import conversations
    from trainboard.wiring.entrance import describe_sign_in
    from trainboard.wiring.posts import posts

    database = Database(settings.server.database.get_secret_value())

    projects = projects_of(settings)

    def budgets() -> MemoryBudgets:
        # Two programs that write to one SQLite file are a risk, so our few calls are not counted there.
        return MemoryBudgets(utc_now, _known_accounts(subject))

    subject = Subject(
        configuration=name,
        projects=projects,
        database=database,
        trackers=lambda: adapters.trackers(settings, projects, database, utc_now, budgets()),
        repositories=lambda: adapters.repositories(settings, projects, utc_now, budgets()),
        pipelines=lambda: adapters.pipelines(settings, projects, utc_now, budgets()),
        hooks=lambda: adapters.hooks(settings, utc_now, budgets()),
        obstacle_to_hooks=adapters.find_obstacle_to_hooks(settings),
        senders=lambda: adapters.ledgers(settings, utc_now, budgets()).values(),
        clock=utc_now,
        starters=lambda: adapters.starters(settings, projects, database, utc_now, budgets()),
        conversations=lambda: conversations(
            settings, projects, (subject.trackers(), subject.repositories()), database, utc_now, budgets()
        ),
        monitors=lambda: adapters.monitors(settings),
        posts=lambda: posts(settings, utc_now),
        boards=lambda: adapters.boards(settings, projects, utc_now, budgets()),
        readers=lambda: run_trackers.readers(settings, utc_now),
        apps=lambda: adapters.apps(settings, utc_now, budgets()),
        issuers=lambda: jobs.list_key_counts(settings),
        sign_in=lambda: describe_sign_in(settings, utc_now),
    )
    return subject


def _known_accounts(subject: "Subject") -> "Mapping[str, Account]":
    """What the service has spent and was told; nothing, if its database cannot be read."""
    from sqlalchemy.exc import SQLAlchemyError

    from trainboard.doctor import NoDatabaseError
    from trainboard.store import budgets

    try:
        with subject.read() as connection:
            return budgets.list_all(connection)
    except (NoDatabaseError, SQLAlchemyError):
        return {}


def check_project(subject: "Subject", tested: str | None) -> None:
    """That there is a project of that name; None and an empty one name none.

    Raises:
        UsageError: there is not.
    """
    names = [project.name for project in subject.projects]
    if tested and tested not in names:
        raise click.UsageError(f"There is no project {tested!r} to test, only {', '.join(names)}.")


def run_self_tests(subject: "Subject", tested: str | None) -> "Iterator[Finding]":
    """What a self-test of a project's tracker finds: of each where the name is empty, of none without one."""
    from msgspec.structs import replace

    from trainboard.diagnosis import failing, note
    from trainboard.errors import TrainboardError
    from trainboard.self_test import CHECK, SelfTest

    if tested is None:
        return
    try:
        trackers = subject.trackers()
    except TrainboardError as error:
        yield replace(failing(str(error), "Do what it says, then ask again."), check=CHECK)
        return
    done: list[Tracker] = []
    for name, tracker in trackers.items():
        if tested not in {"", name} or tracker in done:
            continue
        done.append(tracker)
        if tracker.name.startswith("local:") and not subject.has_database:
            without = note(f"{name}: there is no database yet.", "Start `trainboard serve`, which makes it.")
            yield replace(without, check=CHECK)
            continue
        for finding in SelfTest(name, tracker, subject.clock).run():
            yield replace(finding, check=CHECK)


def print_finding(finding: "Finding") -> None:
    """A line, and below it what to do."""
    click.echo(f"{finding.grade:<8}{finding.check}: {finding.message}")
    if finding.fix:
        click.echo(f"{'':<8}{finding.fix}")


def print_findings(findings: "Sequence[Finding]") -> None:
    """A JSON list."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
