"""`/untrack`: show an experiment no longer."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import get_experiment, track
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """What stands here stays; further runs are known, and shown nowhere."""
    item = get_experiment(asking)
    yield from track(asking, item.experiment, item.number, stopped=True)


COMMAND = Command(
    name="untrack",
    summary="show the runs of this experiment no longer",
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/untrack",),
    run=run,
)
