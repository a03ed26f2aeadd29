"""What people plan for an experiment: what they write in its work item, and what they command there.

Each word replaces an earlier one on the same. What was commanded counts before what is written.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from trainboard.decision_rules import Rule, parse_rules
from trainboard.metrics import Baseline
from trainboard.plan_sections import Heading, by_section, find_section
from trainboard.runs import finite
from trainboard.spending import Limit, parse_budget
from trainboard.targets import MAX_TARGETS, Target, find_target, identify, parse_targets, strip_list_item

Subject = Literal["target", "baseline", "budget", "conclusion"]

_NAMED = re.compile(r"champion|(?:alias|run):[\w.@/-]{1,200}")
_NUMBERS = re.compile(
    r"(?P<metric>[A-Za-z_][\w./@-]{0,249})\s{0,9}=\s{0,9}(?P<value>[+-]?\d{1,17}(?:\.\d{0,17})?(?:[eE][+-]?\d{1,3})?)"
)
CONCLUDED, INCONCLUSIVE = "concluded", "inconclusive"
_CHOSEN = "baseline"


class PlanWord(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody commanded at `at`.

    `key` tells it from others on its subject; no `value` takes it back. Nobody (`by` is empty) says a
    conclusion that a rule of the plan came to, which is its `reason`.
    """

    subject: Subject
    key: str = ""
    value: str = ""
    reason: str = ""
    by: str
    at: datetime


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an experiment is to reach, from where, with how much, and what people made of it.

    `baseline` is what `improves baseline` means: `champion`, `alias:<of a model>`, `run:<id>`, or numbers.
    `rules` end it by themselves, the first that holds.
    """

    targets: tuple[Target, ...] = ()
    baseline: str = ""
    budget: tuple[Limit, ...] = ()
    rules: tuple[Rule, ...] = ()
    conclusion: PlanWord | None = None

    @property
    def compared_with(self) -> set[str]:
        """The names of the runs and models from which targets are reckoned."""
        names = {target.baseline for target in self.targets if target.baseline}
        return (names - {_CHOSEN}) | ({self.baseline} if _CHOSEN in names and self.baseline else set())


def make_plan(written: str, words: Iterable[PlanWord]) -> Plan:
    """The plan, by the text of a work item and what was commanded there, in any order."""
    said = {(word.subject, word.key): word for word in sorted(words, key=lambda word: word.at)}
    conclusion = said.get(("conclusion", ""))
    return Plan(
        targets=_list_targets(written, said),
        baseline=_choose("baseline", said, _find_baseline(find_section(written, Heading.BASELINE))),
        budget=tuple(parse_budget(_choose("budget", said, _find_budget(written))) or ()),
        rules=parse_rules(find_section(written, Heading.DECISION_RULE)),
        conclusion=conclusion if conclusion and conclusion.value else None,
    )


def read_baseline(text: str) -> str:
    """A baseline as it is kept; "" for anything else. Numbers are written `<metric>=<value>, …`."""
    said = strip_list_item(text)
    return said if _NAMED.fullmatch(said) or read_numbers(said) else ""


def read_numbers(text: str) -> Mapping[str, float]:
    """The finite numbers of a baseline by metric; none where it is anything else."""
    found: dict[str, float] = {}
    for part in text.split(","):
        match = _NUMBERS.fullmatch(part.strip())
        value = finite(float(match["value"])) if match else None
        if match is None or value is None:
            return {}
        found[match["metric"]] = value
    return found


def list_baselines(plan: Plan, known: Mapping[str, Baseline]) -> dict[str, Baseline]:
    """What the plan's targets may be compared with, by name; `known` are runs and models that were found."""
    if not plan.baseline:
        return dict(known)
    numbers = read_numbers(plan.baseline)
    chosen = numbers or known.get(plan.baseline)
    return dict(known) if chosen is None else {**known, _CHOSEN: chosen}


def _list_targets(written: str, said: Mapping[tuple[Subject, str], PlanWord]) -> tuple[Target, ...]:
    """Those of the text in its order, the commanded ones in their place, then what was only commanded.

    Guard-rails come last, so that the first target is what the experiment is about. A command says how much
    one must reach, and leaves it a guard-rail.
    """
    found = {write_key(target): target for target in parse_targets(_leave_out_limits(written))}
    commanded = {key: find_target(word.value) for (subject, key), word in said.items() if subject == "target"}
    found |= {key: target for key, target in commanded.items() if target is not None}
    rails = set(map(write_key, parse_targets(find_section(written, Heading.GUARD_RAILS))))
    marked = [replace(target, is_guard_rail=key in rails) for key, target in found.items()]
    return tuple(sorted(marked, key=lambda target: target.is_guard_rail))[:MAX_TARGETS]


def write_key(target: Target) -> str:
    """What tells a target from others, as text."""
    return " ".join(identify(target))


def _choose(subject: Subject, said: Mapping[tuple[Subject, str], PlanWord], written: str) -> str:
    word = said.get((subject, ""))
    return word.value if word and word.value else written


def _find_baseline(section: str) -> str:
    return next(filter(None, map(read_baseline, section.splitlines())), "")


def _find_budget(text: str) -> str:
    """Those lines below its heading that are limits; people may write more there."""
    lines = (strip_list_item(line) for line in find_section(text, Heading.BUDGET).splitlines())
    return "\n".join(line for line in lines if parse_budget(line))


def _leave_out_limits(text: str) -> str:
    """The text without the limits below the heading of the budget, of which one looks like a target."""
    return "\n".join(
        line
        for name, line in by_section(text)
        if not Heading.BUDGET.is_called(name) or not parse_budget(strip_list_item(line))
    )
