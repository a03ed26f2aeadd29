"""`/assign`: give a work item to people."""

from collections.abc import Iterator

from msgspec import UNSET

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.commanding.people import name_people
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import USER
from trainboard.rendering.inert import inert


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """They are among its assignees; who was there before stays, where the tracker takes more than one."""
    names = name_people(call, asking) or (asking.who,)
    seen = asking.given.hint.item
    back = ItemEdit(assignees=seen.assignees) if seen and seen.assignees is not UNSET else None
    shown = ", ".join(inert(name, 80) for name in names)
    yield from edit(asking, f"give this to {shown}", ItemEdit(assign=names), back)


COMMAND = Command(
    name="assign",
    summary="give this to somebody, or to you",
    parameters=(Parameter(name="user", about="whose it becomes; `me` is you", type=USER, many=True),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/assign", "/assign ada", "/assign ada, grace"),
    run=run,
)
