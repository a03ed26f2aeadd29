"""`/retrain`: start a training pipeline."""

from collections.abc import Iterator

from trainboard.commanding.starting import start
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import COMMIT, NAME


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """One run of it, whose end is shown here."""
    return start(call, asking)


COMMAND = Command(
    name="retrain",
    summary="start a training pipeline of the project",
    parameters=(
        Parameter(name="pipeline", about="its name; not needed if there is one", type=NAME),
        Parameter(name="commit", about="what to train", type=COMMIT, option=True),
    ),
    others="values of the pipeline's parameters",
    role=Role.WRITE,
    dangerous=True,
    examples=("/retrain", "/retrain nightly dataset=2026-11"),
    run=run,
)
