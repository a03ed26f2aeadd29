"""`/assign`: give a work item to people."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.people import change_people
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import USER


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """They are among its assignees; who was there before stays, where the tracker takes more than one."""
    return change_people(call, asking, "give this to", lambda names: ItemEdit(assign=names))


COMMAND = Command(
    name="assign",
    summary="give this to somebody, or to you",
    parameters=(Parameter(name="user", about="whose it becomes; `me` is you", type=USER, many=True),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/assign", "/assign ada", "/assign ada, grace"),
    run=run,
)
