"""Commands that change a work item, and what takes such a change back."""

from collections.abc import Iterator

from trainboard.effects import EditItem
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Outcome, Plan, Undo


def edit(asking: Asking, plan: str, change: ItemEdit, back: ItemEdit | None = None) -> Iterator[Outcome]:
    """The change, and what undoes it where it is known how the item was.

    Args:
        asking: who commands it, and of which item.
        plan: what it does, as in `Plan`.
        change: what to change.
        back: what makes the item as it was; None where that is not known.
    """
    yield Plan(plan)
    yield _make(asking, change)
    if back is not None:
        yield Undo(_make(asking, back))


def _make(asking: Asking, change: ItemEdit) -> EditItem:
    return EditItem(project=asking.project.name, origin=asking.origin, asked=asking.key, edit=change)
