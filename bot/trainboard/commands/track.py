"""`/track`: show an experiment in this work item."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import find_obstacle, track
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import TEXT


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """From the current sprint on, whatever the settings plan."""
    experiment = (call.find("experiment", str) or "").strip()
    number = asking.read.current_iteration(asking.project.name).number
    if obstacle := find_obstacle(asking.read, asking.project, asking.origin.ref, [experiment], number):
        raise CommandError(obstacle)
    yield from track(asking, experiment, number)


COMMAND = Command(
    name="track",
    summary="show the runs of an experiment here",
    parameters=(Parameter(name="experiment", about="its name in the run tracker", type=TEXT, required=True),),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/track churn-xgb", "/track deeper trees"),
    run=run,
)
