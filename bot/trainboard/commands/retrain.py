"""`/retrain`: start a training pipeline."""

from trainboard.commanding.starting import start
from trainboard.comments import Role
from trainboard.grammar.declaration import Command, Parameter
from trainboard.grammar.values import COMMIT, NAME

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
    starts_pipelines=True,
    examples=("/retrain", "/retrain nightly dataset=2026-11"),
    run=start,
)
