"""What was just noted of a work item is asked to be shown on the project's board."""

from collections.abc import Iterable

from trainboard.applying import Outside, asking
from trainboard.board_layout import Placement
from trainboard.effects import EnsureOnBoard
from trainboard.iterations import iteration_at
from trainboard.store import cards


def show_on_board(project: str, ref: str, outside: Outside) -> None:
    """Ask for an item of ours, if the project's board shows it otherwise.

    What a death keeps from being asked for here, the clock asks for.
    """
    policy, now = outside.projects[project], outside.clock()
    if policy.board is None:
        return
    current = iteration_at(policy.sprint, now).number
    with outside.database.read() as connection:
        due = cards.list_due(connection, policy, current, now, ref=ref)
    ask(project, due, outside)


def ask(project: str, due: Iterable[Placement], outside: Outside) -> None:
    """Ask for items to be on the board."""
    effects = [
        EnsureOnBoard(project=project, ref=each.ref, state=each.state, sprint=each.sprint) for each in due
    ]
    if not effects:
        return
    with outside.database.write() as connection:
        mailboxes = asking.ask(connection, effects, outside)
    asking.wake(mailboxes, outside)
