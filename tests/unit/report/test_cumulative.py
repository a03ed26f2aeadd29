"""How many items are in which state, day by day."""

from decimal import Decimal

from fakes.plans import AFTER, POLICY, SPRINT, day, happens, past, planned
from trainboard.report.burndown import burn_down
from trainboard.report.cumulative import Counts, count_states
from trainboard.report.happenings import Standing
from unit.report.test_scope import WORKED


def test_states_are_counted():
    """What was given up is in none of them."""
    states = ("open", "started", "started", "done", "cancelled")
    items = [Standing(item=state, seen_at=AFTER, state=state) for state in states]
    assert Counts(to_do=1, doing=2, done=1) == count_states(items)
    assert Counts() == count_states([])


def test_the_worked_example_day_by_day():
    """Counted by hand: five at the start, one done on day 3, one added on day 5 and done on day 6."""
    days = burn_down(past(*WORKED), SPRINT, POLICY, Decimal(18), AFTER)
    counted = [(each.items.to_do, each.items.done) for each in days]
    assert [(5, 0), (5, 0), (4, 1), (4, 1), (5, 1), (4, 2), (3, 2), (2, 2), (3, 2)] == counted[:9]
    assert {(2, 2)} == set(counted[9:])
    assert [each.open_items for each in days] == [to_do for to_do, _ in counted]


def test_what_is_under_way_is_neither_to_do_nor_done():
    """From its start to its end; what is opened again is to do."""
    told = (
        planned("a", 1),
        happens("a", day(2), state="started"),
        happens("a", day(4), state="done"),
        happens("a", day(5), state="open"),
    )
    days = burn_down(past(*told), SPRINT, POLICY, Decimal(1), day(6, hour=1))
    assert [Counts(to_do=1), Counts(doing=1), Counts(doing=1), Counts(done=1), Counts(to_do=1)] == [
        each.items for each in days[:5]
    ]
    assert (None, None) == (days[5].items, days[5].open_items)
