"""`/waive`: let a pull request pass its metric gate."""

from collections.abc import Iterator

from trainboard.commanding.asked import PULL_REQUESTS, get_pull_request
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, Outcome, Parameter, Plan, Undo
from trainboard.grammar.values import TEXT
from trainboard.handlers.pull_requests import note_waiver
from trainboard.rendering.inert import inert_code
from trainboard.waivers import waive, withdraw


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The gate of the head commit is waived, until something is pushed."""
    pull_request = get_pull_request(asking)
    at = asking.read.now
    if call.find("withdraw", bool):
        yield Plan(f"take back that the gate of {inert_code(pull_request.head[:7])} is waived")
        yield from note_waiver(withdraw(pull_request, by=asking.who, at=at), asking.read)
        return
    fact = waive(pull_request, call.find("reason", str) or "", by=asking.who, at=at)
    yield Plan(f"let commit {inert_code(pull_request.head[:7])} pass the metric gate")
    yield from note_waiver(fact, asking.read)
    yield Undo(withdraw(pull_request, by=asking.who, at=at))


COMMAND = Command(
    name="waive",
    summary="let this commit pass the metric gate, for a reason that everybody sees",
    parameters=(
        Parameter(name="reason", about="why", type=TEXT),
        Parameter(name="withdraw", about="take the waiver back"),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.MAINTAIN,
    guarded=True,
    examples=("/waive the test set was relabelled", "/waive --withdraw"),
    run=run,
)
