"""Hours of GPUs, and what they cost."""

from decimal import Decimal

from trainboard.rendering.experiment_plan import budget_cells
from trainboard.rendering.inert import inert
from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import table
from trainboard.report.building import Report
from trainboard.report.usage import Usage, Used

_MOST = 25
_NAME_CHARACTERS = 80
_CURRENCY_CHARACTERS = 3
_TITLE = "### GPU hours and cost"


def render(report: Report) -> str:
    """What each experiment used, and all together."""
    usage = report.usage
    if usage is None:
        return ""
    if not usage.total.runs:
        return f"{_TITLE}\n\nn/a (no run started in the sprint)"
    rows = [_row(inert(each.experiment, _NAME_CHARACTERS), each, usage) for each in usage.experiments[:_MOST]]
    hidden = len(usage.experiments) - len(rows)
    rows.append(
        _row("All" if not hidden else f"All, with {count(hidden, 'more experiment')}", usage.total, usage)
    )
    going = usage.total.going
    shown = table(_TITLE, ("Experiment", "Runs", "GPU hours", "Cost"), (1, 2, 3), rows)
    more = f"{count(going, 'run')} not over, counted as far as known." if going else ""
    return "\n\n".join(filter(None, [shown, more, _budgets(report)]))


def _budgets(report: Report) -> str:
    """How much each experiment used of its budget since it began, and not only in the sprint."""
    board = report.experiments
    rows = [
        (inert(each.name, _NAME_CHARACTERS), *budget_cells(use))
        for each in (board.experiments if board else ())
        for use in each.budget
    ]
    if not rows:
        return "Budget: n/a (no experiment declares one)."
    left = f"\n\nAnd {count(len(rows) - _MOST, 'more limit')}." if len(rows) > _MOST else ""
    columns = ("Experiment", "Limit", "Used since it began", "Share")
    return table("Budgets:", columns, (2, 3), rows[:_MOST]) + left


def _row(name: str, used: Used, usage: Usage) -> tuple[str, ...]:
    unpriced = "no prices are set" if not usage.currency else "no price for their devices"
    return (
        name,
        f"{used.runs:,}",
        _amount(used.hours, used.without_hours, "they do not tell their GPUs or times"),
        _amount(used.cost, used.without_cost, unpriced, f" {inert(usage.currency, _CURRENCY_CHARACTERS)}"),
    )


def _amount(value: Decimal | None, without: int, why: str, unit: str = "") -> str:
    """The sum, and how many runs are not in it."""
    if value is None:
        return f"n/a ({why})"
    apart = f", without {count(without, 'run')}" if without else ""
    return f"{value:,.2f}{unit}{apart}"
