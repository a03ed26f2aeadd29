"""What runs measured, and the verdict on targets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.runs import Group, Metric, RunReport, RunStatus, finite
from trainboard.targets import Compare, Goal, Target

SEEDS = ("seed", "random_seed", "random_state", "rng_seed")
"""Parameters that may differ between runs which try the same thing."""

_ASK = "say which way is better: end the line with , higher is better or , lower is better"

Baseline = RunReport | Mapping[str, float]
"""What is compared with: a run, or numbers that somebody gave, by metric."""


class Verdict(StrEnum):
    """What the finished runs say of a target."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class Score(msgspec.Struct, frozen=True):
    """A value and the run that has it.

    Of several runs with one configuration it is their mean, `stderr` its standard error, `count` how many
    there are, and the run is the first of them.
    """

    report: RunReport
    value: float
    stderr: float = 0.0
    count: int = 1

    def at_worst(self, goal: Goal) -> float:
        """The value less its standard error."""
        return self.value - self.stderr if goal == "max" else self.value + self.stderr


class Judgement(msgspec.Struct, frozen=True):
    """A target, the best value seen, the run that has it, and the verdict.

    `level` is what the value must reach where that was reckoned from a baseline, `way` which way is better
    where a run told it; see `wanted` and `goal`. `stderr` and `count` are those of a mean over seeds.
    `reason` says why a verdict is what it is, where the numbers do not.
    """

    target: Target
    verdict: Verdict
    best: float | None = None
    run_id: str | None = None
    level: float | None = None
    way: Goal | None = None
    stderr: float | None = None
    count: int = 1
    reason: str = ""

    @property
    def wanted(self) -> Target | None:
        """What the metric itself must reach, None where the baseline or the direction is not known."""
        if not self.target.baseline:
            return self.target
        if self.level is None or self.goal is None:
            return None
        strict = not self.target.compare.endswith("=")
        compare: Compare = (">" if strict else ">=") if self.goal == "max" else ("<" if strict else "<=")
        return Target(
            self.target.metric, compare, self.level, split=self.target.split, seeds=self.target.seeds
        )

    @property
    def goal(self) -> Goal | None:
        """Which way is better, None where nobody tells."""
        return self.target.goal or self.way


def value_of(report: RunReport, name: str, split: str = "") -> float | None:
    """The finite number to compare: the best where the run tells it, else the last.

    With a `split` only a metric that the run tells to be of that one counts.
    """
    value = None if report.metrics is UNSET else report.metrics.get(name)
    if not isinstance(value, Metric):
        return None if split else finite(value)
    if split and value.split != split:
        return None
    best = None if value.best is UNSET else finite(value.best)
    return best if best is not None else finite(value.value)


def best_run(
    reports: Iterable[RunReport], metric: str, goal: Goal, split: str = ""
) -> tuple[RunReport, float] | None:
    """The finished run with the best finite value of `metric`; the first of equals; None if there is none.

    With a `split` only metrics that their runs tell to be of that one count.
    """
    score = _best(_score_each(reports, metric, split), goal)
    return (score.report, score.value) if score else None


def judge(
    targets: Sequence[Target], reports: Sequence[RunReport], baselines: Mapping[str, Baseline] | None = None
) -> list[Judgement]:
    """What `reports` say of each target, beside the `baselines` by their names.

    Unknown only while no run has ended, or while nobody knows the baseline or which way is better: a metric
    that is missing, not finite or of a run that failed does not meet a target.
    """
    ended = any(report.run.status.ended for report in reports)
    told = _list_told(targets, reports)
    known = {f"run:{report.run.id}": report for report in reports} | dict(baselines or {})
    return [_judge_one(target, reports, told.get(target.metric), known, ended=ended) for target in targets]


def judge_again(judgements: Sequence[Judgement], reports: Sequence[RunReport]) -> list[Judgement]:
    """What these reports say of the same targets, with improvements reckoned as they were before."""
    anew = judge([old.wanted or old.target for old in judgements], reports)
    return [
        replace(new, target=old.target, level=old.level, way=old.way)
        for old, new in zip(judgements, anew, strict=True)
    ]


def _judge_one(
    target: Target,
    reports: Sequence[RunReport],
    told: Goal | None,
    baselines: Mapping[str, Baseline],
    *,
    ended: bool,
) -> Judgement:
    goal = target.goal or told
    if goal is None:
        return Judgement(target, Verdict.UNKNOWN, reason=_ASK)
    judgement = Judgement(target, Verdict.UNKNOWN, way=None if target.goal else goal)
    wanted = target
    if target.baseline:
        value = _find_baseline(baselines.get(target.baseline), target)
        if value is None:
            return replace(judgement, reason=f"no {target.metric} of {target.baseline} is known")
        wanted = target.improve(value, goal)
        judgement = replace(judgement, level=wanted.bound)
    score = _best(_score(target, reports), goal)
    if score is None:
        verdict = Verdict.NOT_MET if ended else Verdict.UNKNOWN
        return replace(judgement, verdict=verdict, reason=_explain(target, reports) if ended else "")
    return replace(
        judgement,
        verdict=Verdict.MET if wanted.holds(score.at_worst(goal)) else Verdict.NOT_MET,
        best=score.value,
        run_id=score.report.run.id,
        stderr=score.stderr if target.seeds else None,
        count=score.count,
    )


def _find_baseline(baseline: Baseline | None, target: Target) -> float | None:
    if isinstance(baseline, RunReport):
        return value_of(baseline, target.metric, target.split)
    return finite(baseline.get(target.metric)) if baseline else None


def _explain(target: Target, reports: Sequence[RunReport]) -> str:
    if target.seeds and (most := max((each.count for each in _score_seeds(reports, target)), default=0)):
        return f"needs {target.seeds} seeds, and the most with one configuration are {most}"
    if target.split and any(value_of(report, target.metric) is not None for report in reports):
        return f"no run tells {target.metric} of split {target.split}"
    return ""


def _list_told(targets: Iterable[Target], reports: Iterable[RunReport]) -> dict[str, Goal]:
    """Which way is better of each metric, by the other targets, else by the runs, where they agree."""
    by_runs: defaultdict[str, set[Goal]] = defaultdict(set)
    by_targets: defaultdict[str, set[Goal]] = defaultdict(set)
    for report in reports:
        for name, value in (report.metrics or {}).items():
            if isinstance(value, Metric) and value.goal is not UNSET:
                by_runs[name].add(value.goal)
    for target in targets:
        if target.goal:
            by_targets[target.metric].add(target.goal)
    return {name: next(iter(goals)) for name, goals in (by_runs | by_targets).items() if len(goals) == 1}


def _best(scores: Iterable[Score], goal: Goal) -> Score | None:
    """By the value less its standard error; the first of equals."""
    choose = max if goal == "max" else min
    return choose(scores, key=lambda score: score.at_worst(goal), default=None)


def _score(target: Target, reports: Iterable[RunReport]) -> list[Score]:
    if not target.seeds:
        return list(_score_each(reports, target.metric, target.split))
    return [score for score in _score_seeds(reports, target) if score.count >= target.seeds]


def _score_each(reports: Iterable[RunReport], metric: str, split: str) -> Iterable[Score]:
    for report in reports:
        value = value_of(report, metric, split) if report.run.status is RunStatus.FINISHED else None
        if value is not None:
            yield Score(report, value)


def _score_seeds(reports: Iterable[RunReport], target: Target) -> list[Score]:
    """The mean of each set of runs that differ in their seed only, and runs that tell a mean themselves."""
    alike: defaultdict[object, list[Score]] = defaultdict(list)
    for score in _score_each(reports, target.metric, target.split):
        alike[_configure(score.report)].append(score)
    told = [mean for scores in alike.values() for each in scores if (mean := _find_mean(each, target.metric))]
    return told + [_average(scores) for scores in alike.values()]


def _find_mean(score: Score, metric: str) -> Score | None:
    value = score.report.metrics[metric] if score.report.metrics else None
    if not isinstance(value, Metric) or value.n is UNSET or value.stderr is UNSET:
        return None
    stderr = finite(value.stderr)
    return None if stderr is None else Score(score.report, score.value, stderr, value.n)


def _average(scores: Sequence[Score]) -> Score:
    values = [score.value for score in scores]
    stderr = stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return Score(scores[0].report, fmean(values), stderr, len(values))


def _configure(report: RunReport) -> object:
    """All that two runs must share to differ in their seed only."""
    group = report.run.group
    kept = {} if report.params is UNSET else {k: v for k, v in report.params.items() if k not in SEEDS}
    return (
        report.source,
        group.id if isinstance(group, Group) else None,
        tuple(sorted((name, repr(value)) for name, value in kept.items())),
    )
