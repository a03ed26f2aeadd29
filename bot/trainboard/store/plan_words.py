"""What people commanded of the plans of experiments, as they said it last."""

from sqlalchemy import ColumnElement, Connection, select

from trainboard.facts import RecordPlanWord
from trainboard.plans import PlanWord
from trainboard.store.models import WorkItemRow
from trainboard.store.plan_models import PlanWordRow
from trainboard.store.upserts import insert

_SAID = ("value", "reason", "by", "at")


def record(connection: Connection, fact: RecordPlanWord) -> None:
    """Note it, unless something later is known on the same."""
    word = fact.word
    said = {name: getattr(word, name) for name in _SAID}
    statement = insert(connection, PlanWordRow).values(
        tracker=fact.tracker, ref=fact.ref, subject=word.subject, key=word.key, **said
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tracker", "ref", "subject", "key"], set_=said, where=PlanWordRow.at <= word.at
        )
    )


def is_about(fact: RecordPlanWord) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    same = (PlanWordRow.subject == fact.word.subject) & (PlanWordRow.key == fact.word.key)
    return _is_of(fact.tracker, fact.ref) & same


def concludes(item: type[WorkItemRow]) -> ColumnElement[bool]:
    """True for the row that says what people made of the item's experiment."""
    mine = (PlanWordRow.tracker == item.tracker) & (PlanWordRow.ref == item.ref)
    return mine & (PlanWordRow.subject == "conclusion")


def find_conclusion(connection: Connection, tracker: str, ref: str) -> PlanWord | None:
    """What was said last of how the experiment ended, also where that took a word back; None for nothing."""
    said = (each for each in list_of(connection, tracker, ref) if each.subject == "conclusion")
    return next(said, None)


def find_end(connection: Connection, tracker: str, ref: str) -> PlanWord | None:
    """How the experiment ended; None where nobody said so, or somebody took it back."""
    said = find_conclusion(connection, tracker, ref)
    return said if said and said.value else None


def list_of(connection: Connection, tracker: str, ref: str) -> list[PlanWord]:
    """All of the work item."""
    rows = connection.execute(select(PlanWordRow).where(_is_of(tracker, ref)).order_by(PlanWordRow.id))
    return [
        PlanWord(subject=row.subject, key=row.key, **{name: getattr(row, name) for name in _SAID})
        for row in rows
    ]


def _is_of(tracker: str, ref: str) -> ColumnElement[bool]:
    return (PlanWordRow.tracker == tracker) & (PlanWordRow.ref == ref)
