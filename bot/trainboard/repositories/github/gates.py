"""Gates on a commit: check runs, which only an App may make, or statuses.

Either is looked at before it is written, and left alone where it says the same already: a commit takes a
thousand of a name and no more.
"""

from collections.abc import Iterator
from re import fullmatch
from typing import Protocol

import msgspec

from trainboard.errors import MissingError
from trainboard.github.repository import Repository
from trainboard.pull_requests import GateState
from trainboard.repositories import Gate
from trainboard.repositories.github.values import CheckRunJson, CheckRunsJson, StatusJson
from trainboard.repositories.lines import cut, to_line

TITLE_CHARACTERS = 255
SUMMARY_CHARACTERS = 65_535
DESCRIPTION_CHARACTERS = 140
STATUS_STATES: dict[GateState, str] = {
    "waiting": "pending",
    "success": "success",
    "failure": "failure",
    "neutral": "success",
}


class Gates(Protocol):
    """How gates are shown."""

    def set(self, number: int, gate: Gate) -> None:
        """The gate on its commit, which is the pull request's, shows this state."""
        ...


class CheckRuns:
    """Gates as check runs: one call to look, one to write where something differs.

    Args:
        repository: sends the calls.
        app_id: the id or client id of the App that we are.
    """

    def __init__(self, repository: Repository, app_id: str) -> None:
        self._repository = repository
        self._app_id = app_id

    def set(self, number: int, gate: Gate) -> None:
        """Change our latest check run of that name, or make one.

        A check run that is completed keeps its conclusion: another verdict is another check run, which
        GitHub puts before the old one.

        Source: "REST API endpoints for check runs", "Create a check run", "Update a check run".
        """
        wanted, standing = _to_check_run(gate), self._find(number, gate)
        if standing is None or standing.conclusion not in {None, wanted.get("conclusion")}:
            made = {"name": gate.name, "head_sha": gate.commit} | wanted
            self._write(f"make check {gate.name}", number, "POST", "/check-runs", made)
        elif not _shows(standing, wanted):
            self._write(f"change check {gate.name}", number, "PATCH", f"/check-runs/{standing.id}", wanted)

    def _find(self, number: int, gate: Gate) -> CheckRunJson | None:
        call = self._repository.call(
            f"see check {gate.name} of pull request {number}",
            f"/commits/{_check(gate.commit)}/check-runs",
            query={"check_name": gate.name, "filter": "latest"},
            thing=f"/pulls/{number}",
        )
        runs = self._repository.send(call, CheckRunsJson).check_runs
        ours = (run for run in runs if run.app and self._app_id in {str(run.app.id), run.app.client_id})
        return max(ours, key=lambda run: run.id, default=None)

    def _write(self, doing: str, number: int, method: str, path: str, body: dict[str, object]) -> None:
        doing = f"{doing} of pull request {number}"
        call = self._repository.call(doing, path, method=method, body=body, thing=f"/pulls/{number}")
        self._repository.send(call, CheckRunJson)


class Statuses:
    """Gates as statuses, for whoever signs in with a token: one call to look, one to write if it differs.

    Args:
        repository: sends the calls.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def set(self, number: int, gate: Gate) -> None:
        """Add a status, which GitHub puts before older ones of its context. Statuses know no neutral state.

        Source: "REST API endpoints for commit statuses", "Create a commit status".
        """
        wanted = _to_status(gate)
        if next(self._list(number, gate), None) == wanted:
            return
        call = self._repository.call(
            f"set status {gate.name} of pull request {number}",
            f"/statuses/{gate.commit}",
            method="POST",
            body=msgspec.to_builtins(wanted),
            thing=f"/pulls/{number}",
        )
        self._repository.send(call, StatusJson)

    def _list(self, number: int, gate: Gate) -> Iterator[StatusJson]:
        """The statuses of the gate's context, the latest first."""
        call = self._repository.call(
            f"see status {gate.name} of pull request {number}",
            f"/commits/{_check(gate.commit)}/statuses",
            thing=f"/pulls/{number}",
        )
        return (each for each in self._repository.list_all(call, StatusJson) if each.context == gate.name)


def _check(commit: str) -> str:
    """`commit`, if it may be part of an address."""
    if not fullmatch(r"[0-9a-f]{40,64}", commit):
        raise MissingError(f"There is no commit {commit!r} at GitHub: it is no whole hash.")
    return commit


def _to_check_run(gate: Gate) -> dict[str, object]:
    state: dict[str, object] = {"status": "completed", "conclusion": gate.state}
    if gate.state == "waiting":
        state = {"status": "in_progress"}
    title = to_line(gate.title, TITLE_CHARACTERS)
    output = {"title": title, "summary": cut(gate.summary or title, SUMMARY_CHARACTERS)}
    return state | {"output": output} | ({"details_url": gate.url} if gate.url else {})


def _shows(standing: CheckRunJson, wanted: dict[str, object]) -> bool:
    shown = {
        "status": standing.status,
        "conclusion": standing.conclusion,
        "output": msgspec.to_builtins(standing.output),
        "details_url": standing.details_url,
    }
    return all(shown[name] == value for name, value in wanted.items())


def _to_status(gate: Gate) -> StatusJson:
    return StatusJson(
        context=gate.name,
        state=STATUS_STATES[gate.state],
        description=to_line(gate.title, DESCRIPTION_CHARACTERS),
        target_url=gate.url or None,
    )
