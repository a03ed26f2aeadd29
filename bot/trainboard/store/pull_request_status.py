"""What the bot last showed on each pull request, so that nothing is written twice."""

import msgspec
from sqlalchemy import Connection, select

from trainboard.changed_paths import ChangedPaths
from trainboard.store.pull_request_models import PullRequestStatusRow
from trainboard.store.upserts import insert

DELETED = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a pull request by our own doing.

    `comment` is None where there is none yet and `DELETED` where somebody removed it; `text` and `gate`
    are fingerprints, `pressing` that of what may not wait to be told; `paths_of` names the commits between
    which `paths` was read.
    """

    comment: str | None = None
    text: str = ""
    pressing: str = ""
    gate: str = ""
    paths_of: str = ""
    paths: ChangedPaths = ChangedPaths()


def get(connection: Connection, code: str, number: int) -> Shown:
    """What was shown last; nothing where nothing was."""
    mine = (PullRequestStatusRow.code == code.casefold()) & (PullRequestStatusRow.number == number)
    row = connection.execute(select(PullRequestStatusRow).where(mine)).one_or_none()
    if row is None:
        return Shown()
    return Shown(
        comment=row.comment,
        text=row.text,
        pressing=row.pressing,
        gate=row.gate,
        paths_of=row.paths_of,
        paths=msgspec.json.decode(row.paths, type=ChangedPaths),
    )


def put(connection: Connection, code: str, number: int, shown: Shown) -> None:
    """Note what is shown now."""
    values = msgspec.structs.asdict(shown) | {"paths": msgspec.json.encode(shown.paths).decode()}
    statement = insert(connection, PullRequestStatusRow).values(code=code.casefold(), number=number, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["code", "number"], set_=values))
