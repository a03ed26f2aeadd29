"""`/approve`: let a run go on that waits for an approval."""

from trainboard.commanding.answering import PARAMETERS, answer_approval
from trainboard.commanding.asked import PULL_REQUESTS
from trainboard.comments import Role
from trainboard.grammar.declaration import Command

COMMAND = Command(
    name="approve",
    summary="pass your approval on to what waits for it",
    parameters=PARAMETERS,
    surfaces=PULL_REQUESTS,
    role=Role.ANYONE,
    guarded=True,
    examples=("/approve", "/approve production", "/approve production it was tried in staging"),
    run=answer_approval("approved"),
)
