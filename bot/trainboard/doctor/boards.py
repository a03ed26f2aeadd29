"""The boards of the projects: do they let us in, and have they what the sprints need."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from trainboard.board_layout import BoardPolicy, list_lacks
from trainboard.boards import Board, ClosedBoardError
from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import Subject
from trainboard.iterations import Iteration, iteration, iteration_at
from trainboard.policy import Project
from trainboard.store import cards, iterations


def check(subject: Subject) -> Iterator[Finding]:
    """What each board lacks; one call for each, none where there are no boards."""
    boards = subject.boards()
    for project in subject.projects:
        if project.board is not None and project.name in boards:
            sprints = list(_list_sprints(project, subject))
            yield from _judge(boards[project.name], project.board, sprints)
            yield from _recall(project.board, subject)
    if not boards:
        yield Finding(message="No board to keep: the settings name none.")


def _judge(board: Board, policy: BoardPolicy, sprints: Sequence[Iteration]) -> Iterator[Finding]:
    try:
        layout = board.get_layout()
    except ClosedBoardError as error:
        yield failing(str(error), "Do what it says, then ask again: see docs/github.md.")
        return
    lacks = list(list_lacks(layout, policy, sprints))
    say = failing if layout.closed or not layout.writable else note
    yield from (say(lack.message, lack.fix) for lack in lacks)
    if not lacks:
        yield Finding(message=f"The board {board.name} has what the sprints need.")


def _recall(policy: BoardPolicy, subject: Subject) -> Iterator[Finding]:
    """What it refused when something was to be written, which a look does not tell."""
    if not subject.has_database:
        return
    with subject.read() as connection:
        known = cards.find_board(connection, policy.name)
    if known.trouble:
        yield failing(
            f"At {known.troubled_at} the board {policy.name} refused: {known.trouble}",
            "Do what it says. The bot tries again every hour.",
        )


def _list_sprints(project: Project, subject: Subject) -> Iterator[Iteration]:
    """This one and the next, under the names that people gave them."""
    current = iteration_at(project.sprint, subject.clock()).number
    for number in (current, current + 1):
        sprint = iteration(project.sprint, number)
        name = _find_name(project, number, subject)
        yield replace(sprint, name=name) if name else sprint


def _find_name(project: Project, number: int, subject: Subject) -> str | None:
    if not subject.has_database:
        return None
    with subject.read() as connection:
        return iterations.find_name(connection, project.name, number)
