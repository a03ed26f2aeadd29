"""A comment that commanded something shall be answered. And what commands wait for, when it ended."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask
from trainboard.commands import load
from trainboard.comments import CommandState, Obeyed, Reaction
from trainboard.conversations import Conversation
from trainboard.effects import AnswerComment
from trainboard.errors import MissingError, PermanentError
from trainboard.fingerprints import answer_key
from trainboard.rendering.commands import render_answer, render_in_place, render_obstacle
from trainboard.store import commands

APPLIES = AnswerComment

LOOKED_BACK = timedelta(days=14)
"""An answer that is older is not edited any more: nobody would see it."""

_log = structlog.get_logger(__name__)


def apply(effect: AnswerComment, outside: Outside) -> None:
    """React, and say what a reaction cannot in one comment, which is edited when there is more to say.

    A comment that is gone is not answered. Where somebody locked the item, nothing can be said.
    """
    conversation = outside.conversations.get(effect.origin.place.casefold())
    with outside.database.read() as connection:
        given = commands.list_of_comment(connection, effect.origin, effect.comment)
    if conversation is None or not given:
        return
    try:
        conversation.react(effect.origin, effect.comment, _choose_reaction(given))
    except MissingError:
        _log.info("a comment is gone before it was answered", place=effect.origin.place)
        return
    except PermanentError as error:
        _log.warning("cannot react to a comment", place=effect.origin.place, error=str(error))
    try:
        for key, text in _list_texts(effect, given, outside):
            _say(effect, key, text, conversation, outside)
    except PermanentError as error:
        _log.warning("cannot answer a comment", place=effect.origin.place, error=str(error))


def _list_texts(
    effect: AnswerComment, given: Sequence[Obeyed], outside: Outside
) -> Iterator[tuple[str, str]]:
    """Comments of ours, by their keys, and what each says.

    One is for all that is of this comment alone. One is for each command whose answer replaces the one before
    on the item, and says what was told last.
    """
    origin, registry = effect.origin, load()
    in_place = {each.name for each in registry if each.in_place}
    told = [each for each in given if each.name in in_place and each.state is CommandState.TOLD]
    if text := render_answer(each for each in given if each not in told):
        yield answer_key(origin.place, origin.ref, effect.comment), text
    with outside.database.read() as connection:
        known = commands.list_of(connection, origin) if told else ()
    for name in dict.fromkeys(each.name for each in told):
        last = [each for each in known if each.name == name and each.state is CommandState.TOLD][-1]
        yield answer_key(origin.place, origin.ref, f"/{name}"), render_in_place(last)


def tell_end(
    connection: Connection, project: str, asked: str, effect: str, outside: Outside, *, refusal: str = ""
) -> dict[str, datetime]:
    """An effect that a command waits for ended; answers which mailboxes to wake, and when.

    Args:
        connection: of the transaction in which its end is noted.
        project: whose command it is.
        asked: the key of the command; another than a command's is passed over.
        effect: the key of the effect.
        outside: the clock.
        refusal: Markdown that says why it is not true, empty where it is.
    """
    given = commands.find(connection, asked) if refusal else None
    if given is not None:
        refusal = render_obstacle(given.text, refusal)
    settled = commands.settle(connection, asked, effect, refusal=refusal)
    if settled is None or not settled.state.is_final:
        return {}
    answer = AnswerComment(project=project, origin=settled.origin, comment=settled.comment)
    return ask(connection, [answer], outside)


def _choose_reaction(given: Sequence[Obeyed]) -> Reaction:
    states = {each.state for each in given}
    if CommandState.REFUSED in states:
        return "refused"
    return "done" if all(state.is_final for state in states) else "seen"


def _say(effect: AnswerComment, key: str, text: str, conversation: Conversation, outside: Outside) -> None:
    """Look whether the comment stands: a process that died after it wrote it does not write it twice."""
    origin, markers = effect.origin, outside.markers_in(conversation.name)
    body = markers.wrap(key, text)
    said = conversation.list_answers(origin, outside.clock() - LOOKED_BACK)
    ours = markers.find_ours(said, key)
    if ours is None:
        conversation.create_comment(origin, body)
    elif markers.inside(ours.body) != markers.inside(body):
        conversation.update_comment(origin, ours.ref, body)
