"""`/split`: make parts of a work item."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.comments import Role
from trainboard.effects import MakePart
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter, Plan
from trainboard.grammar.values import NAME
from trainboard.rendering.inert import inert, plain

_MOST, _LONGEST = 10, 200


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """Each an item of its own below it, in the same sprint."""
    titles = [plain(str(each), _LONGEST + 1) for each in call.find("title", tuple) or ()]
    if len(titles) > _MOST or any(len(title) > _LONGEST for title in titles):
        raise CommandError(f"At most {_MOST} parts at once, of {_LONGEST} characters each.")
    for place, title in enumerate(titles):
        yield Plan(f"make a work item “{inert(title)}” below this")
        yield MakePart(
            project=asking.project.name, origin=asking.origin, asked=asking.key, place=place, title=title
        )


COMMAND = Command(
    name="split",
    summary="make work items of the parts of this, below it and in its sprint",
    parameters=(
        Parameter(
            name="title", about="what a part is called, in quotes", type=NAME, required=True, many=True
        ),
    ),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=('/split "Clean the labels" "Train on them"',),
    run=run,
)
