"""`/undo`: take back what the bot did last for somebody."""

from collections.abc import Iterator

from msgspec.structs import replace

from trainboard.commanding.obeying import UNDO_WITHIN, decode_undoing
from trainboard.comments import CommandState, Obeyed, Role
from trainboard.effects import AskRefactoring, EditItem
from trainboard.facts import (
    AnswerProblem,
    RecordCommand,
    RecordLink,
    RecordPlanWord,
    RecordWaiver,
    TrackExperiment,
)
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, May, Outcome, Plan, Undoing
from trainboard.handlers.links import note as note_link
from trainboard.handlers.plans import note_tracking, note_word
from trainboard.handlers.pull_requests import note_waiver
from trainboard.rendering.inert import inert_code


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """Whatever of it can be is as it was before."""
    last = _find_last(asking)
    command = asking.registry.find(last.name)
    if command is None or asking.may(command) is not May.YES:
        raise CommandError(f"You may not use {inert_code(f'/{last.name}')} here any more.")
    yield Plan(f"take back {inert_code(last.text)}")
    for change in reversed(decode_undoing(last.undo)):
        yield from _make(change, asking)
    yield RecordCommand(obeyed=replace(last, undo=()))


def _make(change: Undoing, asking: Asking) -> Iterator[Outcome]:
    match change:
        case EditItem() | AskRefactoring():
            yield replace(change, asked=asking.key)
        case RecordWaiver():
            yield from note_waiver(replace(change, at=asking.read.now), asking.read)
        case RecordPlanWord(word=word):
            yield from note_word(replace(change, word=replace(word, at=asking.read.now)), asking.read)
        case TrackExperiment():
            yield from note_tracking(replace(change, at=asking.read.now))
        case RecordLink():
            yield from note_link(replace(change, at=asking.read.now), asking.read)
        case AnswerProblem():
            yield replace(change, quiet_until=asking.read.now)


def _find_last(asking: Asking) -> Obeyed:
    since = asking.read.now - UNDO_WITHIN
    mine = [
        each
        for each in asking.read.list_commands(asking.origin)
        if each.person.id == asking.given.person.id and each.undo and each.at >= since
    ]
    done = [each for each in mine if each.state in {CommandState.DONE, CommandState.TOLD}]
    if not done:
        raise CommandError("Nothing that you commanded here within a day can be taken back.")
    return done[-1]


COMMAND = Command(
    name="undo",
    summary="take back what your last command here did",
    role=Role.ANYONE,
    of_others=True,
    examples=("/undo",),
    run=run,
)
