"""The plan of an experiment in its work item: budget, baseline, and what people made of it all."""

from collections.abc import Iterable

from trainboard.experiment_view import ExperimentView
from trainboard.plans import CONCLUDED, PlanWord
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import code_cell, inert, inert_code
from trainboard.rendering.numbers import NOT_AVAILABLE, count
from trainboard.rendering.tables import table_head, table_row
from trainboard.spending import LimitUse

_NAME_CHARACTERS = 80
_REASON_CHARACTERS = 300


def budget_block(usage: Iterable[LimitUse]) -> Block:
    """Each limit, how much is used, and a word where that is nearly all or more; empty without a budget."""
    rows = tuple(table_row(budget_cells(each)) for each in usage)
    head = table_head("#### Budget", ["Limit", "Used", "Share"], numbers=[1, 2])
    return Block(name="Budget", head=head if rows else "", rows=rows)


def budget_cells(use: LimitUse) -> tuple[str, str, str]:
    """A limit, how much of it is used, and which share that is."""
    return code_cell(str(use.limit), _NAME_CHARACTERS), _say_used(use), _say_share(use)


def say_baseline(view: ExperimentView) -> str:
    """What the experiment is compared with, nothing where nobody said."""
    return f"Compared with {inert_code(view.baseline, _NAME_CHARACTERS)}." if view.baseline else ""


def say_rules(view: ExperimentView) -> str:
    """When the experiment ends by itself; nothing where it does not, or has ended."""
    if view.conclusion is not None or not view.rules:
        return ""
    return f"Ends by itself: {', '.join(map(inert_code, view.rules))}, once no run goes on."


def say_conclusion(word: PlanWord | None) -> str:
    """How the experiment ended, by people's word or their rule; nothing where it did not."""
    if word is None:
        return ""
    ended = "**Concluded**" if word.value == CONCLUDED else "**Inconclusive**"
    if not word.by:
        return f"{ended} by the decision rule {inert_code(word.reason)}."
    return (
        f"{ended} by the word of {inert(word.by, _NAME_CHARACTERS)}: {inert(word.reason, _REASON_CHARACTERS)}"
    )


def _say_used(usage: LimitUse) -> str:
    if usage.limit.day is not None:
        return count(int(usage.used or 0), "day")
    if usage.used is None:
        return f"n/a (no run tells its {_NOUNS[usage.limit.kind]})"
    used = f"{usage.used:,.2f}".rstrip("0").rstrip(".")
    currency = f" {inert(usage.limit.currency)}" if usage.limit.currency else ""
    silent = f" and {count(usage.untold, 'run')} without word of it" if usage.untold else ""
    return f"{used}{currency}{silent}"


_NOUNS = {"gpu_hours": "GPU time", "cost": "cost in that currency"}


def _say_share(usage: LimitUse) -> str:
    if usage.percent is None:
        return NOT_AVAILABLE
    word = ": over" if usage.is_over else ": nearly all" if usage.is_near else ""
    return f"{usage.percent:,} %{word}"
