"""`/unassign`: take a work item from people."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.people import change_people
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import USER


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """They are not among its assignees."""
    return change_people(call, asking, "take this from", lambda names: ItemEdit(unassign=names))


COMMAND = Command(
    name="unassign",
    summary="take this from somebody, or from you",
    parameters=(Parameter(name="user", about="whose it was; `me` is you", type=USER, many=True),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/unassign", "/unassign ada"),
    run=run,
)
