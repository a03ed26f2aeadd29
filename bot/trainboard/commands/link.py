"""`/link`: say which work items a pull request belongs to."""

from collections.abc import Iterator

from msgspec.structs import replace

from trainboard.commanding.asked import PULL_REQUESTS, get_pull_request
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter, Plan, Undo
from trainboard.grammar.values import ITEM
from trainboard.handlers.links import note, tell
from trainboard.rendering.inert import inert_code


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The links are as the person says, whatever else is found."""
    pull_request = get_pull_request(asking)
    linked = not call.find("remove", bool)
    for word in call.find("item", tuple) or ():
        facts = list(tell(pull_request, word, asking.read, linked=linked, by=asking.who, at=asking.read.now))
        if not facts:
            raise CommandError(f"{inert_code(word)} names no work item.")
        for fact in facts:
            yield Plan(f"{'link' if linked else 'unlink'} work item {inert_code(fact.ref)}")
            yield from note(fact, asking.read)
            yield Undo(replace(fact, linked=not linked))


COMMAND = Command(
    name="link",
    summary="say that this belongs to work items, or does not",
    parameters=(
        Parameter(name="item", about="the number of a work item", type=ITEM, required=True, many=True),
        Parameter(name="remove", about="it does not belong to them"),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.TRIAGE,
    examples=("/link 12", "/link 12 13", "/link 12 --remove"),
    run=run,
)
