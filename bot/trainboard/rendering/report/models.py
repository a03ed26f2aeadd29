"""Models that came somewhere or were taken back, what waits for a word, and what was trained anew."""

from collections.abc import Sequence

from trainboard.rendering.inert import code_cell, inert, inert_code, link
from trainboard.rendering.numbers import NOT_AVAILABLE, count, minute
from trainboard.rendering.report.words import table
from trainboard.report.building import Report
from trainboard.report.models import Arrival, Models, Waiting
from trainboard.report.retrains import CAUSES

_MOST = 25
_MOST_WAITING = 10
_MOST_PULL_REQUESTS = 3
_NAME_CHARACTERS = 80


def render(report: Report) -> str:
    """Promotions, rollbacks, approvals that are waited for, retrainings by cause."""
    models = report.models
    if models is None:
        return ""
    if models.reason:
        return f"### Models\n\nn/a ({models.reason})"
    blocks = [
        _arrivals("### Models promoted", models.promoted, _explain_none(models)),
        _arrivals("### Models rolled back", models.rolled_back, "") if models.rolled_back else "",
        _waiting(models.waiting),
        _retrains(models),
    ]
    return "\n\n".join(filter(None, blocks))


def _explain_none(models: Models) -> str:
    return "None." if models.is_known else "n/a (nobody told of any model)"


def _arrivals(title: str, arrivals: Sequence[Arrival], none: str) -> str:
    if not arrivals:
        return f"{title}\n\n{none}"
    columns = ("Model", "From", "To", "Instead of", "Run", "Pull requests", "At (UTC)")
    shown = table(title, columns, (), [_row(each) for each in arrivals[:_MOST]])
    hidden = len(arrivals) - _MOST
    return f"{shown}\n\n{hidden:,} more not shown." if hidden > 0 else shown


def _row(each: Arrival) -> tuple[str, ...]:
    requests = ", ".join(
        link(str(number), url, may_refer=True) for number, url in each.pull_requests[:_MOST_PULL_REQUESTS]
    )
    return (
        f"{code_cell(each.model, _NAME_CHARACTERS)} {inert(each.version, _NAME_CHARACTERS)}",
        code_cell(each.come_from, _NAME_CHARACTERS) if each.come_from else "registry",
        code_cell(each.place, _NAME_CHARACTERS),
        inert(each.instead_of, _NAME_CHARACTERS) if each.instead_of else "none",
        link(each.run.name, each.run.url, _NAME_CHARACTERS) if each.run else NOT_AVAILABLE,
        requests or NOT_AVAILABLE,
        minute(each.at),
    )


def _waiting(waiting: Sequence[Waiting]) -> str:
    if not waiting:
        return ""
    rows = [
        f"- {link(each.environment, each.url, _NAME_CHARACTERS, may_refer=True)}"
        f"{_name_versions(each.versions)}, since {minute(each.since)} UTC"
        for each in waiting[:_MOST_WAITING]
    ]
    hidden = len(waiting) - len(rows)
    return "\n".join(
        ["### Waiting for an approval", "", *rows, *([f"- and {hidden:,} more"] if hidden else [])]
    )


def _name_versions(versions: Sequence[str]) -> str:
    names = ", ".join(inert_code(each, _NAME_CHARACTERS) for each in versions[:_MOST_WAITING])
    return f": {names}" if names else ""


def _retrains(models: Models) -> str:
    if not models.retrains:
        return "Nothing was told to be trained anew."
    counts = ", ".join(f"{amount} by {cause}" for cause in CAUSES if (amount := models.count(cause)))
    return f"Trained anew {count(len(models.retrains), 'time')}: {counts}."
