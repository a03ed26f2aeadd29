"""`/track`: show an experiment in this work item."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import track
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.rendering.inert import inert_code

_LONGEST = 250


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """From the current sprint on, whatever the settings plan."""
    experiment = (call.find("experiment", str) or "").strip()
    if len(experiment) > _LONGEST:
        raise CommandError(f"The name of an experiment has at most {_LONGEST} characters.")
    if asking.item is not None:
        raise CommandError(f"This shows experiment {inert_code(asking.item.experiment)} already.")
    if asking.read.find_problem_by_ref(asking.board, asking.origin.ref):
        raise CommandError("This is a bug that was made of alerts.")
    if asking.read.has_report_at(asking.board, asking.origin.ref):
        raise CommandError("This is the report of a sprint.")
    if asking.read.find_refactoring_by_ref(asking.board, asking.origin.ref):
        raise CommandError("This is about a notebook that becomes scripts.")
    number = asking.read.current_iteration(asking.project.name).number
    known = asking.read.find_item(asking.project.name, experiment, number)
    if known is not None and known.state != "gone":
        raise CommandError(f"Work item {inert_code(known.ref)} shows that experiment in this sprint.")
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
