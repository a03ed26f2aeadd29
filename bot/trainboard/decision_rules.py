"""Rules by which an experiment ends by itself, as people write them below `### Decision rule`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from trainboard.metrics import Judgement, Verdict
from trainboard.spending import LimitUse
from trainboard.targets import strip_list_item

_WRITTEN = re.compile(
    r"(?P<end>conclude|inconclusive)\s+(?:when|if|once)\s+(?:all\s+|the\s+)*"
    r"(?:targets\s+(?:are\s+)?(?P<met>met)|budget\s+(?:is\s+)?used(?:\s+up)?)\s*[.!;]?",
    re.IGNORECASE,
)


class Rule(StrEnum):
    """When an experiment ends, and as what."""

    TARGETS_MET = "conclude when targets met"
    BUDGET_USED = "conclude when budget used"
    MISSED = "inconclusive when budget used"

    @property
    def concludes(self) -> bool:
        """False for one that ends it without a result."""
        return self is not Rule.MISSED


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules among the lines, each once; people write more there, which is for people."""
    return tuple(dict.fromkeys(_find_rules(text.splitlines())))


def find_end(
    rules: Iterable[Rule], judgements: Sequence[Judgement], usage: Iterable[LimitUse]
) -> Rule | None:
    """The first rule that holds, by what is said of the targets and used of the budget; None for none."""
    has_met = bool(judgements) and all(each.verdict is Verdict.MET for each in judgements)
    is_used = any(use.is_used_up for use in usage)
    holds = {
        Rule.TARGETS_MET: has_met,
        Rule.BUDGET_USED: is_used,
        Rule.MISSED: is_used and not has_met,
    }
    return next((rule for rule in rules if holds[rule]), None)


def _find_rules(lines: Iterable[str]) -> Iterator[Rule]:
    for line in lines:
        match = _WRITTEN.fullmatch(strip_list_item(line))
        if match is None:
            continue
        concludes = match["end"].lower() == "conclude"
        if match["met"] and concludes:
            yield Rule.TARGETS_MET
        elif not match["met"]:
            yield Rule.BUDGET_USED if concludes else Rule.MISSED
