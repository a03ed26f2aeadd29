"""`trainboard deliveries`: what came in, what came of it, and once more if it must be."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from trainboard.engine.rehearsal import Rehearsal
    from trainboard.settings import Settings
    from trainboard.store.database import Database
    from trainboard.store.delivery_log import DeliveryDetails

SHORT_CHARACTERS = 2000
SOON = "A running service takes it up within seconds, else the next one that starts."

_SPAN = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STATES = ("waiting", "done", "dead", "failed")


def find_moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """A moment: `30m`, `12h` or `3d` ago, or an ISO date or time, in UTC where it names no zone."""
    if value is None:
        return None
    try:
        if span := _SPAN.fullmatch(value):
            return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        complaint = f"{value!r} is neither like 30m, 12h or 3d nor an ISO date or time."
        raise click.BadParameter(complaint, ctx, param) from None


@click.group()
def command() -> None:
    """See what came in and what came of it, also while the service runs; work on it once more."""


@command.command("list")
@click.option("--state", type=click.Choice(_STATES), help="failed: with an effect that was given up.")
@click.option("--source", default="", help="Name of a source, like github or mlflow/prod.")
@click.option("--since", callback=find_moment, help="Received since 30m, 12h, 3d, or an ISO date or time.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most.")
@click.option("--ticks", is_flag=True, help="With the bot's own clock and polls.")
@json_option
@config_option
def list_command(*, config: Path | None, as_json: bool, limit: int, state: str | None, **wanted: Any) -> None:
    """List deliveries, latest first."""
    from trainboard.cli._deliveries_text import render_list
    from trainboard.store import delivery_log
    from trainboard.store.delivery_log import DeliveryFilter

    with opened_database(config) as (_, database), database.read() as connection:
        page = delivery_log.list_page(connection, DeliveryFilter(state=state or "", **wanted), limit)
    if as_json:
        print_json(page.lines)
        return
    click.echo(render_list(page.lines))
    if page.next_before is not None:
        click.echo("There are more: use --limit or --since.", err=True)


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--body", "whole", is_flag=True, help="The whole body, and not only its beginning.")
@json_option
@config_option
def show(id_: str, *, config: Path | None, whole: bool, as_json: bool) -> None:
    """Show all that is known of the delivery ID: its number here, or the id that its sender gave it."""
    from trainboard.cli._deliveries_text import detail_values, readable, render_details

    with opened_database(config) as (_, database), database.read() as connection:
        details = _get_details(connection, id_)
    body = None if details.body is None else readable(details.body)
    cut = body is not None and not whole and len(body) > SHORT_CHARACTERS
    shown = body[:SHORT_CHARACTERS] if body is not None and cut else body
    if as_json:
        print_json(detail_values(details, shown, cut=cut))
    else:
        click.echo(render_details(details, shown, cut=cut))


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--dry-run", is_flag=True, help="Show what it would do now, and change nothing.")
@json_option
@config_option
def replay(id_: str, *, config: Path | None, dry_run: bool, as_json: bool) -> None:
    """Work on the delivery ID once more, as if it had just come in.

    Events that are older than what is known change nothing; what is true already is not done again.
    """
    with opened_database(config) as (settings, database):
        with database.read() as connection:
            details = _get_details(connection, id_)
        _check_body(details)
        if dry_run:
            _show_plan(details.line.number, _rehearse(settings, database, details), as_json=as_json)
        else:
            _replay(database, details.line.number, as_json=as_json)


def _get_details(connection: "Connection", name: str) -> "DeliveryDetails":
    from trainboard.errors import MissingError
    from trainboard.store import delivery_log

    numbers = delivery_log.list_numbers(connection, name)
    if len(numbers) > 1:
        named = ", ".join(map(str, numbers))
        raise MissingError(f"Several deliveries have the id {name!r}: name one by its number, {named}.")
    details = delivery_log.find_details(connection, numbers[0]) if numbers else None
    if details is None:
        raise MissingError(
            f"No delivery {name!r} is known: it never came in, or is kept no longer. "
            "See trainboard deliveries list."
        )
    return details


def _check_body(details: "DeliveryDetails") -> None:
    from trainboard.errors import PermanentError

    if details.body is None:
        raise PermanentError(
            f"Delivery {details.line.number} cannot be worked on again: it has no body any more. "
            "engine.keep_bodies_days says how long bodies are kept."
        )


def _rehearse(settings: "Settings", database: "Database", details: "DeliveryDetails") -> "Rehearsal":
    from trainboard.deliveries import Delivery
    from trainboard.engine.rehearsal import Rehearser
    from trainboard.settings import doors_of, projects_of
    from trainboard.wiring import utc_now
    from trainboard.wiring.wire import parse

    line = details.line
    delivery = Delivery(
        source=line.source, id=line.id, kind=line.kind, entity=line.entity, body=details.body or b""
    )
    projects = {project.name: project for project in projects_of(settings)}
    doors = {door.name: door for door in doors_of(settings)}
    return Rehearser(database, parse, projects, doors, utc_now).rehearse(line.number, delivery)


def _show_plan(number: int, rehearsal: "Rehearsal", *, as_json: bool) -> None:
    from trainboard.cli._deliveries_text import plan_values, render_plan

    if as_json:
        print_json(plan_values(number, rehearsal))
    else:
        click.echo(render_plan(number, rehearsal))


def _replay(database: "Database", number: int, *, as_json: bool) -> None:
    from trainboard.store import inbox

    with database.write() as connection:
        inbox.replay(connection, number, datetime.now(UTC))
    if as_json:
        print_json({"delivery": number, "state": "waiting"})
    else:
        click.echo(f"Delivery {number} waits to be worked on. {SOON}")
