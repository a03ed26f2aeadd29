"""`/confirm`: have a dangerous command done."""

from collections.abc import Iterator

from msgspec.structs import replace

from trainboard.commanding.obeying import CONFIRM_WITHIN, carry_out, make_code, note, read_again
from trainboard.commanding.permissions import judge_before, judge_changes
from trainboard.comments import CommandState, Obeyed, Role
from trainboard.facts import RecordCommand
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, May, Outcome, Parameter, Plan
from trainboard.grammar.values import NAME


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """What was shown is done, if it still would be the same; by whoever asked for it."""
    waiting = _find(call.find("code", str) or "", asking)
    meant = replace(asking, key=waiting.key)
    again = read_again(waiting.text, meant)
    if judge_before(again, meant).may is not May.YES:
        raise CommandError("You may not do that any more.")
    done = carry_out(again, meant)
    if judge_changes(again, meant, done.changes).may is not May.YES:
        raise CommandError("You may not do that any more.")
    if done.plan != waiting.plan:
        raise CommandError("It would do something else by now: give the command again.")
    kept = note(again, meant, done)
    yield from (Plan(each) for each in done.plan)
    yield RecordCommand(obeyed=replace(kept, comment=waiting.comment, line=waiting.line, at=waiting.at))
    yield from done.changes


def _find(code: str, asking: Asking) -> Obeyed:
    """The command that waits for that word of that person."""
    mine = [
        each
        for each in asking.read.list_commands(asking.origin)
        if make_code(each.key) == code.lower() and each.person.id == asking.given.person.id
    ]
    if not mine:
        raise CommandError("Nothing of yours waits for that here.")
    found = mine[-1]
    if found.state is not CommandState.UNCONFIRMED:
        raise CommandError("That does not wait any more.")
    if asking.given.created_at - found.at > CONFIRM_WITHIN:
        raise CommandError("That was more than 15 minutes ago: give the command again.")
    return found


COMMAND = Command(
    name="confirm",
    summary="have a command done that asked you to confirm it",
    parameters=(Parameter(name="code", about="what you were told to write", type=NAME, required=True),),
    role=Role.ANYONE,
    of_others=True,
    guarded=True,
    examples=("/confirm 1a2b3c",),
    run=run,
)
