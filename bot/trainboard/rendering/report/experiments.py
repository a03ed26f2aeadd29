"""The experiments, the furthest ahead of their targets first."""

from trainboard.metrics import Judgement, Verdict
from trainboard.rendering.inert import code_cell, link
from trainboard.rendering.numbers import NOT_AVAILABLE, count, number
from trainboard.rendering.report.words import table
from trainboard.report.building import Report
from trainboard.report.experiments import Leaderboard, Outcome, Ranked, RunTally

_MOST = 25
_NAME_CHARACTERS = 80
_TARGET_CHARACTERS = 100
_TITLE = "### Experiments"


def render(report: Report) -> str:
    """The leaderboard; how many came to what; which runs count apart."""
    board = report.experiments
    if board is None:
        return ""
    if not board.experiments:
        return f"{_TITLE}\n\nn/a (no experiment had a work item in the sprint)"
    columns = ("Experiment", "Target", "Best", "Margin", "Seeds", "Verdict", "Runs")
    shown = [_row(each) for each in board.experiments[:_MOST]]
    hidden = len(board.experiments) - len(shown)
    more = [f"{count(hidden, 'more experiment')} not shown.", ""] if hidden else []
    return "\n".join([table(_TITLE, columns, (2, 3), shown), "", *more, _sum_up(board)])


def _row(each: Ranked) -> tuple[str, ...]:
    first = each.judgements[0] if each.judgements else None
    return (
        link(each.name, each.url, _NAME_CHARACTERS, may_refer=True),
        _target(first, len(each.judgements)),
        NOT_AVAILABLE if each.best is None else _best(each),
        NOT_AVAILABLE if each.margin is None else _margin(each.margin, first),
        _seeds(each),
        _verdict(each),
        _runs(each.runs),
    )


def _target(first: Judgement | None, amount: int) -> str:
    if first is None:
        return "n/a (none is set)"
    more = f" and {amount - 1} more" if amount > 1 else ""
    return f"{code_cell(str(first.target), _TARGET_CHARACTERS)}{more}"


def _best(each: Ranked) -> str:
    best = each.best
    return "" if best is None else f"{number(best.value)} ({link(best.name, best.url, _NAME_CHARACTERS)})"


def _margin(margin: float, first: Judgement | None) -> str:
    """In percent of the bound; of a bound of 0 the difference itself."""
    if first is not None and first.wanted is not None and not first.wanted.bound:
        return f"{margin:+.4g}"
    return f"{margin * 100:+.1f} %"


def _seeds(each: Ranked) -> str:
    return "n/a" if each.spread is None else f"{each.seeds}, spread {number(each.spread)}"


def _verdict(each: Ranked) -> str:
    met = sum(judgement.verdict is Verdict.MET for judgement in each.judgements)
    part = f" ({met} of {len(each.judgements)} met)" if 0 < met < len(each.judgements) else ""
    closed = ", concluded" if each.is_closed and each.outcome != "concluded" else ""
    return f"{each.outcome}{part}{closed}"


def _runs(tally: RunTally) -> str:
    parts = (
        (tally.finished, "finished"),
        (tally.no_value, "without a finite value"),
        (tally.failed, "failed"),
        (tally.killed, "killed"),
        (tally.going, "running"),
        (tally.queued, "queued"),
    )
    return ", ".join(f"{amount:,} {what}" for amount, what in parts if amount) or "none"


def _sum_up(board: Leaderboard) -> str:
    outcomes: tuple[Outcome, ...] = ("met", "not met", "inconclusive", "under way", "not started")
    said = ", ".join(f"{board.count(each)} {each}" for each in outcomes if board.count(each))
    closed = f" People concluded {count(board.concluded, 'experiment')}." if board.concluded else ""
    return f"{count(len(board.experiments), 'experiment')}{f': {said}' if said else ''}.{closed}"
