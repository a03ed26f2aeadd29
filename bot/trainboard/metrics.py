"""Targets that people write, and the verdict of the runs on them."""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Literal, cast

import msgspec
from msgspec import UNSET

from trainboard.runs import Metric, RunReport, RunStatus, finite

Goal = Literal["max", "min"]
Compare = Literal[">=", ">", "<=", "<"]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
_TARGET = re.compile(
    r"(?P<metric>[A-Za-z_][\w./@-]{0,249})\s*(?P<compare>>=|<=|>|<)\s*"
    r"(?P<bound>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?:\s*(?P<unit>[A-Za-z%][\w%/]{0,31}))?"
)
_LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
MAX_TARGETS = 20


class Verdict(StrEnum):
    """What the finished runs say of a target."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class Target(msgspec.Struct, frozen=True):
    """What a metric must reach, as a person wrote it: `val_auc >= 0.92`."""

    metric: str
    compare: Compare
    bound: float
    unit: str = ""

    @property
    def goal(self) -> Goal:
        """Which way is better."""
        return "max" if self.compare.startswith(">") else "min"

    def holds(self, value: float | None) -> bool:
        """True if `value` is a finite number that reaches the bound."""
        number = finite(value)
        return number is not None and _COMPARE[self.compare](number, self.bound)

    def __str__(self) -> str:
        return " ".join(filter(None, [self.metric, self.compare, format(self.bound, ".10g"), self.unit]))


class Judgement(msgspec.Struct, frozen=True):
    """A target, the best value seen, the run that has it, and the verdict."""

    target: Target
    verdict: Verdict
    best: float | None = None
    run_id: str | None = None


def parse_targets(text: str) -> list[Target]:
    """Every line of `text` that is a target and nothing else, in order, each metric and direction once.

    List marks, check boxes and backticks around the line are allowed; code blocks and HTML
    comments are skipped. At most 20 are read.
    """
    found: dict[tuple[str, str], Target] = {}
    for line in _prose_lines(_COMMENT.sub("", text)):
        target = find_target(_LIST_ITEM.sub("", line).strip().strip("`").strip())
        if target is not None:
            found[target.metric, target.goal] = target
    return list(found.values())[:MAX_TARGETS]


def find_target(text: str) -> Target | None:
    """The target that `text` is, None where it is anything else; the bound is finite."""
    match = _TARGET.fullmatch(text)
    if match is None:
        return None
    target = Target(
        match["metric"], cast("Compare", match["compare"]), float(match["bound"]), match["unit"] or ""
    )
    return target if finite(target.bound) is not None else None


def _prose_lines(text: str) -> Iterable[str]:
    fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if fence:
            if match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif match:
            fence = match[1]
        elif not line.startswith(("    ", "\t")):
            yield line


def value_of(report: RunReport, name: str) -> float | None:
    """The finite number to compare: the best where the run tells it, else the last."""
    value = None if report.metrics is UNSET else report.metrics.get(name)
    if not isinstance(value, Metric):
        return finite(value)
    best = None if value.best is UNSET else finite(value.best)
    return best if best is not None else finite(value.value)


def best_run(reports: Iterable[RunReport], metric: str, goal: Goal) -> tuple[RunReport, float] | None:
    """The finished run with the best finite value of `metric`; the first of equals; None if there is none."""
    scored = [
        (report, value)
        for report in reports
        if report.run.status is RunStatus.FINISHED and (value := value_of(report, metric)) is not None
    ]
    if not scored:
        return None
    choose = max if goal == "max" else min
    return choose(scored, key=lambda pair: pair[1])


def judge(targets: Sequence[Target], reports: Sequence[RunReport]) -> list[Judgement]:
    """What `reports` say of each target.

    Unknown only while no run has ended: a metric that is missing, not finite or of a run that
    failed does not meet a target.
    """
    ended = any(report.run.status.ended for report in reports)
    return [_judge_one(target, reports, ended=ended) for target in targets]


def _judge_one(target: Target, reports: Sequence[RunReport], *, ended: bool) -> Judgement:
    best = best_run(reports, target.metric, target.goal)
    if best is None:
        return Judgement(target, Verdict.NOT_MET if ended else Verdict.UNKNOWN)
    report, value = best
    verdict = Verdict.MET if target.holds(value) else Verdict.NOT_MET
    return Judgement(target, verdict, value, report.run.id)
