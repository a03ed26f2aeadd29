"""What a comment commands shall be in the inbox, as its platform shows it."""

from collections import Counter

import structlog
from msgspec.structs import replace

from trainboard import commands
from trainboard.applying import Outside, polled
from trainboard.applying.finding_comments import name_commands
from trainboard.applying.standing import with_standing
from trainboard.comments import Given, WrittenComment, surface_of
from trainboard.effects import ObeyComment
from trainboard.errors import MissingError
from trainboard.events import CommandsGiven
from trainboard.grammar.lines import MAX_CHARACTERS, CommandLine, find_command_lines
from trainboard.grammar.reading import Reading, read_lines

APPLIES = ObeyComment

_log = structlog.get_logger(__name__)


def apply(effect: ObeyComment, outside: Outside) -> None:
    """Read the comment, and what its author may; nothing where it commands nothing that was added.

    A forged or an outdated word of it does nothing: only what stands in it now counts.
    """
    origin = effect.hint.origin
    conversation = outside.conversations.get(origin.place.casefold())
    if conversation is None:
        _log.warning("comments cannot be read: the settings name no way in", place=origin.place)
        return
    try:
        comment = conversation.read_comment(origin, effect.hint.comment)
    except MissingError:
        _log.info("a comment that may command is gone", place=origin.place, comment=effect.hint.comment)
        return
    if comment.ours or not _may_speak(comment, effect, outside):
        return
    given = _take(effect, comment)
    if given is not None:
        calls = read_lines(given.lines, surface_of(origin), commands.load()).calls
        project = outside.projects[effect.project]
        _store(with_standing(given, calls, conversation, project, outside), outside)


def _may_speak(comment: WrittenComment, effect: ObeyComment, outside: Outside) -> bool:
    allowed = outside.projects[effect.project].commands.bots
    return not comment.is_bot or comment.author.id in allowed


def _take(effect: ObeyComment, comment: WrittenComment) -> Given | None:
    """What of the comment counts, None if nothing is meant for us."""
    hint = effect.hint
    lines = _choose(effect, comment)
    is_too_long = len(comment.text) > MAX_CHARACTERS
    reading = read_lines(lines, surface_of(hint.origin), commands.load())
    if not is_too_long and reading == Reading():
        return None
    if comment.editor is not None:
        hint = replace(hint, is_edit=True, editor=comment.editor)
    return Given(
        hint=hint,
        person=comment.author,
        lines=tuple(lines),
        created_at=comment.created_at,
        is_too_long=is_too_long,
    )


def _choose(effect: ObeyComment, comment: WrittenComment) -> list[CommandLine]:
    """The lines that stand in the comment now and were added to it, each as often as both say."""
    added = Counter(effect.hint.lines)
    chosen = []
    for line in find_command_lines(comment.text, comment.markup):
        if added[line.meaning]:
            added[line.meaning] -= 1
            chosen.append(line)
    return chosen


def _store(given: Given, outside: Outside) -> None:
    """As a delivery: what comes twice of one comment is one, because its id says what was added."""
    origin, event = given.hint.origin, CommandsGiven(given=given)
    id_ = name_commands(given.hint)
    delivery = polled.make_delivery(origin.place, "commands", f"{origin.place}#{origin.ref}", event, id_=id_)
    polled.accept([delivery], outside, outside.clock())
