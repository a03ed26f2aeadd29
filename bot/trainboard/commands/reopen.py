"""`/reopen`: open a work item again."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.commanding.planning import say
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome
from trainboard.handlers.plans import has_conclusion


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """It is open, and how an experiment ended is taken back."""
    yield from edit(asking, "open this again", ItemEdit(state="open"), ItemEdit(state="closed"))
    if asking.item is not None and has_conclusion(asking.read, asking.item):
        yield from say(asking, "take back how the experiment ended", "conclusion", "")


COMMAND = Command(
    name="reopen",
    summary="open this again",
    surfaces=ITEMS,
    role=Role.AUTHOR,
    examples=("/reopen",),
    run=run,
)
