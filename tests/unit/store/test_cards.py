"""Which work items a board does not show as they are."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import insert

from fakes.alerts import put_problem
from fakes.code import NOW
from trainboard.board_layout import BoardPolicy, IterationField, Layout, Placement
from trainboard.iterations import Iteration
from trainboard.policy import Project
from trainboard.store import cards, moves, problems
from trainboard.store.cards import KnownCard
from trainboard.store.models import RunRow, WorkItemRow

BOARD = "github-project:acme/12"
TRACKER = "local:churn"
CHURN = Project(name="churn", tracker=TRACKER, board=BoardPolicy(name=BOARD))
SPRINT = Iteration(number=5, name="Sprint 5", start=date(2026, 11, 9), end=date(2026, 11, 22))


def item(connection, ref, number=5, state="open"):
    """An experiment's work item."""
    row = {
        "project": "churn",
        "experiment": f"x{ref}",
        "tracker": TRACKER,
        "ref": ref,
        "title": "",
        "url": "",
    }
    values = row | {"state": state, "number": number, "created_at": NOW, "changed_at": NOW}
    connection.execute(insert(WorkItemRow).values(values))


def trained(connection, ref, number=5):
    """A run of the item's experiment."""
    row = {"project": "churn", "source": "s", "run_id": f"{ref}/{number}", "experiment": f"x{ref}"}
    values = row | {"number": number, "status": "finished", "planned": True, "seen_at": NOW, "document": "{}"}
    connection.execute(insert(RunRow).values(values))


def shown(connection, ref, **more):
    """The item's card."""
    cards.put(
        connection, BOARD, TRACKER, KnownCard(ref=ref, **{"card": "c", "again_at": NOW + cards.AGAIN} | more)
    )


def due(connection, now=NOW, project=CHURN, **more):
    """What is due, as refs, states and sprints."""
    found = cards.list_due(connection, project, 5, now, **more)
    return [(each.ref, each.state, each.sprint) for each in found]


def test_what_is_not_on_the_board_is_due(write):
    """With its state: whether a run trained for its sprint, and whether it is closed."""
    for ref in "12":
        item(write, ref)
    item(write, "3", state="closed")
    item(write, "4", number=4, state="closed")
    item(write, "5", number=4)
    item(write, "6", state="gone")
    trained(write, "2")
    trained(write, "5", number=3)

    expected = [("1", "todo", 5), ("2", "doing", 5), ("3", "done", 5), ("5", "todo", 4)]
    assert expected == due(write)
    assert [("2", "doing", 5)] == due(write, ref="2")
    assert [] == due(write, project=replace(CHURN, board=None))


@pytest.mark.parametrize(
    ("card", "later", "expected"),
    [
        ({"state": "todo", "sprint": 5}, 9, False),
        ({"state": "doing", "sprint": 5}, 0, True),
        ({"state": "todo", "sprint": 4}, 0, True),
        ({"state": "todo", "sprint": None}, 0, True),
        ({"state": "", "sprint": None}, 0, True),
        ({"state": "doing", "sprint": 4, "fate": "removed"}, 9, False),
        ({"state": "doing", "sprint": 4, "fate": "archived"}, 0, True),
        ({"state": "doing", "sprint": 4, "fate": "refused"}, 0, False),
        ({"state": "doing", "sprint": 4, "fate": "refused"}, 1, True),
        ({"state": "todo", "sprint": 5, "lacks_sprint": True}, 0, False),
        ({"state": "todo", "sprint": 5, "lacks_sprint": True}, 1, True),
        ({"state": "todo", "sprint": 5, "lacks_state": True}, 1, True),
    ],
)
def test_a_card_that_differs_is_due(write, card, later, expected):
    """What was lacking or refused after an hour; what people took off never."""
    item(write, "1")
    shown(write, "1", **card)
    assert expected == bool(due(write, NOW + timedelta(hours=later)))


def test_bugs_are_due_too(write):
    """As they are answered and closed; one of the backlog has no sprint, and keeps what people gave it."""
    put_problem(write)
    problem = problems.find(write, "alert:seed")
    problem = problems.put(write, problem, state="open", sprint=5)
    assert [("9", "todo", 5)] == due(write)
    problem = problems.put(write, problem, acknowledged_at=NOW, sprint=None)
    assert [("9", "doing", None)] == due(write)
    shown(write, "9", state="doing", sprint=4)
    assert [] == due(write)
    problems.put(write, problem, state="closed")
    assert [("9", "done", None)] == due(write)
    assert {"9"} == cards.list_ours(write, CHURN)


def test_nothing_is_due_while_a_board_refuses(write):
    """For an hour; when it was read after all, at once."""
    item(write, "1")
    cards.note_trouble(write, BOARD, "no", NOW)
    assert [] == due(write)
    assert [("1", "todo", 5)] == due(write, NOW + timedelta(hours=1))
    [lack] = cards.list_troubles(write, CHURN, [SPRINT])
    assert "no" == lack.message

    layout = Layout(ref="P", iteration_field=IterationField(ref="I"))
    cards.put_layout(write, BOARD, layout, NOW)
    assert [("1", "todo", 5)] == due(write)
    assert layout == cards.find_board(write, BOARD).layout
    said = [lack.message for lack in cards.list_troubles(write, CHURN, [SPRINT])]
    assert any("no iteration for Sprint 5" in each for each in said)


def test_another_board_knows_nothing_of_it(write):
    """A project that gets another board puts its items there."""
    item(write, "1")
    shown(write, "1", state="todo", sprint=5)
    assert [("1", "todo", 5)] == due(
        write, project=replace(CHURN, board=BoardPolicy(name="github-project:a/1"))
    )


def test_cards_follow_a_repository_that_is_renamed(write):
    """Nothing is put on the board twice."""
    shown(write, "1", state="todo")
    moves.follow(write, TRACKER, "github:acme/leavers")
    assert "c" == cards.find(write, BOARD, "github:acme/leavers", "1").card


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Placement(ref="1", state="todo", sprint=5), False),
        (Placement(ref="1", state="todo"), False),
        (Placement(ref="1", state="done", sprint=5), True),
        (Placement(ref="1", state="todo", sprint=6), True),
    ],
)
def test_a_known_card_tells_whether_it_differs(wanted, expected):
    """As the database does."""
    assert expected == KnownCard(ref="1", state="todo", sprint=5, again_at=NOW).differs(wanted)
    assert not KnownCard(ref="1", state="todo", sprint=5, fate="removed", again_at=NOW).differs(wanted)
