"""`/priority`: say how urgent a work item is."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import choice

_RANKS = {"critical": 1, "high": 2, "medium": 3, "low": 4} | {str(rank): rank for rank in range(1, 5)}


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """In the tracker's own field, or as a label."""
    rank = _RANKS[call.find("priority", str) or "medium"]
    yield from edit(asking, f"give this priority {rank}", ItemEdit(priority=rank))


COMMAND = Command(
    name="priority",
    summary="say how urgent this is",
    parameters=(Parameter(name="priority", about="how urgent, 1 most", type=choice(*_RANKS), required=True),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/priority high", "/priority 1"),
    run=run,
)
