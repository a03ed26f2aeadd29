"""The plan of an experiment in its work item: budget, baseline, and what people made of it all."""

from collections.abc import Iterable

from trainboard.experiment_view import ExperimentView
from trainboard.plans import CONCLUDED, PlanWord
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import code_cell, inert, inert_code
from trainboard.rendering.numbers import NOT_AVAILABLE, count
from trainboard.rendering.tables import table_head, table_row
from trainboard.spending import Usage

_NAME_CHARACTERS = 80
_REASON_CHARACTERS = 300


def budget_block(usage: Iterable[Usage]) -> Block:
    """Each limit, how much is used, and a word where that is nearly all or more; empty without a budget."""
    rows = tuple(
        table_row([code_cell(str(each.limit), _NAME_CHARACTERS), _say_used(each), _say_share(each)])
        for each in usage
    )
    head = table_head("#### Budget", ["Limit", "Used", "Share"], numbers=[1, 2])
    return Block(name="Budget", head=head if rows else "", rows=rows)


def say_baseline(view: ExperimentView) -> str:
    """What the experiment is compared with, nothing where nobody said."""
    return f"Compared with {inert_code(view.baseline, _NAME_CHARACTERS)}." if view.baseline else ""


def say_conclusion(word: PlanWord | None) -> str:
    """How the experiment ended by people's word, nothing where they said nothing."""
    if word is None:
        return ""
    ended = "**Concluded**" if word.value == CONCLUDED else "**Inconclusive**"
    return (
        f"{ended} by the word of {inert(word.by, _NAME_CHARACTERS)}: {inert(word.reason, _REASON_CHARACTERS)}"
    )


def _say_used(usage: Usage) -> str:
    if usage.limit.day is not None:
        return count(int(usage.used or 0), "day")
    if usage.used is None:
        return f"n/a (no run tells its {_NOUNS[usage.limit.kind]})"
    used = f"{usage.used:,.2f}".rstrip("0").rstrip(".")
    currency = f" {inert(usage.limit.currency)}" if usage.limit.currency else ""
    silent = f" and {count(usage.untold, 'run')} without word of it" if usage.untold else ""
    return f"{used}{currency}{silent}"


_NOUNS = {"runs": "number", "gpu_hours": "GPU time", "cost": "cost in that currency", "until": "time"}


def _say_share(usage: Usage) -> str:
    if usage.percent is None:
        return NOT_AVAILABLE
    word = ": over" if usage.is_over else ": nearly all" if usage.is_near else ""
    return f"{usage.percent:,} %{word}"
