"""`/rollback`: start the pipeline that brings back what stood before."""

from collections.abc import Iterator

from trainboard.commanding.starting import start
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter
from trainboard.grammar.values import COMMIT, ENVIRONMENT, NAME


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """One run of it, for an environment that nobody else changes just now."""
    return start(call, asking, environment=call.find("environment", str) or "")


COMMAND = Command(
    name="rollback",
    summary="start the pipeline that brings back what stood in an environment before",
    parameters=(
        Parameter(name="environment", about="where", type=ENVIRONMENT, required=True),
        Parameter(name="pipeline", about="its name; not needed if there is one", type=NAME, option=True),
        Parameter(name="commit", about="what is brought back", type=COMMIT, option=True),
    ),
    others="values of the pipeline's parameters",
    role=Role.MAINTAIN,
    dangerous=True,
    examples=("/rollback production", "/rollback production model_version=11"),
    run=run,
)
