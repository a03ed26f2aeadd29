"""What a check is about, told by its name: people name them freely, and read them by group."""

import re
from collections.abc import Iterable
from enum import StrEnum

from trainboard.pull_requests import Check


class Group(StrEnum):
    """In the order in which they are shown."""

    LINT = "lint"
    UNIT_TESTS = "unit tests"
    DATA_TESTS = "data tests"
    TRAINING = "training"
    EVALUATION = "evaluation"
    SECURITY = "security"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


# The first that fits wins: a test of data is no unit test, and a linter of Terraform no linter of the code.
_PATTERNS = (
    (
        Group.SECURITY,
        r"secur|codeql|bandit|trivy|snyk|gitleaks|trufflehog|secrets?\b|vulnerab|[sd]ast\b|semgrep|checkov|tfsec",
    ),
    (
        Group.INFRASTRUCTURE,
        r"terraform|tofu\b|tflint|bicep|arm\b|what.?if|plan\b|helm|kube|k8s|kustomize|infra|iac\b|pulumi",
    ),
    (
        Group.LINT,
        r"lint|ruff|flake8|black\b|mypy|pyright|pylint|isort|format|style|pre.commit|typ(?:es?\b|ing\b|e.?check)",
    ),
    (
        Group.DATA_TESTS,
        r"data.{0,3}(?:tests?|valid|quality|check|drift)|great.?expectations|gx\b|pandera|deequ|dbt\b|schema",
    ),
    (Group.EVALUATION, r"eval|benchmark|metric|fairness|model.{0,3}(?:tests?|valid|quality)|champion|drift"),
    (Group.TRAINING, r"train|retrain|fit\b|fine.?tun|sweep|experiment"),
    (Group.UNIT_TESTS, r"tests?\b|pytest|unit|tox\b|nox\b|coverage|codecov|integration|e2e"),
)
_COMPILED = tuple((group, re.compile(rf"(?<![a-z0-9])(?:{pattern})")) for group, pattern in _PATTERNS)


def group_of(check: Check) -> Group:
    """The group of one check."""
    name = check.name.casefold().replace("_", " ")
    return next((group for group, pattern in _COMPILED if pattern.search(name)), Group.OTHER)


def group_checks(checks: Iterable[Check]) -> dict[Group, tuple[Check, ...]]:
    """The groups that have checks, in the order in which they are shown; their checks by name."""
    found: dict[Group, tuple[Check, ...]] = {}
    for check in sorted(checks, key=lambda each: each.name):
        group = group_of(check)
        found[group] = (*found.get(group, ()), check)
    return {group: found[group] for group in Group if group in found}
