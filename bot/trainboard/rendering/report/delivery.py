"""The figures of DORA."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from trainboard.rendering.inert import inert_code, link
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.report.words import say, say_span, table
from trainboard.report.building import Report
from trainboard.report.delivery import OpenOutage, Window

_MOST = 10
_NAME_CHARACTERS = 80
_TITLE = "### Deployments to production"


def render(report: Report) -> str:
    """The sprint beside the last 90 days; what is broken still."""
    delivery = report.delivery
    if delivery is None:
        return ""
    sprint, long = delivery.sprint, delivery.long
    if sprint is None or long is None:
        return f"{_TITLE}\n\nn/a ({delivery.reason})"
    rows = [
        (name, say_one(sprint), say_one(long))
        for name, say_one in (
            ("Deployments", _deployments),
            ("Change lead time, median", _lead),
            ("Change fail rate", _fails),
            ("Failed deployment recovery, median", _recovery),
            ("Rework rate", _rework),
        )
    ]
    shown = table(_TITLE, ("", "Sprint", count((long.until - long.since).days, "day")), (1, 2), rows)
    return "\n\n".join(filter(None, [shown, _apart(sprint), _open(delivery.open_outages)]))


def _deployments(window: Window) -> str:
    return f"{len(window.deployments):,}"


def _lead(window: Window) -> str:
    why = (
        "the times of their commits are not known" if window.untimed else "no commit came for the first time"
    )
    return _span(window.lead_time, window.commits, "commit", why)


def _fails(window: Window) -> str:
    return _percent(
        window.change_fail_percent, len(window.failed), len(window.changes), "no change was deployed"
    )


def _recovery(window: Window) -> str:
    return _span(window.recovery, window.recovered, "outage", "none ended")


def _rework(window: Window) -> str:
    return _percent(
        window.rework_percent, len(window.rework), len(window.deployments), "nothing was deployed"
    )


def _span(value: timedelta | None, amount: int, noun: str, why: str) -> str:
    return f"n/a ({why})" if value is None else f"{say_span(value)} ({count(amount, noun)})"


def _percent(value: Decimal | None, part: int, whole: int, why: str) -> str:
    return f"n/a ({why})" if value is None else f"{say(value)} % ({part} of {whole})"


def _apart(window: Window) -> str:
    said = []
    if window.backwards:
        said.append(f"{count(window.backwards, 'commit')} deployed no later than told of")
    if window.untimed:
        said.append(f"{count(window.untimed, 'commit')} of unknown time")
    return f"Not in the sprint's lead time: {', '.join(said)}." if said else ""


def _open(outages: Sequence[OpenOutage]) -> str:
    rows = [
        f"- {inert_code(each.environment, _NAME_CHARACTERS)} since {minute(each.began_at)} UTC: "
        f"{link(f'deployment {each.ref}', each.url, _NAME_CHARACTERS, may_refer=True)}"
        for each in outages[:_MOST]
    ]
    hidden = len(outages) - len(rows)
    more = [f"- and {hidden:,} more"] if hidden else []
    return "\n".join(["Broken still, and in no median:", "", *rows, *more]) if rows else ""
