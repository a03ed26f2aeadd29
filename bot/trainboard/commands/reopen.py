"""`/reopen`: open a work item again."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """It is open."""
    yield from edit(asking, "open this again", ItemEdit(state="open"), ItemEdit(state="closed"))


COMMAND = Command(
    name="reopen",
    summary="open this again",
    surfaces=ITEMS,
    role=Role.AUTHOR,
    examples=("/reopen",),
    run=run,
)
