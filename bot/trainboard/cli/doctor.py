"""`trainboard doctor`: what is wrong with the installation, and what to do about it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from trainboard.budgets.accounts import Account
    from trainboard.diagnosis import Finding
    from trainboard.doctor import Subject
    from trainboard.settings import Settings


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
@click.pass_context
def command(ctx: click.Context, config: Path | None, *, as_json: bool) -> None:
    """Look at the installation, and say what to do about what is wrong.

    Looks at the settings, the database, the clock, what waits and what died, the budgets of the
    platforms' accounts, whether repositories were renamed, whether the trackers, the repositories, the
    pipelines and the boards let us in, whether we see the teams that may command, whether webhooks
    arrive, and whether people can sign in. Changes nothing, and may run beside the service. Exit code 1
    if something is failing, 2 if the settings cannot be used.
    """
    from msgspec.structs import replace

    from trainboard.cli import FINDING, WRONG_USAGE
    from trainboard.diagnosis import Grade, failing
    from trainboard.doctor import examine
    from trainboard.settings import SettingsError, find_file, load

    try:
        settings = load(config)
    except SettingsError as error:
        if not as_json:
            raise
        wrong = [failing(str(each), "Correct it.") for each in error.findings]
        _print_json([replace(each, check="configuration") for each in wrong])
        ctx.exit(WRONG_USAGE)
    subject = _subject(settings, str(find_file(config) or "the embedded default"))
    try:
        findings = list(examine(subject))
    finally:
        subject.database.close()
    if as_json:
        _print_json(findings)
    else:
        for finding in findings:
            _print(finding)
    ctx.exit(FINDING if any(each.grade is Grade.FAILING for each in findings) else 0)


def _subject(settings: "Settings", name: str) -> "Subject":
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


def _print(finding: "Finding") -> None:
    click.echo(f"{finding.grade:<8}{finding.check}: {finding.message}")
    if finding.fix:
        click.echo(f"{'':<8}{finding.fix}")


def _print_json(findings: "Sequence[Finding]") -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
