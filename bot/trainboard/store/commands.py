"""Commands that people gave in comments, and what came of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, select

from trainboard.comments import CommandState, Obeyed
from trainboard.facts import RecordCommand
from trainboard.store.command_models import CommandRow
from trainboard.store.upserts import insert
from trainboard.triggers import Origin

ROWS_AT_ONCE = 500

_decoder = msgspec.json.Decoder(Obeyed)


def record(connection: Connection, fact: RecordCommand) -> None:
    """Note it, whatever was known of it before."""
    put(connection, fact.obeyed)


def put(connection: Connection, obeyed: Obeyed) -> None:
    """Note what is known now of the command."""
    values = {
        "key": obeyed.key,
        "place": obeyed.origin.place.casefold(),
        "ref": obeyed.origin.ref,
        "comment": obeyed.comment,
        "state": str(obeyed.state),
        "at": obeyed.at,
        "document": msgspec.json.encode(obeyed).decode(),
    }
    statement = insert(connection, CommandRow).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def find(connection: Connection, key: str) -> Obeyed | None:
    """The command of that key."""
    said = connection.execute(select(CommandRow.document).where(CommandRow.key == key)).scalar()
    return None if said is None else _decoder.decode(said)


def list_of(connection: Connection, origin: Origin) -> Sequence[Obeyed]:
    """The commands that were given there, the oldest first."""
    query = select(CommandRow.document).where(_is_on(origin)).order_by(CommandRow.at, CommandRow.key)
    return [_decoder.decode(said) for said in connection.execute(query).scalars()]


def list_of_comment(connection: Connection, origin: Origin, comment: str) -> Sequence[Obeyed]:
    """The commands of one comment, in the order of its lines."""
    mine = _is_on(origin) & (CommandRow.comment == comment)
    found = connection.execute(select(CommandRow.document).where(mine)).scalars()
    return sorted((_decoder.decode(said) for said in found), key=lambda each: (each.at, each.line))


def list_between(connection: Connection, since: datetime | None, until: datetime | None) -> Iterator[Obeyed]:
    """All that were given from `since` on and before `until`, the oldest first; None is no border."""
    query = select(CommandRow.document).order_by(CommandRow.at, CommandRow.key)
    if since is not None:
        query = query.where(CommandRow.at >= since)
    if until is not None:
        query = query.where(CommandRow.at < until)
    for said in connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).scalars():
        yield _decoder.decode(said)


def tell(connection: Connection, key: str, said: str) -> None:
    """The command is answered with this Markdown too, once its effects ended."""
    known = find(connection, key)
    if known is not None:
        put(connection, replace(known, said="\n\n".join(filter(None, [known.said, said]))))


def settle(connection: Connection, key: str, effect: str, *, refusal: str = "") -> Obeyed | None:
    """The end of one of the command's effects is known; the command, None where there is none or it ended.

    `refusal` is Markdown that says why it is not true, empty where it is.
    """
    known = find(connection, key)
    if known is None or effect not in known.awaited:
        return None
    awaited = tuple(each for each in known.awaited if each != effect)
    state = CommandState.WAITING if awaited else CommandState.DONE
    said = "\n\n".join(filter(None, [known.said, refusal]))
    if refusal:
        state, awaited = CommandState.REFUSED, ()
    elif known.said and not awaited:
        state = CommandState.TOLD
    settled = replace(known, state=state, said=said, awaited=awaited)
    put(connection, settled)
    return settled


def is_about(fact: RecordCommand) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    return CommandRow.key == fact.obeyed.key


def _is_on(origin: Origin) -> ColumnElement[bool]:
    return (CommandRow.place == origin.place.casefold()) & (CommandRow.ref == origin.ref)
