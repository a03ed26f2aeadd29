"""`/rollback`: start the pipeline that brings back what stood before."""

from trainboard.commanding.starting import start
from trainboard.comments import Role
from trainboard.grammar.declaration import Command, Parameter
from trainboard.grammar.values import COMMIT, ENVIRONMENT, NAME

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
    starts_pipelines=True,
    examples=("/rollback production", "/rollback production model_version=11"),
    run=start,
)
