"""Alerts and the bugs that they became."""

from trainboard.rendering.inert import inert, inert_code, link
from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import say_span, table
from trainboard.report.alerts import AlertWork
from trainboard.report.building import Report

_MOST = 10
_NAME_CHARACTERS = 80
_TITLE = "### Alerts"


def render(report: Report) -> str:
    """From what came in to what is open still."""
    work = report.alerts
    if work is None:
        return ""
    if not work.is_known:
        return f"{_TITLE}\n\nn/a (nobody told of any alert)"
    resolve = "n/a (no bug ended well)" if work.resolve is None else say_span(work.resolve)
    rows = [
        ("Alerts received", f"{work.received:,}"),
        ("Problems", f"{work.problems:,}"),
        ("Bugs made", f"{work.bugs:,}"),
        ("Bugs opened again", f"{work.reopened:,}"),
        ("Bugs closed", f"{work.closed:,}"),
        ("Bugs still open", f"{len(work.still_open):,}"),
        ("Median time to resolve", resolve),
    ]
    return "\n\n".join(filter(None, [table(_TITLE, ("", "Sprint"), (1,), rows), _open(work), _names(work)]))


def _open(work: AlertWork) -> str:
    rows = [
        f"- {link(each.title or each.rule, each.url, _NAME_CHARACTERS, may_refer=True)}"
        for each in work.still_open[:_MOST]
    ]
    hidden = len(work.still_open) - len(rows)
    return (
        "\n".join(["Still open:", "", *rows, *([f"- and {hidden:,} more"] if hidden else [])]) if rows else ""
    )


def _names(work: AlertWork) -> str:
    said = []
    if work.noisiest is not None:
        source, amount = work.noisiest
        said.append(f"Most came from {inert_code(source, _NAME_CHARACTERS)}: {count(amount, 'alert')}.")
    if work.columns:
        names = ", ".join(inert(each, _NAME_CHARACTERS) for each in work.columns[:_MOST])
        hidden = len(work.columns) - _MOST
        said.append(f"Columns that alerts are about: {names}{f' and {hidden} more' if hidden > 0 else ''}.")
    return " ".join(said)
