"""What the board must show when the sprint has been played."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from trainboard.demo.play import list_bugs, list_items, visit_board, wait_until
from trainboard.demo.service import Service
from trainboard.demo.story import BEST_RUN, COMMANDED, DRIFT, MODEL, PROJECT, SLOW

Board = dict[str, Any]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    expected: object
    actual: object

    @property
    def holds(self) -> bool:
        """True if it is as it must be."""
        return self.expected == self.actual


_RUNS = {
    "churn-baseline": {"finished": 3, "total": 3},
    "churn-xgb": {"finished": 22, "failed": 2, "total": 24},
    "churn-lightgbm": {"finished": 6, "total": 6},
    "churn-transformer": {"running": 1, "killed": 1, "total": 2},
}
_VERDICTS = {
    "churn-baseline": [],
    "churn-xgb": ["met", "met"],
    "churn-lightgbm": ["not met"],
    "churn-transformer": ["not met"],
}
_BUGS = {DRIFT: "closed", SLOW: "open"}
_STATUSES = {
    "the same delivery again": 200,
    "a delivery without a signature": 401,
    "a run event with an unknown key": 400,
    "a metric that is not a number": 400,
}


def check(service: Service, statuses: dict[str, int]) -> list[Finding]:
    """Wait until the service has nothing left to do, and look at everything."""
    wait_until("all that was sent is worked on", lambda: _is_quiet(_board(service)))
    board = _board(service)
    items = {item["experiment"]: item for item in board["items"]}
    findings = [Finding("experiments with a work item", sorted(_RUNS), sorted(items))]
    for experiment, runs in _RUNS.items():
        item = items.get(experiment, {"runs": {}, "targets": []})
        counted = {name: count for name, count in item["runs"].items() if count}
        verdicts = [target["verdict"] for target in item["targets"]]
        findings.append(Finding(f"{experiment}: runs", runs, counted))
        findings.append(Finding(f"{experiment}: verdicts on its targets", _VERDICTS[experiment], verdicts))
    findings.append(
        Finding("the champion stands on churn-xgb", expected=True, actual=_shows_champion(service))
    )
    findings += _check_bugs(service)
    findings += _check_command(service)
    findings += [Finding(what, status, statuses.get(what)) for what, status in _STATUSES.items()]
    findings.append(Finding("dead deliveries", 0, board["deliveries"].get("dead", 0)))
    return findings


def _check_bugs(service: Service) -> Iterator[Finding]:
    with visit_board(service) as board:
        bugs = list_bugs(board)
    for rule, state in _BUGS.items():
        found = [bug for bug in bugs if bug.title == f"Alert: {rule} (model={MODEL})"]
        yield Finding(f"{rule}: bugs", [state], [bug.state for bug in found])
        made = [BEST_RUN in bug.body for bug in found]
        yield Finding(f"{rule}: its bug names the run that made the model", [True], made)


def _check_command(service: Service) -> Iterator[Finding]:
    if service.board.comment is None:
        return
    with visit_board(service) as board:
        item = next(each for each in list_items(board) if each.title == f"Experiment: {COMMANDED}")
    expected = [1, "ana"]
    yield Finding(f"{COMMANDED}: its priority, and whose it is", expected, [item.priority, *item.assignees])


def report(findings: list[Finding], say: Callable[[str], None]) -> bool:
    """Say what was found; True if all is as it must be."""
    for finding in findings:
        mark = "ok   " if finding.holds else "WRONG"
        seen = "" if finding.holds else f", expected {_text(finding.expected)}"
        say(f"{mark}  {finding.what}: {_text(finding.actual)}{seen}")
    return all(finding.holds for finding in findings)


def _board(service: Service) -> Board:
    board: Board = service.senders.get(f"/api/v1/board?project={PROJECT}")
    return board


def _is_quiet(board: Board) -> bool:
    return not board["deliveries"].get("waiting", 0) and not board["effects"].get("pending", 0)


def _shows_champion(service: Service) -> bool:
    with visit_board(service) as board:
        bodies = {item.title: item.body for item in list_items(board)}
    return "champion" in bodies.get("Experiment: churn-xgb", "")


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
