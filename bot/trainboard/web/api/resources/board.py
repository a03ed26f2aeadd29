"""The board as JSON: the same facts as the page."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from trainboard.deliveries import DeliveryState
from trainboard.runs import Time
from trainboard.store import board, inbox, outbox
from trainboard.store.board import Card, ReaderState, RunCounts
from trainboard.web.api.asking import Name
from trainboard.web.api.operations import operation
from trainboard.web.api.resources.projects import SprintDates, name_sprint
from trainboard.web.columns import Slug, column_of
from trainboard.web.health import EFFECT_STATES
from trainboard.web.site import Site

ItemState = Literal["open", "closed", "gone"]


class BoardTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A target as people wrote it. `best` is the best value of a finished run, null where none has one."""

    text: str
    verdict: str
    best: float | None


class RunTotals(msgspec.Struct, frozen=True, kw_only=True):
    """How many runs stand where, parents of sweeps left out; `total` is the sum."""

    finished: int
    running: int
    failed: int
    killed: int
    queued: int
    total: int


class BoardModel(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a registered model that a run made, and the aliases that point at it."""

    name: str
    version: str | None
    aliases: tuple[str, ...]


class BoardItem(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment's work item. `number` is ours, `ref` the tracker's; `gone` is what somebody deleted.

    `carries` counts its moves to a later sprint, `updated_at` is the latest change of it or of a run.
    """

    number: int
    experiment: str
    ref: str
    url: str
    state: ItemState
    column: Slug
    carries: int
    targets: tuple[BoardTarget, ...]
    runs: RunTotals
    models: tuple[BoardModel, ...]
    updated_at: Time


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """How the reading of a run tracker goes; `unreachable_since` is null while it answers."""

    door: str
    read_at: Time | None
    unreachable_since: Time | None
    error: str | None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint's board, its items in the order in which they were made.

    Deliveries and effects are counted by state, over all projects.
    """

    project: str
    sprint: SprintDates
    items: tuple[BoardItem, ...]
    deliveries: dict[str, int]
    effects: dict[str, int]
    readers: tuple[Reader, ...]


class BoardAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which board."""

    project: Name | None = None
    sprint: (
        Annotated[
            int, Meta(ge=1, le=99_999, description="The number of a sprint; without it the current one.")
        ]
        | None
    ) = None


def item_of(card: Card) -> BoardItem:
    """The card as programs are told of it."""
    return BoardItem(
        number=card.number,
        experiment=card.item.experiment,
        ref=card.item.ref,
        url=card.item.url,
        state=card.item.state,
        column=column_of(card).slug,
        carries=card.item.carries,
        targets=tuple(
            BoardTarget(text=str(each.target), verdict=each.verdict.value, best=each.best)
            for each in card.judgements
        ),
        runs=_count(card.runs),
        models=tuple(
            BoardModel(name=each.name, version=each.version, aliases=each.aliases) for each in card.models
        ),
        updated_at=card.updated_at,
    )


def reader_of(reader: ReaderState) -> Reader:
    """The reading of a run tracker as programs are told of it."""
    return Reader(**msgspec.structs.asdict(reader))


@operation("/api/v1/board", scope="board:read", group="Board")
def get_board(site: Site, asked: BoardAsked) -> Board:
    """The sprint board of a project: every experiment with its targets, runs and models.

    It is one answer, however many items the sprint has.
    """
    project = site.choose_project(asked.project)
    number = asked.sprint or site.current(project).number
    with site.database.read() as connection:
        sprint = site.get_sprint(connection, project, number)
        cards = board.list_cards(connection, project.name, sprint.number)
        readers = site.list_readers(connection, project.name)
        deliveries = inbox.count_states(connection)
        effects = outbox.count_states(connection)
    return Board(
        project=project.name,
        sprint=name_sprint(sprint),
        items=tuple(map(item_of, cards)),
        deliveries={state.value: deliveries.get(state, 0) for state in DeliveryState},
        effects={state: effects.get(state, 0) for state in EFFECT_STATES},
        readers=tuple(map(reader_of, readers)),
    )


def _count(runs: RunCounts) -> RunTotals:
    return RunTotals(**msgspec.structs.asdict(runs), total=runs.total)
