"""Where the demo's work items live: on the service's own board, or on a stand-in for Azure Boards."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec

import msgspec

from trainboard.demo.story import PROJECT
from trainboard.errors import PermanentError
from trainboard.trackers import Tracker

STAND_IN = "fakes.azure_devops"


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A board for one play.

    `place` and `section` are what the service's settings say of it. `visit` takes the address of the
    service's database and shows the board as a person sees it. `comment` takes that too, a person, the number
    of a work item and a text, and has the service hear of it; None where nobody tells the service.
    """

    title: str
    place: str
    section: str
    visit: Callable[[str], AbstractContextManager[Tracker]]
    comment: Callable[[str, str, str, str], None] | None = None


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """What the stand-in says of itself when it answers; `person_token` is that of somebody of the team."""

    url: str
    organization: str
    project: str
    team: str
    token: str
    person_token: str


@contextmanager
def local() -> Iterator[Board]:
    """The service's own board."""
    yield Board(title="local board", place="local", section="", visit=_visit_local, comment=_comment_locally)


@contextmanager
def azure() -> Iterator[Board]:
    """A team's board in an organisation that is played by another process, which ends with the block.

    Raises:
        PermanentError: the stand-in is not there, or does not start.
    """
    with _running_stand_in() as stand_in:
        section = (
            f"[azure_devops]\norganization_url = {_text(stand_in.url)}\ntoken = {_text(stand_in.token)}\n"
        )
        yield Board(
            title=f"a stand-in for Azure Boards, {stand_in.project} of {stand_in.url}",
            place=f"azure-boards:{stand_in.organization}/{stand_in.project}/{stand_in.team}",
            section=section,
            visit=lambda _: _visit_azure(stand_in),
        )


BOARDS: dict[str, Callable[[], AbstractContextManager[Board]]] = {"local": local, "azure": azure}


@contextmanager
def _visit_local(database_url: str) -> Iterator[Tracker]:
    from trainboard.store.database import Database
    from trainboard.trackers.local import LocalTracker

    board = LocalTracker(Database(database_url), PROJECT, _now, author="ana")
    try:
        yield board
    finally:
        board.close()


def _comment_locally(database_url: str, author: str, ref: str, text: str) -> None:
    from trainboard.applying.local_comments import write_comment
    from trainboard.store.database import Database

    database = Database(database_url)
    try:
        write_comment(database, {PROJECT}, int(ref), author, text, _now())
    finally:
        database.close()


@contextmanager
def _visit_azure(stand_in: StandIn) -> Iterator[Tracker]:
    from trainboard.azure_devops.client import Organization
    from trainboard.azure_devops.credentials import TokenCredential
    from trainboard.azure_devops.locations import name_account
    from trainboard.budgets.azure_devops import WINDOWS
    from trainboard.budgets.memory import MemoryBudgets
    from trainboard.trackers.azure_boards import AzureBoardsTracker

    organization = Organization(
        url=stand_in.url,
        credential=TokenCredential(stand_in.person_token),
        budget=MemoryBudgets(_now).of(name_account(stand_in.url), WINDOWS),
        clock=_now,
    )
    try:
        yield AzureBoardsTracker(
            organization=organization, project=stand_in.project, team=stand_in.team, clock=_now
        )
    finally:
        organization.close()


@contextmanager
def _running_stand_in() -> Iterator[StandIn]:
    """The stand-in ends when its standard input does, also if this process is killed."""
    if find_spec(STAND_IN.partition(".")[0]) is None:
        raise PermanentError(
            "The stand-in for Azure DevOps is part of the source tree only: "
            "run `make demo TRACKER=azure` in a clone of the repository."
        )
    command = [sys.executable, "-m", STAND_IN]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield _read_greeting(process.stdout.readline())
        finally:
            process.stdin.close()


def _read_greeting(line: bytes) -> StandIn:
    try:
        return msgspec.json.decode(line, type=StandIn)
    except msgspec.DecodeError as error:
        raise PermanentError("The stand-in for Azure DevOps did not start; see above.") from error


def _text(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _now() -> datetime:
    return datetime.now(UTC)
