"""`/conclude`: end an experiment with a result."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.concluding import end
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.plans import CONCLUDED


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """Whatever the targets say, this is what people make of it."""
    yield from end(call, asking, CONCLUDED)


COMMAND = Command(
    name="conclude",
    summary="end this experiment with a result",
    parameters=(Parameter(name="reason", about="what came of it", type=TEXT, required=True),),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/conclude deeper trees are worth their time",),
    run=run,
)
