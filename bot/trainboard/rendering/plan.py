"""What fits into a sprint, as Markdown."""

from decimal import Decimal

from trainboard.rendering.inert import inert, inert_code, link
from trainboard.rendering.numbers import NOT_AVAILABLE, count
from trainboard.rendering.report.words import say, table
from trainboard.report.planning import SURE, Basis, Candidate, Line, SprintPlan

_MOST_LINES = 40
_TITLE_CHARACTERS = 100
_WORDS = {True: "yes", False: "no", None: NOT_AVAILABLE}
_PLACES = {"left": "open from before", "planned": "in it already", "backlog": "backlog"}


def render_plan(plan: SprintPlan) -> str:
    """The suggestion as a table, what it goes by, and how to follow it. Nothing was done."""
    sprint = plan.sprint
    days = count(plan.basis.days, "working day")
    head = f"### What fits into {inert(sprint.name)} of {inert(plan.project)}"
    when = f"{sprint.start} to {sprint.end}, {days}. A suggestion: nothing was changed."
    return "\n\n".join(filter(None, [head, when, _say_basis(plan.basis), _lines(plan), _say_rest(plan)]))


def _say_basis(basis: Basis) -> str:
    if not basis.days:
        return "Nobody works on any day of it, so nothing fits."
    said = [_say_means(basis)]
    if basis.capacity is not None:
        said.append(f"The team takes on {say(basis.capacity)} points.")
    if basis.sure is None:
        said.append(f"How many items are done with {SURE} %: n/a ({basis.reason}).")
    else:
        said.append(f"With {SURE} %, {count(basis.sure, 'item')} are done." if basis.sure != 1 else _ONE)
    if basis.mean_of_three is None and basis.sure is None and basis.capacity is None:
        said.append("The history is too short to plan by: this is an order, and no more.")
    return " ".join(said)


_ONE = f"With {SURE} %, 1 item is done."


def _say_means(basis: Basis) -> str:
    if basis.mean_of_three is None:
        return "Points of a usual sprint: n/a (needs three sprints that are over)."
    six = "" if basis.mean_of_six is None else f", of the last six {say(basis.mean_of_six)}"
    return f"By the mean of the last three sprints, it holds {say(basis.mean_of_three)} points{six}."


def _lines(plan: SprintPlan) -> str:
    if not plan.lines:
        return "Nothing is open that could go into it."
    columns, numbers = ["", "Item", "Points", "Sum", "Why here", f"{SURE} %", "Mean"], (0, 2, 3)
    has_capacity = plan.basis.capacity is not None
    columns += ["Capacity"] if has_capacity else []
    rows = [
        (*_row(place, line), *([_WORDS[line.is_within_capacity]] if has_capacity else []))
        for place, line in enumerate(plan.lines[:_MOST_LINES], 1)
    ]
    shown = table("", columns, numbers, rows).lstrip("\n")
    left = len(plan.lines) - _MOST_LINES
    return f"{shown}\n\nAnd {left:,} more." if left > 0 else shown


def _row(place: int, line: Line) -> tuple[str, ...]:
    each = line.candidate
    return (
        str(place),
        link(each.title or each.item, each.url, _TITLE_CHARACTERS),
        _say_points(each.points),
        say(line.total),
        _say_reason(each),
        _WORDS[line.is_sure],
        _WORDS[line.is_within_mean],
    )


def _say_points(points: Decimal | None) -> str:
    return "no estimate" if points is None else say(points)


def _say_reason(each: Candidate) -> str:
    said = [_PLACES[each.place]]
    if each.carries:
        said.append("carried once" if each.carries == 1 else f"carried {each.carries:,} times")
    if each.priority is not None:
        said.append(f"priority {each.priority}")
    return ", ".join([*said, f"since {each.since:%Y-%m-%d}"])


def _say_rest(plan: SprintPlan) -> str:
    said = []
    if plan.unestimated:
        noun = count(plan.unestimated, "item")
        said.append(
            f"{noun} without an estimate {'counts' if plan.unestimated == 1 else 'count'} nothing in points."
        )
    if plan.lines:
        said.append(f"To put an item into the sprint, comment {inert_code('/sprint next')} on it.")
    return " ".join(said)
