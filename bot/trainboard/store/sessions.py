"""Who is signed in to the pages: rows, so that signing out ends it in all processes."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select, update

from trainboard.store.session_models import SessionRow, SpentStateRow
from trainboard.store.upserts import insert
from trainboard.visitors import Person, Role


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is signed in. `id` is a digest, `rules` names the settings that let the person in."""

    id: str
    person: Person
    rules: str
    seen_at: datetime
    until: datetime


def put(connection: Connection, session: Session) -> None:
    """Somebody signed in."""
    person = session.person
    connection.execute(
        insert(connection, SessionRow).values(
            id=session.id,
            way=person.way,
            subject=person.subject,
            name=person.name,
            role=person.role.value,
            rules=session.rules,
            seen_at=session.seen_at,
            until=session.until,
        )
    )


def find(connection: Connection, id_: str) -> Session | None:
    """The session of that digest, None without one."""
    row = connection.execute(select(SessionRow.__table__).where(SessionRow.id == id_)).one_or_none()
    if row is None:
        return None
    person = Person(way=row.way, subject=row.subject, name=row.name, role=Role(row.role))
    return Session(id=row.id, person=person, rules=row.rules, seen_at=row.seen_at, until=row.until)


def note_seen(connection: Connection, id_: str, now: datetime) -> None:
    """The person asked for a page."""
    connection.execute(update(SessionRow).where(SessionRow.id == id_).values(seen_at=now))


def end(connection: Connection, id_: str) -> None:
    """The person signed out."""
    connection.execute(delete(SessionRow).where(SessionRow.id == id_))


def end_all(connection: Connection, way: str) -> int:
    """Everybody who came in that way must sign in again; answers how many."""
    return connection.execute(delete(SessionRow).where(SessionRow.way == way)).rowcount


def spend_state(connection: Connection, state: str, until: datetime) -> bool:
    """Note that the sign-in of that state's digest came back; False if it did before."""
    spent = insert(connection, SpentStateRow).values(state=state, until=until).on_conflict_do_nothing()
    return connection.execute(spent.returning(SpentStateRow.state)).first() is not None
