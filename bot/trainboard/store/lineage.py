"""Which work items are below which, and what those are called now that were carried to another tracker."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection, select, tuple_, update

from trainboard.facts import MoveWorkItem, RecordParent
from trainboard.item_links import MOST_STEPS, Item, Link, LinkSource
from trainboard.store.link_models import ItemParentRow, MovedItemRow
from trainboard.store.models import WorkItemRow
from trainboard.store.plan_models import PlanWordRow, TrackedExperimentRow
from trainboard.store.refactoring_models import RefactoringRow
from trainboard.store.upserts import insert


def record_parent(connection: Connection, fact: RecordParent) -> None:
    """Note what was said, unless something later is known; of two things said at one moment, the removal.

    The time may be that of an item which the change itself left as it was.
    """
    values = {
        "tracker": fact.tracker,
        "ref": fact.ref,
        "parent_tracker": fact.parent_tracker,
        "parent": fact.parent,
    }
    told = {"linked": fact.linked, "at": fact.at}
    connection.execute(insert(connection, ItemParentRow).values(values | told).on_conflict_do_nothing())
    mine = [getattr(ItemParentRow, name) == value for name, value in values.items()]
    known = select(ItemParentRow.at, ItemParentRow.linked).where(*mine).with_for_update()
    at, linked = connection.execute(known).one()
    if (at, not linked) < (fact.at, not fact.linked):
        connection.execute(update(ItemParentRow).where(*mine).values(told))


def list_parents(connection: Connection, items: Iterable[Item]) -> Sequence[Link]:
    """What is above the items, or was put above what they were called, as links that come from them."""
    now = {item: item for item in items}
    fresh: Collection[Item] = list(now)
    for _ in range(MOST_STEPS):
        former = _list_former(connection, fresh)
        fresh = former.keys() - now.keys()
        now |= {old: now[former[old]] for old in fresh}
    if not now:
        return []
    row = ItemParentRow
    below = tuple_(row.tracker, row.ref).in_(list(now))
    query = select(row.parent_tracker, row.parent, row.tracker, row.ref).where(below, row.linked)
    return [
        Link(tracker=above.parent_tracker, ref=above.parent, source=LinkSource.CHILD, by=by)
        for above in connection.execute(query)
        for _, by in [now[above.tracker, above.ref]]
    ]


def list_below(connection: Connection, items: Iterable[Item]) -> set[Item]:
    """The items and all that is below them, or was called so."""
    found = fresh = set(items)
    for _ in range(MOST_STEPS):
        fresh = {*_list_children(connection, fresh), *_list_former(connection, fresh)} - found
        if not fresh:
            break
        found = found | fresh
    return found | set(_list_former(connection, found))


def name_now(connection: Connection, items: Iterable[Item]) -> dict[Item, Item]:
    """What the items are called now, by what they were called; only those that were carried away."""
    names = {item: item for item in items}
    for _ in range(MOST_STEPS if names else 0):
        moved = _list_moves(connection, names.values())
        if not moved:
            break
        names = {old: moved.get(new, new) for old, new in names.items()}
    return {old: new for old, new in names.items() if old != new}


def move_item(connection: Connection, fact: MoveWorkItem) -> None:
    """Follow a work item. Doing so twice changes nothing more."""
    values = {
        "tracker": fact.old_tracker,
        "ref": fact.old_ref,
        "new_tracker": fact.tracker,
        "new_ref": fact.ref,
    }
    connection.execute(insert(connection, MovedItemRow).values(values).on_conflict_do_nothing())
    taken = (WorkItemRow.tracker == fact.tracker) & (WorkItemRow.ref == fact.ref)
    if connection.execute(select(WorkItemRow.id).where(taken)).scalar() is not None:
        return
    mine = (WorkItemRow.tracker == fact.old_tracker) & (WorkItemRow.ref == fact.old_ref)
    moved = {
        "tracker": fact.tracker,
        "ref": fact.ref,
        "state": fact.state,
        "url": fact.url,
        "changed_at": fact.at,
    }
    connection.execute(update(WorkItemRow).where(mine).values(moved))
    notebook = (RefactoringRow.tracker == fact.old_tracker) & (RefactoringRow.ref == fact.old_ref)
    told = {"tracker": fact.tracker, "ref": fact.ref, "state": fact.state, "url": fact.url}
    connection.execute(update(RefactoringRow).where(notebook).values(told))
    planned = (PlanWordRow.tracker == fact.old_tracker) & (PlanWordRow.ref == fact.old_ref)
    connection.execute(update(PlanWordRow).where(planned).values(tracker=fact.tracker, ref=fact.ref))
    wished = (TrackedExperimentRow.tracker == fact.old_tracker) & (TrackedExperimentRow.ref == fact.old_ref)
    connection.execute(update(TrackedExperimentRow).where(wished).values(tracker=fact.tracker, ref=fact.ref))


def _list_children(connection: Connection, items: Iterable[Item]) -> Iterator[Item]:
    row = ItemParentRow
    above = tuple_(row.parent_tracker, row.parent).in_(list(items))
    found = connection.execute(select(row.tracker, row.ref).where(above, row.linked)).all()
    return ((child.tracker, child.ref) for child in found)


def _list_former(connection: Connection, items: Collection[Item]) -> dict[Item, Item]:
    """The items as they were called before, each with what it was called next."""
    if not items:
        return {}
    row = MovedItemRow
    now = tuple_(row.new_tracker, row.new_ref).in_(list(items))
    moves = connection.execute(select(row).where(now)).all()
    return {(move.tracker, move.ref): (move.new_tracker, move.new_ref) for move in moves}


def _list_moves(connection: Connection, items: Iterable[Item]) -> dict[Item, Item]:
    moved = tuple_(MovedItemRow.tracker, MovedItemRow.ref).in_(list(items))
    rows = connection.execute(select(MovedItemRow).where(moved)).all()
    return {(row.tracker, row.ref): (row.new_tracker, row.new_ref) for row in rows}
