"""Commands were given: do what may be done, and have it answered."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from trainboard import commands
from trainboard.commanding.obeying import Done, begin, carry_out, make_code, make_key, note
from trainboard.commanding.permissions import judge, judge_before, judge_changes
from trainboard.comments import CommandState, Given, Obeyed, surface_of
from trainboard.effects import AnswerComment, Effect
from trainboard.errors import PermanentError
from trainboard.events import CommandsGiven
from trainboard.facts import Fact, RecordCommand
from trainboard.grammar.declaration import Asking, Call, CommandError, May, Ruling
from trainboard.grammar.lines import MAX_CHARACTERS, CommandLine
from trainboard.grammar.reading import Reading, Refusal, read_lines
from trainboard.handlers.comments import find_project
from trainboard.linking import name_board
from trainboard.policy import Project
from trainboard.read import Read, TrackedItem
from trainboard.rendering.commands import (
    render_confirmation,
    render_denial,
    render_failure,
    render_ignorance,
    render_obstacle,
    render_refusals,
)
from trainboard.triggers import Origin

HANDLES = (CommandsGiven,)

TOO_LATE = timedelta(days=1)
"""What is read so long after it was written is not what people want any more."""
GUARDED_TOO_LATE = timedelta(minutes=15)
EDITED_WITHIN = timedelta(minutes=15)
DENIED_AGAIN = timedelta(hours=1)
"""A person is told so often, on one item, that they may not."""


def react(event: CommandsGiven, read: Read) -> Iterator[Fact | Effect]:
    """Each command of the comment that was not obeyed before, in the order of its lines, and an answer."""
    given = event.given
    project = find_project(given.hint.origin, read)
    if project is None:
        return
    known = {each.key for each in read.list_commands(given.hint.origin)}
    is_news = False
    for said in _list_said(_read(given)):
        asking = _ask(said, given, project, read)
        if asking.key in known:
            continue
        known.add(asking.key)
        is_news = True
        yield from _refuse(said, asking) if isinstance(said, Refusal) else _obey(said, asking)
    if is_news:
        yield AnswerComment(project=project.name, origin=given.hint.origin, comment=given.hint.comment)


def _read(given: Given) -> Reading:
    if given.is_too_long:
        said = f"Commands of a comment with more than {MAX_CHARACTERS:,} characters are not run."
        return Reading(refusals=(Refusal(said=said),))
    return read_lines(given.lines, surface_of(given.hint.origin), commands.load())


def _list_said(reading: Reading) -> list[Call | Refusal]:
    """In the order of the lines; what is said of no line comes last."""
    said: list[Call | Refusal] = [*reading.calls, *reading.refusals]
    return sorted(said, key=lambda each: each.line or MAX_CHARACTERS)


def _ask(said: Call | Refusal, given: Given, project: Project, read: Read) -> Asking:
    origin = given.hint.origin
    pulls = read.find_pull_requests(origin.place, int(origin.ref)) if origin.is_pull_request else ()
    return Asking(
        registry=commands.load(),
        judge=partial(judge, given=given, project=project),
        given=given,
        project=project,
        key=make_key(origin, given.hint.comment, _mean(said, given)),
        read=read,
        item=_find_item(origin, read),
        pull_request=next(iter(pulls), None),
    )


def _find_item(origin: Origin, read: Read) -> TrackedItem | None:
    """The item that the comment stands on, unless it shows nothing any more."""
    item = None if origin.is_pull_request else read.find_item_by_ref(name_board(origin.place), origin.ref)
    return None if item is None or item.state == "gone" else item


def _mean(said: Call | Refusal, given: Given) -> str:
    line: CommandLine | None = next((each for each in given.lines if each.number == said.line), None)
    return line.meaning if line else "the whole comment"


def _refuse(refusal: Refusal, asking: Asking) -> Iterator[Fact]:
    name = refusal.command.name if refusal.command else ""
    yield RecordCommand(
        obeyed=Obeyed(
            key=asking.key,
            origin=asking.origin,
            comment=asking.given.hint.comment,
            line=refusal.line,
            text=refusal.text,
            name=name,
            person=asking.given.person,
            at=asking.read.now,
            state=CommandState.REFUSED,
            said=render_refusals([refusal]),
        )
    )


def _obey(call: Call, asking: Asking) -> Iterator[Fact | Effect]:
    refused = partial(begin, call, asking, state=CommandState.REFUSED)
    if obstacle := _find_obstacle(call, asking):
        yield RecordCommand(obeyed=refused(said=render_obstacle(call.text, obstacle)))
        return
    ruling = judge_before(call, asking)
    if ruling.may is not May.YES:
        yield RecordCommand(obeyed=_turn_down(call, asking, ruling))
        return
    try:
        done = carry_out(call, asking)
    except CommandError as error:
        yield RecordCommand(obeyed=refused(said=render_obstacle(call.text, str(error))))
    except PermanentError as error:
        yield RecordCommand(obeyed=refused(said=render_failure(call.text, str(error))))
    else:
        ruling = judge_changes(call, asking, done.changes)
        if ruling.may is May.YES:
            yield from _do(call, asking, done)
        else:
            yield RecordCommand(obeyed=_turn_down(call, asking, ruling))


def _do(call: Call, asking: Asking, done: Done) -> Iterator[Fact | Effect]:
    if done.is_dangerous:
        code = make_code(asking.key)
        said = render_confirmation(call.text, done.plan, code)
        state = CommandState.UNCONFIRMED
        yield RecordCommand(obeyed=begin(call, asking, state=state, said=said, plan=done.plan))
        return
    yield RecordCommand(obeyed=note(call, asking, done))
    yield from done.changes


def _find_obstacle(call: Call, asking: Asking) -> str:
    """Why the command is not obeyed whoever gave it, in Markdown; empty if nothing is in the way."""
    given, is_guarded = asking.given, call.command.is_guarded
    since = given.hint.at if given.hint.is_edit else given.created_at
    age = asking.read.now - since
    if age > TOO_LATE or (is_guarded and age > GUARDED_TOO_LATE):
        return f"It was read {_say_age(age)} after it was written, which is too late: write it again."
    if given.hint.is_edit:
        return _object_to_edit(given, is_guarded=is_guarded)
    if is_guarded and _was_pushed_since(asking):
        return "Something was pushed after you wrote it: look at that, and write it again."
    return ""


def _object_to_edit(given: Given, *, is_guarded: bool) -> str:
    if given.hint.editor != given.person.id:
        return "Somebody else wrote it into this comment: only its author can command by an edit."
    if is_guarded:
        return "It does not count where it was added by an edit: write a new comment."
    if given.hint.at - given.created_at > EDITED_WITHIN:
        return "It was added by an edit after more than 15 minutes: write a new comment."
    return ""


def _was_pushed_since(asking: Asking) -> bool:
    """By the platform's clock, to the second; what came in the same second counts as later."""
    pull_request = asking.pull_request
    since = asking.read.find_head_time(pull_request) if pull_request else None
    return since is not None and since >= asking.given.created_at


def _turn_down(call: Call, asking: Asking, ruling: Ruling) -> Obeyed:
    if ruling.may is May.NO:
        return _deny(call, asking, ruling)
    said = render_ignorance(call.text, ruling.obstacle)
    return begin(call, asking, state=CommandState.REFUSED, said=said)


def _deny(call: Call, asking: Asking, ruling: Ruling) -> Obeyed:
    since = asking.read.now - DENIED_AGAIN
    told = any(
        each.denied and each.said and each.at >= since and each.person.id == asking.given.person.id
        for each in asking.read.list_commands(asking.origin)
    )
    said = "" if told else render_denial(call, ruling, asking.given)
    obeyed = begin(call, asking, state=CommandState.REFUSED, said=said)
    return replace(obeyed, denied=True)


def _say_age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours > 1 else f"{max(1, int(age.total_seconds() // 60))} minutes"
