"""What somebody may where they write, as the platform says at this moment."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.commanding.permissions import list_teams
from trainboard.comments import Given
from trainboard.conversations import Conversation
from trainboard.errors import LimitedError, PermanentError, TransientError
from trainboard.grammar.declaration import Call
from trainboard.policy import Project

PATIENCE = timedelta(minutes=10)
"""So long a platform is asked again what somebody may; then that person is told that nobody could."""

T = TypeVar("T")


def with_standing(
    given: Given, calls: Iterable[Call], conversation: Conversation, project: Project, outside: Outside
) -> Given:
    """What its author is now, and in which of the teams that matter to these commands.

    Raises:
        TransientError: the platform is silent, and has been for less than ten minutes.
    """
    origin, person = given.hint.origin, given.person
    ask = partial(_ask, given=given, outside=outside)
    role, obstacle = ask(lambda: conversation.find_role(origin, person))
    teams: dict[str, bool | str] = {}
    for team in list_teams(calls, project):
        found, why_not = ask(partial(conversation.is_in_team, origin, person, team))
        teams[team] = why_not if found is None else found
    return replace(given, role=role, obstacle=obstacle, teams=teams)


def _ask(question: Callable[[], T], given: Given, outside: Outside) -> tuple[T | None, str]:
    """The answer, or why there is none. While the platform is silent it is asked again, but not for ever."""
    try:
        return question(), ""
    except LimitedError:
        raise
    except TransientError as error:
        if outside.clock() - given.created_at < PATIENCE:
            raise
        return None, str(error)
    except PermanentError as error:
        return None, str(error)
