"""The clock has boards show work items as they are."""

from fakes.read import CHURN, NOW, FakeRead
from trainboard.board_layout import Placement
from trainboard.effects import EnsureOnBoard
from trainboard.events import SprintsDue
from trainboard.handlers.boards import react


def test_what_a_board_does_not_show_is_asked_for():
    """Each item with its state and its sprint."""
    placements = (Placement(ref="7", state="doing", sprint=2), Placement(ref="8", state="done"))
    read = FakeRead(projects=[CHURN], off_board={CHURN.name: placements})

    assert [
        EnsureOnBoard(project=CHURN.name, ref="7", state="doing", sprint=2),
        EnsureOnBoard(project=CHURN.name, ref="8", state="done"),
    ] == list(react(SprintsDue(at=NOW), read))
