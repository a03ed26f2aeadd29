"""`/close`: close a work item."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import TEXT, choice


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """It is closed, as done or as not planned."""
    is_dropped = call.find("as", str) == "not-planned"
    change = ItemEdit(state="closed", closed_as="not planned" if is_dropped else "done")
    plan = f"close this as {change.closed_as}"
    yield from edit(asking, plan, change, ItemEdit(state="open"))


COMMAND = Command(
    name="close",
    summary="close this",
    parameters=(
        Parameter(name="as", about="how it ends", type=choice("done", "not-planned"), option=True),
        Parameter(name="reason", about="why", type=TEXT),
    ),
    surfaces=ITEMS,
    role=Role.AUTHOR,
    examples=("/close", "/close as=not-planned the data set is gone"),
    run=run,
)
