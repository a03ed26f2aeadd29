"""Targets that people write: what a metric must reach, or by how much it must be better than a baseline."""

import operator
import re
from collections.abc import Callable, Iterable
from typing import Literal, cast

import msgspec

from trainboard.runs import finite

Goal = Literal["max", "min"]
Compare = Literal[">=", ">", "<=", "<"]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
_METRIC = r"(?P<metric>[A-Za-z_][\w./@-]{0,249})"
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_CONDITIONS = (
    r"(?:\s+on\s+split=(?P<split>[\w.-]{1,64}))?"
    r"(?:\s+over\s+n\s{0,9}>=\s{0,9}(?P<seeds>[1-9]\d{0,2})\s+seeds?)?"
)
_THRESHOLD = re.compile(
    rf"{_METRIC}\s*(?P<compare>>=|<=|>|<)\s*(?P<bound>{_NUMBER})"
    rf"(?:\s*(?!on\s|over\s)(?P<unit>[A-Za-z%][\w%/]{{0,31}}))?{_CONDITIONS}"
)
_IMPROVEMENT = re.compile(
    rf"{_METRIC}\s+improves\s+(?P<baseline>baseline|champion|(?:alias|run):[\w.@/-]{{1,200}})"
    rf"(?:\s+by\s+(?P<compare>>=|>)\s{{0,9}}(?P<bound>{_NUMBER})(?P<unit>\s{{0,9}}%)?)?{_CONDITIONS}"
    r"(?:,\s{0,9}(?P<better>higher|lower)\s+is\s+better)?"
)
_GOALS: dict[str, Goal] = {"higher": "max", "lower": "min"}
_BETTER = {goal: word for word, goal in _GOALS.items()}
_LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HUNDRED = 100
MAX_TARGETS = 20


class Target(msgspec.Struct, frozen=True):
    """What a metric must reach, as a person wrote it: `val_auc >= 0.92`.

    With a `baseline` it is by how much the metric must be better than there, in percent of it where `unit`
    is `%`: `rmse improves champion by >= 2%`. It names `champion`, `baseline`, `alias:<of a model>` or
    `run:<id>`. `split` is the only one that counts, `seeds` how many runs with one configuration there must
    be at least; 0 for one by itself. `told` is which way is better, where the line says so. One that
    `is_guard_rail` is not what the experiment is for, and must hold all the same.
    """

    metric: str
    compare: Compare
    bound: float
    unit: str = ""
    split: str = ""
    seeds: int = 0
    baseline: str = ""
    told: Goal | None = None
    is_guard_rail: bool = False

    @property
    def goal(self) -> Goal | None:
        """Which way is better; None for an improvement of which nobody said it."""
        if self.baseline:
            return self.told
        return "max" if self.compare.startswith(">") else "min"

    def is_reached(self, value: float | None, level: float) -> bool:
        """True if `value` is a finite number that reaches `level`, by this comparison."""
        number = finite(value)
        return number is not None and _COMPARE[self.compare](number, level)

    def holds(self, value: float | None) -> bool:
        """True if `value` is a finite number that reaches the bound, which counts from no baseline."""
        return not self.baseline and self.is_reached(value, self.bound)

    def improve(self, baseline: float, goal: Goal) -> "Target":
        """What the metric itself must reach to be so much better than that.

        Of a baseline that is 0 no percentage can be taken: it must be better at all.
        """
        gain, compare = self.bound, self.compare
        if self.unit == "%":
            gain = abs(baseline) * self.bound / _HUNDRED
            compare = compare if baseline else ">"
        towards = {"max": {">=": ">=", ">": ">"}, "min": {">=": "<=", ">": "<"}}
        return msgspec.structs.replace(
            self,
            compare=cast("Compare", towards[goal][compare]),
            bound=baseline + gain if goal == "max" else baseline - gain,
            unit="",
            baseline="",
            told=None,
        )

    def __str__(self) -> str:
        said = f"{self.metric} improves {self.baseline}" if self.baseline else self.metric
        if self.baseline and (self.compare, self.bound, self.unit) == (">", 0.0, ""):
            words = [said]
        else:
            by = ["by"] if self.baseline else []
            words = [said, *by, self.compare, format(self.bound, ".10g"), self.unit]
        words += [f"on split={self.split}"] if self.split else []
        words += [f"over n>={self.seeds} {'seed' if self.seeds == 1 else 'seeds'}"] if self.seeds else []
        better = f", {_BETTER[self.told]} is better" if self.told else ""
        return f"{' '.join(filter(None, words))}{better}"


def parse_targets(text: str) -> list[Target]:
    """Every line of `text` that is a target and nothing else, in order, each metric and direction once.

    List marks, check boxes and backticks around the line are allowed; code blocks and HTML
    comments are skipped. At most 20 are read.
    """
    found: dict[object, Target] = {}
    for line in _prose_lines(_COMMENT.sub("", text)):
        target = find_target(strip_list_item(line))
        if target is not None:
            found[identify(target)] = target
    return list(found.values())[:MAX_TARGETS]


def is_easier(target: Target, than: Target) -> bool:
    """True if something that does not reach `than` may reach `target`; both are about the same."""
    if target.seeds < than.seeds or target.unit != than.unit:
        return True
    if (target.told or than.told) != than.told:
        return True
    is_strict = "=" not in than.compare and "=" in target.compare
    if target.bound == than.bound:
        return is_strict
    is_lower = target.bound < than.bound
    return is_lower if target.baseline or target.goal == "max" else not is_lower


def strip_list_item(line: str) -> str:
    """The line without its list mark, check box and backticks."""
    return _LIST_ITEM.sub("", line).strip().strip("`").strip()


def identify(target: Target) -> tuple[str, str, str, str]:
    """What a later word replaces: the same metric and split, in one direction or from one baseline."""
    return target.metric, target.split, target.baseline, "" if target.baseline else target.goal or ""


def find_target(text: str) -> Target | None:
    """The target that `text` is, None where it is anything else; the bound is finite."""
    match = _THRESHOLD.fullmatch(text) or _IMPROVEMENT.fullmatch(text)
    if match is None:
        return None
    said = match.groupdict()
    target = Target(
        said["metric"],
        cast("Compare", said["compare"] or ">"),
        float(said["bound"] or 0),
        (said["unit"] or "").strip(),
        said["split"] or "",
        int(said["seeds"] or 0),
        said.get("baseline") or "",
        _GOALS.get(said.get("better") or ""),
    )
    if target.baseline and target.bound < 0:
        return None
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
