"""What `/approve` and `/reject` do: the platform decides whether the person may, and the bot passes it on."""

from collections.abc import Callable, Iterator

from trainboard.approvals import Answer as Word
from trainboard.approvals import Verdict
from trainboard.commanding.asked import ask_as, get_pull_request
from trainboard.effects import DecideApproval
from trainboard.grammar.declaration import Asking, Call, Outcome, Parameter, Plan
from trainboard.grammar.values import ENVIRONMENT, TEXT
from trainboard.handlers.approvals import decide
from trainboard.rendering.inert import inert_code

PARAMETERS = (
    Parameter(name="environment", about="where it waits; not needed if that is one", type=ENVIRONMENT),
    Parameter(name="reason", about="why", type=TEXT),
)
_VERBS = {"approved": "approve", "rejected": "reject"}


def answer_approval(verdict: Verdict) -> Callable[[Call, Asking], Iterator[Outcome]]:
    """What runs the command that gives that verdict."""

    def run(call: Call, asking: Asking) -> Iterator[Outcome]:
        pull_request = get_pull_request(asking)
        word = Word(
            verdict=verdict, person=asking.given.person, environment=call.find("environment", str) or ""
        )
        asked = ask_as(asking, call.command.name)
        for effect in decide(asking.project.name, pull_request, word, asked, asking.read):
            yield Plan(_say(effect, pull_request.head))
            yield effect

    return run


def _say(effect: DecideApproval, head: str) -> str:
    versions = ", ".join(inert_code(each) for each in effect.versions)
    of_versions = f", model {versions}" if versions else ""
    return f"{_VERBS[effect.verdict]} as you what waits for commit {inert_code(head[:7])}{of_versions}"
