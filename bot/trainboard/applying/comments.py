"""What a comment commands shall be in the inbox, as its platform shows it."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from msgspec.structs import replace

from trainboard import commands
from trainboard.applying import Outside, polled
from trainboard.applying.finding_comments import name_commands
from trainboard.commanding.permissions import list_teams
from trainboard.comments import Given, WrittenComment, surface_of
from trainboard.conversations import Conversation
from trainboard.effects import ObeyComment
from trainboard.errors import LimitedError, MissingError, PermanentError, TransientError
from trainboard.events import CommandsGiven
from trainboard.grammar.lines import MAX_CHARACTERS, CommandLine, find_command_lines
from trainboard.grammar.reading import Reading, read_lines

APPLIES = ObeyComment

PATIENCE = timedelta(minutes=10)
"""So long a platform is asked again what somebody may; then that person is told that nobody could."""

T = TypeVar("T")

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
        _store(_with_standing(given, comment, conversation, effect, outside), outside)


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


def _with_standing(
    given: Given, comment: WrittenComment, conversation: Conversation, effect: ObeyComment, outside: Outside
) -> Given:
    """What the author is now, and in which of the teams that matter to these commands."""
    origin, person = given.hint.origin, given.person
    role, obstacle = _ask(lambda: conversation.find_role(origin, person), comment, outside)
    calls = read_lines(given.lines, surface_of(origin), commands.load()).calls
    teams: dict[str, bool | str] = {}
    for team in list_teams(calls, outside.projects[effect.project]):
        found, why_not = _ask(partial(conversation.is_in_team, origin, person, team), comment, outside)
        teams[team] = why_not if found is None else found
    return replace(given, role=role, obstacle=obstacle, teams=teams)


def _ask(ask: Callable[[], T], comment: WrittenComment, outside: Outside) -> tuple[T | None, str]:
    """The answer, or why there is none. While the platform is silent it is asked again, but not for ever."""
    try:
        return ask(), ""
    except LimitedError:
        raise
    except TransientError as error:
        if outside.clock() - comment.created_at < PATIENCE:
            raise
        return None, str(error)
    except PermanentError as error:
        return None, str(error)


def _store(given: Given, outside: Outside) -> None:
    """As a delivery: what comes twice of one comment is one, because its id says what was added."""
    origin, event = given.hint.origin, CommandsGiven(given=given)
    id_ = name_commands(given.hint)
    delivery = polled.make_delivery(origin.place, "commands", f"{origin.place}#{origin.ref}", event, id_=id_)
    polled.accept([delivery], outside, outside.clock())
