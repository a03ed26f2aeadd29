"""The tables in an experiment's work item: targets, runs and metrics."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from statistics import median

from trainboard.experiment_view import ExperimentView
from trainboard.metrics import Judgement, Verdict
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import NO_NAME, code_cell, inert, inert_code, link
from trainboard.rendering.numbers import NOT_AVAILABLE, count, minute, number
from trainboard.rendering.summary import KnownMetric, Row, Summary, best_of, finished_scores, known, run_name
from trainboard.rendering.tables import table_head, table_row
from trainboard.rendering.trend import render_trend
from trainboard.runs import RunReport
from trainboard.targets import Goal, Target

NAME_CHARACTERS = 80
EXAMPLE = "`val_auc >= 0.92`"
_TARGET_CHARACTERS = 320
_REASON_CHARACTERS = 200
_MAX_METRICS = 15
_MAX_OTHER_COLUMNS = 3

VERDICTS = {Verdict.MET: "✓ met", Verdict.NOT_MET: "✗ not met", Verdict.UNKNOWN: "no result yet"}
_BETTER: dict[Goal | None, str] = {"max": "higher", "min": "lower", None: NOT_AVAILABLE}


def targets_block(view: ExperimentView) -> Block:
    """Every target with the best value seen, the trend and the verdict, or how to write one."""
    title = "#### Targets"
    if not view.judgements:
        hint = f"No targets yet. Write one on a line of its own above this part, such as {EXAMPLE}."
        return Block(name="Targets", head=f"{title}\n\n{hint}")
    by_id = {report.run.id: report for report in view.runs}
    trends = [render_trend(view.runs, each.target.metric, each.target.split) for each in view.judgements]
    if not any(trends):
        trends = []
    columns = ["Target", "Best", "Gap", *(["Last runs"] if trends else []), "Verdict", "Run"]
    head = table_head(title, columns, numbers=[1, 2])
    rows = tuple(
        _target_row(each, by_id.get(each.run_id or ""), trend)
        for each, trend in zip_longest(view.judgements, trends)
    )
    return Block(name="Targets", head=head, rows=rows)


def say_judgement(judgement: Judgement) -> str:
    """A target in a few words, with what was reached."""
    reached = f": {number(judgement.best)}" if judgement.best is not None else ""
    kind = "Guard-rail" if judgement.target.is_guard_rail else "Target"
    return f"{kind} {inert_code(str(judgement.target))}{reached}, {VERDICTS[judgement.verdict]}"


def count_met(judgements: Sequence[Judgement]) -> str:
    """How many targets are met, and how many guard-rails hold; empty where there is none."""
    parts = []
    for noun, verb, is_rail in (("target", "met", False), ("guard-rail", "held", True)):
        mine = [each.verdict for each in judgements if each.target.is_guard_rail == is_rail]
        parts += [f"{mine.count(Verdict.MET)} of {count(len(mine), noun)} {verb}"] if mine else []
    return ", ".join(parts)


def target_cell(target: Target) -> str:
    """The target as it was written, and whether it is a guard-rail."""
    kind = "Guard-rail " if target.is_guard_rail else ""
    return f"{kind}{code_cell(str(target), _TARGET_CHARACTERS)}"


def _target_row(judgement: Judgement, report: RunReport | None, trend: str | None) -> str:
    """Without the trend where that is None."""
    return table_row(
        [
            _said(judgement),
            _best(judgement),
            _gap(judgement),
            *([] if trend is None else [trend or NOT_AVAILABLE]),
            say_verdict(judgement),
            run_link(report) if report else NOT_AVAILABLE,
        ]
    )


def say_verdict(judgement: Judgement) -> str:
    """The verdict in words, and why it is so where the numbers do not tell."""
    if not judgement.reason:
        return VERDICTS[judgement.verdict]
    verdict = "no verdict" if judgement.verdict is Verdict.UNKNOWN else VERDICTS[judgement.verdict]
    return f"{verdict}: {inert(judgement.reason, _REASON_CHARACTERS)}"


def _said(judgement: Judgement) -> str:
    """The target as it was written; of an improvement also what that comes to."""
    wanted, said = judgement.wanted, target_cell(judgement.target)
    if wanted is None or wanted is judgement.target:
        return said
    return f"{said}, that is {code_cell(f'{wanted.compare} {number(wanted.bound)}', _TARGET_CHARACTERS)}"


def _best(judgement: Judgement) -> str:
    """A mean over seeds has its standard error beside it."""
    if judgement.best is None or judgement.stderr is None:
        return number(judgement.best)
    return f"{number(judgement.best)} ± {number(judgement.stderr)} (n={judgement.count:,})"


def _gap(judgement: Judgement) -> str:
    """How far the value, or the worst that a mean may stand for, is from what it must reach."""
    wanted = judgement.wanted
    if judgement.best is None or wanted is None:
        return NOT_AVAILABLE
    difference = judgement.best - wanted.bound
    ahead = (difference if wanted.goal == "max" else -difference) - (judgement.stderr or 0.0)
    if ahead == 0:
        return "none"
    return f"{number(abs(ahead))} {'better' if ahead > 0 else 'short'}"


def best_runs_block(view: ExperimentView, summary: Summary) -> Block:
    """The rows of `summary` with the targeted metrics and a few others; empty where there is no run."""
    if not summary.rows:
        return Block(name="Best runs", head="")
    title = "Best runs" if view.judgements else "Latest runs"
    targeted = [metric for metric in summary.metrics if metric.targeted]
    others = [metric for metric in summary.metrics if not metric.targeted]
    columns = targeted + others[:_MAX_OTHER_COLUMNS]
    names = [_metric_name(metric) for metric in columns]
    numbers = range(2, 2 + len(names))
    head = table_head(f"#### {title}", ["Run", "Status", *names, "Ended (UTC)"], numbers)
    tail = f"{count(summary.hidden_runs, 'more run')} not shown." if summary.hidden_runs else ""
    rows = tuple(_run_row(row, columns) for row in summary.rows)
    return Block(name=title, head=head, rows=rows, tail=tail)


def _run_row(row: Row, columns: Iterable[KnownMetric]) -> str:
    values = [metric_cell(row, metric) for metric in columns]
    return table_row(
        [link(row.name, row.url, NAME_CHARACTERS), _status(row), *values, minute(row.ended_at)],
    )


def metric_cell(row: Row, metric: KnownMetric) -> str:
    """The metric of a run; of a sweep its best, where a direction is known, and its median."""
    if row.planned is None:
        return number(row.best(metric.name, metric.goal or "max"))
    scores = finished_scores(row.runs, metric.name)
    if not scores:
        return NOT_AVAILABLE
    best = number(best_of(scores, metric.goal)[1]) + ", " if metric.goal else ""
    return f"{best}median {number(median(value for _, value in scores))}"


def _status(row: Row) -> str:
    if row.planned is None:
        return f"not heard of since {minute(row.unheard_since)}" if row.unheard else row.status.value
    unheard = f", {row.unheard:,} not heard of since {minute(row.unheard_since)}" if row.unheard else ""
    failed = f", {row.failed:,} failed" if row.failed else ""
    return f"sweep {row.status.value}: {row.done:,} of {row.planned:,} done{failed}{unheard}"


def metrics_block(view: ExperimentView, summary: Summary) -> Block:
    """What the finished runs reached in each metric; empty where they logged none."""
    columns = ["Metric", "Better", "Best", "Lowest … highest", "Run"]
    head = table_head("#### Metrics of the finished runs", columns, numbers=[2, 3])
    shown = summary.metrics[:_MAX_METRICS]
    rows = tuple(filter(None, (_metric_row(metric, view.runs) for metric in shown)))
    hidden = len(summary.metrics) - len(shown)
    tail = f"{count(hidden, 'more metric')} not shown." if hidden else ""
    return Block(name="Metrics", head=head if rows else "", rows=rows, tail=tail)


def _metric_row(metric: KnownMetric, reports: Sequence[RunReport]) -> str:
    """The metric's row, "" where no finished run has a finite value."""
    scores = finished_scores(reports, metric.name)
    if not scores:
        return ""
    best = best_of(scores, metric.goal) if metric.goal else None
    ends = dict.fromkeys([number(best_of(scores, "min")[1]), number(best_of(scores, "max")[1])])
    return table_row(
        [
            _metric_name(metric),
            _BETTER[metric.goal],
            number(best[1]) if best else NOT_AVAILABLE,
            " … ".join(ends),
            run_link(best[0]) if best else NOT_AVAILABLE,
        ]
    )


def _metric_name(metric: KnownMetric) -> str:
    return code_cell(metric.name, NAME_CHARACTERS) or NO_NAME


def run_link(report: RunReport) -> str:
    """The run's name, linked where it is known where."""
    return link(run_name(report), known(report.run.url), NAME_CHARACTERS)
