"""`/reject`: stop a run that waits for an approval."""

from trainboard.commanding.answering import answer_approval
from trainboard.commanding.asked import PULL_REQUESTS
from trainboard.comments import Role
from trainboard.grammar.declaration import Command, Parameter
from trainboard.grammar.values import ENVIRONMENT, TEXT

COMMAND = Command(
    name="reject",
    summary="pass your refusal on to what waits for an approval",
    parameters=(
        Parameter(name="environment", about="where it waits; not needed if that is one", type=ENVIRONMENT),
        Parameter(name="reason", about="why", type=TEXT),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.ANYONE,
    guarded=True,
    examples=("/reject production", "/reject production latency doubled"),
    run=answer_approval("rejected"),
)
