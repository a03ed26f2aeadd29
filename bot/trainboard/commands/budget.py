"""`/budget`: say what an experiment may use up."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import say
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.rendering.inert import inert_code
from trainboard.spending import parse_budget

_NONE = "none"


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The whole budget is what is said last."""
    text = call.find("limits", str) or ""
    if text.strip().lower() == _NONE:
        yield from say(asking, "hold the experiment to the budget that is written above", "budget", "")
        return
    limits = parse_budget(text)
    if limits is None:
        raise CommandError(
            "A budget is a list of `runs<=50`, `gpu_hours<=20`, `cost<=300 EUR` and `until 2030-01-31`, with "
            "commas between."
        )
    said = ", ".join(map(str, limits))
    yield from say(asking, f"hold the experiment to {inert_code(said)}", "budget", said)


COMMAND = Command(
    name="budget",
    summary="say what this experiment may use up",
    parameters=(
        Parameter(name="limits", about="runs, hours, money, a last day, or none", type=TEXT, required=True),
    ),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/budget runs<=50, gpu_hours<=20", "/budget cost<=300 EUR, until 2030-01-31", "/budget none"),
    run=run,
)
