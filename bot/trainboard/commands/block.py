"""`/block`: mark a work item as blocked."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.work_items import BLOCKED_LABEL


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """It carries the label; the reason stands in the comment."""
    labels = (BLOCKED_LABEL,)
    change, back = ItemEdit(add_labels=labels), ItemEdit(remove_labels=labels)
    yield from edit(asking, "mark this as blocked", change, back)


COMMAND = Command(
    name="block",
    summary="mark this as blocked",
    parameters=(Parameter(name="reason", about="what is in the way", type=TEXT),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/block", "/block the labels are not there yet"),
    run=run,
)
