"""What people write into work items and pull requests: plans, and names of other things."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC

from msgspec.structs import replace

from fakes.pull_requests import pull_request
from fuzz import Target, to_text
from trainboard.alert_dialect import read_time
from trainboard.decision_rules import parse_rules
from trainboard.errors import PayloadError
from trainboard.git_remotes import parse_repository
from trainboard.linking import MAX_REFS, find_ref, find_refs
from trainboard.model_tags import Tag, read_tags
from trainboard.plan_sections import HINTS, Heading, by_section, find_section, list_names
from trainboard.plans import make_plan, read_baseline, read_numbers, write_key
from trainboard.runs import finite
from trainboard.spending import parse_budget
from trainboard.targets import MAX_TARGETS, find_target, parse_targets

TRACKERS = ("github:acme/churn", "azure-boards:acme/Churn", "local:churn")
WRITTEN = """Deeper trees may help.

### Experiment
churn-xgb
### Targets
- val_auc >= 0.92
- [x] rmse improves champion by >= 2% on split=test over n>=3 seeds, lower is better
### Guard-rails
p95 <= 50 ms
### Baseline
`alias:champion`
### Budget
runs <= 50, gpu_hours<=20; cost <= 300 EUR
until 2026-12-31
### Decision rule
Conclude when all targets are met.
inconclusive once the budget is used up
"""


def check_plan(data: bytes) -> None:
    """A plan is what was read, no more than a person oversees, and is read again as it is shown."""
    text = to_text(data)
    plan = make_plan(text, [])
    assert plan == make_plan(text, [])
    assert len(plan.targets) <= MAX_TARGETS
    for target in parse_targets(text):
        assert finite(target.bound) is not None
        assert "\n" not in str(target)
        again = find_target(str(target))
        assert again is not None
        assert write_key(target) == write_key(again)
    for limit in plan.budget:
        assert [limit] == parse_budget(str(limit))
    assert plan.baseline == read_baseline(plan.baseline)
    assert all(finite(number) is not None for number in read_numbers(plan.baseline).values())
    assert plan.rules == parse_rules("\n".join(plan.rules))
    for heading in Heading:
        assert find_section(text, heading).count("\n") <= text.count("\n") + len(text.splitlines())
    assert len(list(by_section(text))) == len(text.splitlines())
    assert all(list_names(text))


def check_names(data: bytes) -> None:
    """Numbers of work items are numbers, few, and each once; nothing else that names things fails."""
    branch, title, prose = [*to_text(data).split("\n", 2), "", ""][:3]
    for tracker in TRACKERS:
        for from_fork in (False, True):
            said = replace(pull_request(), title=title, text=prose, branch=branch, from_fork=from_fork)
            refs = find_refs(said, tracker)
            assert len(refs) == len(set(refs)) <= MAX_REFS
            assert all(ref.isascii() and ref.isdigit() and not ref.startswith("0") for ref in refs)
        found = find_ref(title, tracker, "github:acme/churn")
        assert found is None or found.isdigit()
    assert "\0" in title or "\0" not in parse_repository(title)
    with suppress(PayloadError):
        moment = read_time(title)
        assert moment is None or moment.tzinfo is UTC
    tags = [Tag(line, "a" * 40) for line in prose.splitlines()]
    assert read_tags(tags) == read_tags(reversed(tags))


def list_plans() -> Iterator[bytes]:
    """A whole plan, and its sections by themselves."""
    yield WRITTEN.encode()
    yield from (f"### {part}".encode() for part in WRITTEN.split("### ")[1:])
    yield from (f"## {heading}\n{hint}\n_No response_".encode() for heading, hint in HINTS.items())


def list_named() -> Iterator[bytes]:
    """Branches, titles and prose that name work items, repositories, times and models."""
    yield b"feature/12-labels\nFixes #3, AB#4\ncloses #5\nWork-Item: 7\n`#8`\n> #9\n<!-- #10 -->\na/churn#11"
    yield b"issue-4\nhttps://github.com/acme/churn.git\nfixes https://github.com/acme/churn/issues/1"
    yield b"AB#4\ngit@ssh.dev.azure.com:v3/acme/Churn/churn\nhttps://dev.azure.com/acme/Churn/_workitems/edit/4"
    yield b"x\nhttps://user:pass@dev.azure.com/acme/Churn/_git/churn\nchurn@v1.2.0\nchurn#prod#3\nchurn#prod!#4"
    yield b"x\n2026-11-18T10:00:00.123456789+01:00\nchurn@deprecated\nml=churn@v1.2.0-rc.1+b"


TARGETS = [
    Target(
        name="plans",
        check=check_plan,
        seeds=list_plans,
        words=(
            *(f"\n### {each}\n" for each in Heading),
            ">=",
            " over n>=3 seeds",
            "<!--",
            "-->",
            "```",
            " improves ",
        ),
    ),
    Target(
        name="names",
        check=check_names,
        seeds=list_named,
        words=(
            "#1",
            "AB#2",
            "GH-3",
            "fixes ",
            "\nWork-Item: ",
            "acme/churn",
            "https://",
            "`",
            "> ",
            "<!--",
            "[",
            "](",
        ),
    ),
]
