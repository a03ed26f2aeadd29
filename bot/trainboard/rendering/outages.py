"""A run tracker that cannot be read, in a sentence."""

from trainboard.outages import Outage
from trainboard.rendering.inert import inert, inert_code
from trainboard.rendering.numbers import minute

_KINDS = {"mlflow": "MLflow", "wandb": "W&B"}
_REASON_CHARACTERS = 400


def say_outage(outage: Outage) -> str:
    """Which tracker, since when, and why, in one line of Markdown."""
    kind, _, name = outage.door.partition("/")
    who = f"{_KINDS.get(kind, inert(kind))} {inert_code(name)}".strip()
    reason = inert(outage.reason, _REASON_CHARACTERS).rstrip(".") or "no reason given"
    return f"{who} unreachable since {minute(outage.since)} UTC: {reason}."
