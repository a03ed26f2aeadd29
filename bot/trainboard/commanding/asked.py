"""What commands ask of where they are given, or say that it is not there."""

from msgspec.structs import replace

from trainboard.alert_life import Problem
from trainboard.comments import Surface
from trainboard.grammar.declaration import Asking, CommandError
from trainboard.pull_requests import PullRequest
from trainboard.run_requests import Asking as RunAsking

ITEMS = (Surface.ISSUE, Surface.WORK_ITEM)
PULL_REQUESTS = (Surface.PULL_REQUEST,)


def get_pull_request(asking: Asking) -> PullRequest:
    """The pull request that the comment stands on.

    Raises:
        CommandError: nothing is known of it.
    """
    if asking.pull_request is None:
        raise CommandError("Nothing is known of this pull request yet. Try again in a minute.")
    return asking.pull_request


def get_problem(asking: Asking) -> Problem:
    """The problem whose bug the comment stands on.

    Raises:
        CommandError: it is no bug of the bot's.
    """
    problem = asking.read.find_problem_by_ref(asking.board, asking.origin.ref)
    if problem is None:
        raise CommandError("This is no bug that was made of alerts.")
    return problem


def ask_as(asking: Asking, command: str) -> RunAsking:
    """Who asks, where and when, for what follows from the command."""
    return RunAsking(
        command=command,
        origin=asking.origin if asking.origin.is_pull_request else replace(asking.origin, place=asking.board),
        by=asking.who,
        key=asking.key,
        at=asking.given.created_at,
    )
