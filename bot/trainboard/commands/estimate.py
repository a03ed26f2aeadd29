"""`/estimate`: say how much work an item is."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import NUMBER, choice

_MOST = 1000
_NONE = "none"


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """In the tracker's own field, or as a label."""
    points = call.values["points"]
    if points == _NONE:
        yield from edit(asking, "take the estimate off this", ItemEdit(estimate=None))
        return
    amount = call.find("points", float) or 0.0
    if not 0 <= amount <= _MOST or round(amount, 2) != amount:
        raise CommandError(f"An estimate is from 0 to {_MOST:,}, with at most two decimals.")
    yield from edit(asking, f"estimate this at {amount:g}", ItemEdit(estimate=amount))


COMMAND = Command(
    name="estimate",
    summary="say how much work this is",
    parameters=(
        Parameter(
            name="points",
            about="the effort in the team's unit",
            type=choice(_NONE, other=NUMBER),
            required=True,
        ),
    ),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/estimate 3", "/estimate 0.5", "/estimate none"),
    run=run,
)
