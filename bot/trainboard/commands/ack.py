"""`/ack`: say that somebody looks at an alert."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS, get_problem
from trainboard.comments import Role
from trainboard.facts import AnswerProblem
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter, Plan
from trainboard.grammar.values import TEXT


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """The bug counts as answered from now on."""
    problem = get_problem(asking)
    yield Plan("note that somebody looks at it")
    yield AnswerProblem(key=problem.key, at=asking.given.created_at)


COMMAND = Command(
    name="ack",
    summary="say that you look at what fires here",
    parameters=(Parameter(name="reason", about="what you know so far", type=TEXT),),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/ack", "/ack the vendor's feed is late"),
    run=run,
)
