"""`/inconclusive`: end an experiment without a result."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.concluding import end
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.plans import INCONCLUSIVE


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """Whatever the targets say, this is what people make of it."""
    yield from end(call, asking, INCONCLUSIVE)


COMMAND = Command(
    name="inconclusive",
    summary="end this experiment without a result",
    parameters=(Parameter(name="reason", about="why nothing can be said", type=TEXT, required=True),),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/inconclusive the labels of March are broken",),
    run=run,
)
