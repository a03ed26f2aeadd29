"""`/unassign`: take a work item from people."""

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
    """They are not among its assignees."""
    names = name_people(call, asking) or (asking.who,)
    seen = asking.given.hint.item
    back = ItemEdit(assignees=seen.assignees) if seen and seen.assignees is not UNSET else None
    shown = ", ".join(inert(name, 80) for name in names)
    yield from edit(asking, f"take this from {shown}", ItemEdit(unassign=names), back)


COMMAND = Command(
    name="unassign",
    summary="take this from somebody, or from you",
    parameters=(Parameter(name="user", about="whose it was; `me` is you", type=USER, many=True),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/unassign", "/unassign ada"),
    run=run,
)
