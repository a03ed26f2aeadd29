"""Before a bot starts: what is known of repositories follows their new names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from trainboard.effects import EnsurePullRequestStatus
from trainboard.moves import list_former, list_outdated, say_what, say_what_to_do
from trainboard.policy import Project
from trainboard.store import moves, outbox, pull_requests
from trainboard.store.database import Database

_log = structlog.get_logger(__name__)


def follow_moves(
    database: Database, projects: Collection[Project], now: datetime
) -> Mapping[str, Sequence[str]]:
    """Rows follow the names that the settings have now; answers the former names by those.

    A name that the settings still have is nobody's former one. What the settings have to follow is logged.
    """
    with database.write() as connection:
        told = moves.list_all(connection)
        for outdated in list_outdated(told, projects):
            _log.warning(say_what(outdated), fix=say_what_to_do(outdated))
        named = _list_addresses(projects)
        used = {address.casefold() for address in named}
        former = {
            address: [name for name in list_former(told, address) if name.casefold() not in used]
            for address in named
        }
        for address, names in former.items():
            for name in names:
                _follow(connection, name, address, projects, now)
    return former


def _list_addresses(projects: Iterable[Project]) -> list[str]:
    return list(dict.fromkeys(name for each in projects for name in (each.tracker, each.code) if name))


def _follow(connection: Connection, old: str, new: str, projects: Iterable[Project], now: datetime) -> None:
    """What waited to be shown under the old name is asked for anew."""
    if not moves.follow(connection, old, new):
        return
    _log.info("what is known of a repository follows its new name", old=old, new=new)
    name = next((each.name for each in projects if each.lives_in(new)), "")
    for pull_request in pull_requests.list_open(connection, new) if name else ():
        effect = EnsurePullRequestStatus(project=name, code=new, pull_request=pull_request.number)
        outbox.put(connection, effect, now, pace=timedelta(0))
