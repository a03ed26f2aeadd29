"""The plan of an experiment as people write it: sections below headings, the same wherever it is written.

The form of GitHub, the template of Azure Boards and the text of a new work item have these headings, and what
stands below them is what counts.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from trainboard.targets import strip_list_item

MAX_NAME_CHARACTERS = 250

_MAX_TITLE_CHARACTERS = 200
_HEADING = re.compile(r" {0,3}#{1,6}\s++(?P<title>\S.*)")
_NO_RESPONSE = "No response"
"""What GitHub writes below the heading of a field that nobody filled in."""


class Heading(StrEnum):
    """The sections of a plan, in their order."""

    HYPOTHESIS = "Hypothesis"
    EXPERIMENT = "Experiment"
    DATASET = "Dataset and version"
    BASELINE = "Baseline"
    TARGETS = "Targets"
    GUARD_RAILS = "Guard-rails"
    BUDGET = "Budget"
    DECISION_RULE = "Decision rule"
    RISKS = "Risks and privacy"

    def is_called(self, title: str) -> bool:
        """True if somebody who wrote `title` meant this one: letters, hyphens and blanks do not matter."""
        return _fold(title) == _fold(self)


HINTS: Mapping[Heading, str] = {
    Heading.HYPOTHESIS: "What do you expect to see, and why?",
    Heading.EXPERIMENT: "Its name, exactly as the run tracker has it.",
    Heading.DATASET: "What it is trained and evaluated on, and which version of that.",
    Heading.BASELINE: "What to compare with: `champion`, an `alias:`, a `run:`, or numbers.",
    Heading.TARGETS: "One on each line: a metric, a comparison and a number, such as `val_auc >= 0.92`.",
    Heading.GUARD_RAILS: "What must hold too, written like targets, such as `latency_p95_ms <= 50 ms`.",
    Heading.BUDGET: "What it may use up, such as `runs<=50, gpu_hours<=20`.",
    Heading.DECISION_RULE: "When do you ship, go on or stop? `conclude when targets met` ends it by itself.",
    Heading.RISKS: "What may go wrong, and whose data is used?",
}
"""What to write below each heading, in Markdown. None is a target, a baseline or a limit."""


def find_section(text: str, heading: Heading) -> str:
    """What stands below headings of that name, up to the next heading, without what only asks for it."""
    lines = (line for name, line in by_section(text) if heading.is_called(name))
    empty = {_fold(_NO_RESPONSE), _fold(HINTS[heading])}
    return "\n".join(line for line in lines if _fold(line) not in empty)


def by_section(text: str) -> Iterator[tuple[str, str]]:
    """Each line with the heading above it, which is empty before the first; a heading is an empty line."""
    name = ""
    for line in text.splitlines():
        title = _find_title(line)
        if title:
            name = title
        yield name, "" if title else line


def list_names(text: str) -> list[str]:
    """The names below the heading of the experiment, without list marks and backticks, each once."""
    lines = map(strip_list_item, find_section(text, Heading.EXPERIMENT).splitlines())
    return list(dict.fromkeys(filter(None, lines)))


def _find_title(line: str) -> str:
    """The heading that the line is, without what may close it; empty for a line that is none."""
    match = _HEADING.fullmatch(line)
    title = match["title"].rstrip().rstrip("#").rstrip() if match else ""
    return title if len(title) <= _MAX_TITLE_CHARACTERS else ""


def _fold(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).casefold()
