"""`/unblock`: mark a work item as no longer blocked."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome
from trainboard.work_items import BLOCKED_LABEL


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """It does not carry the label any more."""
    labels = (BLOCKED_LABEL,)
    change, back = ItemEdit(remove_labels=labels), ItemEdit(add_labels=labels)
    yield from edit(asking, "mark this as no longer blocked", change, back)


COMMAND = Command(
    name="unblock",
    summary="mark this as no longer blocked",
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/unblock",),
    run=run,
)
