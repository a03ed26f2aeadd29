"""Pipelines of nobody: what was started stands in the bot's own database, for the demo and for try-outs."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import select

from trainboard.pipelines import StartedRun
from trainboard.store.database import Database
from trainboard.store.local_models import LocalPipelineRunRow
from trainboard.store.upserts import insert
from trainboard.triggers import Order, Pipeline, RunName


class LocalStarter:
    """The pipelines of one board. To start twice with one mark is to start once.

    Args:
        database: where the runs are kept.
        board: its name, the project's.
        clock: answers the present moment, aware, in UTC.
    """

    def __init__(self, database: Database, board: str, clock: Callable[[], datetime]) -> None:
        self.name = f"local:{board}"
        self._database = database
        self._board = board
        self._clock = clock

    def start(self, order: Order) -> StartedRun:
        """Note the run."""
        values = {
            "board": self._board,
            "pipeline": order.pipeline.target,
            "marker": order.marker,
            "document": msgspec.json.encode(order).decode(),
            "started_at": self._clock(),
        }
        with self._database.write() as connection:
            statement = insert(connection, LocalPipelineRunRow).values(values)
            connection.execute(statement.on_conflict_do_nothing())
        found = self.find(order, self._clock())
        assert found is not None
        return found

    def find(self, order: Order, since: datetime) -> StartedRun | None:  # noqa: ARG002  none is ever lost
        """The run with the mark."""
        mine = LocalPipelineRunRow.marker == order.marker
        with self._database.read() as connection:
            number = connection.execute(select(LocalPipelineRunRow.id).where(mine)).scalar()
        return None if number is None else StartedRun(name=RunName(self.name, str(number)))

    def proves_absence(self, pipeline: Pipeline) -> bool:  # noqa: ARG002  it holds for all of them
        """Always."""
        return True

    def page_of(self, pipeline: Pipeline) -> str:  # noqa: ARG002  there are none
        """There is none."""
        return ""

    def check(self, pipeline: Pipeline) -> None:
        """It is there by being declared."""

    def list_orders(self) -> list[Order]:
        """What was started, in this order."""
        mine = LocalPipelineRunRow.board == self._board
        query = select(LocalPipelineRunRow.document).where(mine).order_by(LocalPipelineRunRow.id)
        with self._database.read() as connection:
            return [msgspec.json.decode(text, type=Order) for text in connection.execute(query).scalars()]
