"""A command carried out: what it does, what it says, and what follows from it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from trainboard.comments import CommandState, Obeyed
from trainboard.effects import (
    AskRefactoring,
    DecideApproval,
    EditItem,
    Effect,
    MakePart,
    StartPipeline,
    SuggestPlan,
)
from trainboard.facts import Fact
from trainboard.fingerprints import fingerprint
from trainboard.grammar.declaration import Answer, Asking, Call, CommandError, Confirm, Plan, Undo, Undoing
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.grammar.reading import read_lines
from trainboard.triggers import Origin

CONFIRM_WITHIN = timedelta(minutes=15)
UNDO_WITHIN = timedelta(days=1)

Change = Fact | Effect
_AWAITED = EditItem | MakePart | AskRefactoring | DecideApproval | StartPipeline | SuggestPlan
_undoing: msgspec.json.Decoder[Undoing] = msgspec.json.Decoder(Undoing)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a command comes to. `changes` are in the order in which they must be made.

    `is_dangerous` tells that it must be confirmed first.
    """

    plan: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    undo: tuple[Undoing, ...] = ()
    changes: tuple[Change, ...] = ()
    is_dangerous: bool = False


def carry_out(call: Call, asking: Asking) -> Done:
    """What the command comes to; nothing is changed yet.

    Raises:
        PermanentError: it cannot be; a CommandError says so in Markdown.
    """
    outcomes = list(call.command.run(call, asking))
    changes = [each for each in outcomes if not isinstance(each, Plan | Answer | Confirm | Undo)]
    return Done(
        plan=tuple(each.said for each in outcomes if isinstance(each, Plan)),
        said=tuple(each.said for each in outcomes if isinstance(each, Answer)),
        undo=tuple(each.outcome for each in outcomes if isinstance(each, Undo)),
        changes=tuple(changes),
        is_dangerous=call.command.dangerous or any(isinstance(each, Confirm) for each in outcomes),
    )


def note(call: Call, asking: Asking, done: Done) -> Obeyed:
    """The command as it stands once its changes are asked for."""
    mine = (each for each in done.changes if isinstance(each, _AWAITED) and each.asked == asking.key)
    awaited = tuple(each.key for each in mine)
    said = "\n\n".join(done.said)
    state = CommandState.WAITING if awaited else CommandState.TOLD if said else CommandState.DONE
    return begin(
        call, asking, state=state, said=said, plan=done.plan, awaited=awaited, undo=_encode(done.undo)
    )


def begin(call: Call, asking: Asking, **fields: object) -> Obeyed:
    """The command as a value, with what is known of it."""
    return Obeyed(
        key=asking.key,
        origin=asking.origin,
        comment=asking.given.hint.comment,
        line=call.line,
        text=call.text,
        name=call.command.name,
        person=asking.given.person,
        at=asking.read.now,
        **fields,  # type: ignore[arg-type]
    )


def read_again(text: str, asking: Asking) -> Call:
    """The command that a line commands.

    Raises:
        CommandError: it commands nothing.
    """
    reading = read_lines(find_command_lines(text, Markup.MARKDOWN), asking.surface, asking.registry)
    if not reading.calls:
        said = reading.refusals[0].said if reading.refusals else "There is no such command."
        raise CommandError(said)
    return reading.calls[0]


def make_code(key: str) -> str:
    """What confirms the command of that key."""
    return fingerprint("confirm", key)[:6]


def make_key(origin: Origin, comment: str, meaning: str) -> str:
    """The key of a command: of what is said twice in one comment, there is one."""
    return f"{origin.place}#{origin.ref}/{comment}/{fingerprint(meaning)[:12]}"


def decode_undoing(documents: Iterable[str]) -> Sequence[Undoing]:
    """What was kept to take a command back."""
    return [_undoing.decode(each) for each in documents]


def _encode(changes: Iterable[Undoing]) -> tuple[str, ...]:
    return tuple(msgspec.json.encode(each).decode() for each in changes)
