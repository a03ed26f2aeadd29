"""What people said of the goals of sprints."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from trainboard.facts import RecordGoal
from trainboard.goals import GoalSaid
from trainboard.store.sprint_models import SprintGoalRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: RecordGoal) -> None:
    """Write it down, once for each command."""
    said = fact.said
    statement = insert(connection, SprintGoalRow).values(
        key=fact.key,
        project=fact.project,
        number=said.number,
        word=said.word,
        text=said.text,
        by=said.by,
        at=said.at,
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def list_of(connection: Connection, project: str) -> Sequence[GoalSaid]:
    """All that was said in the project, in the order in which it was heard."""
    query = select(SprintGoalRow).where(SprintGoalRow.project == project).order_by(SprintGoalRow.id)
    return [
        GoalSaid(number=row.number, word=row.word, text=row.text, by=row.by, at=row.at)
        for row in connection.execute(query)
    ]


def is_about(fact: RecordGoal) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    return SprintGoalRow.key == fact.key
