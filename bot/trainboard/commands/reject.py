"""`/reject`: stop a run that waits for an approval."""

from trainboard.commanding.answering import PARAMETERS, answer_approval
from trainboard.commanding.asked import PULL_REQUESTS
from trainboard.comments import Role
from trainboard.grammar.declaration import Command

COMMAND = Command(
    name="reject",
    summary="pass your refusal on to what waits for an approval",
    parameters=PARAMETERS,
    surfaces=PULL_REQUESTS,
    role=Role.ANYONE,
    guarded=True,
    examples=("/reject production", "/reject production latency doubled"),
    run=answer_approval("rejected"),
)
