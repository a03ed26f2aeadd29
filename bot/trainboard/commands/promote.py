"""`/promote`: start the pipeline that deploys."""

from trainboard.commanding.starting import start
from trainboard.comments import Role
from trainboard.grammar.declaration import Command, Parameter
from trainboard.grammar.values import COMMIT, ENVIRONMENT, NAME

COMMAND = Command(
    name="promote",
    summary="start the pipeline that deploys to an environment",
    parameters=(
        Parameter(name="environment", about="where it goes", type=ENVIRONMENT, required=True),
        Parameter(name="pipeline", about="its name; not needed if there is one", type=NAME, option=True),
        Parameter(name="commit", about="what is deployed", type=COMMIT, option=True),
    ),
    others="values of the pipeline's parameters",
    role=Role.MAINTAIN,
    dangerous=True,
    starts_pipelines=True,
    examples=("/promote staging", "/promote production model_version=12"),
    run=start,
)
