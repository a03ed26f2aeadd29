"""Just enough of PromQL to know what an expression asks for; Prometheus itself says whether it is one."""

import re

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_METRIC = re.compile(r"\btrainboard_\w+")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")


def list_metrics(expression: str) -> set[str]:
    """Names of the bot's metrics in it."""
    return set(_METRIC.findall(_TEXT.sub('""', expression)))


def list_labels(expression: str) -> set[str]:
    """Labels that it matches or groups by."""
    grouped = {
        label.strip()
        for group in _GROUPING.findall(expression)
        for label in group.split(",")
        if label.strip()
    }
    return grouped | set(_MATCHER.findall(expression))
