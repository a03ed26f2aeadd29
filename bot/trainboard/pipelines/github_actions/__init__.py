"""GitHub Actions: workflows of a repository, started by a `workflow_dispatch` or a `repository_dispatch`.

Source: "REST API endpoints for workflows", "Create a workflow dispatch event"; "REST API endpoints for
repositories", "Create a repository dispatch event"; "REST API endpoints for workflow runs".
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from trainboard.errors import PermanentError
from trainboard.github.calls import Call
from trainboard.github.client import API_URL, PER_PAGE, Clock
from trainboard.github.credentials import Credential, Place, open_client
from trainboard.github.repository import Repository
from trainboard.pipelines import StartedRun
from trainboard.triggers import Order, Pipeline, RunName

PERMISSIONS = {"actions": "write", "contents": "read", "metadata": "read"}
PERMISSIONS_OF_EVENTS = PERMISSIONS | {"contents": "write"}
"""What an App needs where a repository's events are sent, which may do more than start a workflow."""

MARKER, COMMIT = "trainboard", "commit"
MOST_RUNS = 300
"""Runs begun since a start that are looked through for its mark."""

_NEW_KEY = "return_run_details"
_EVENTS = {"workflow": "workflow_dispatch", "repository-dispatch": "repository_dispatch"}


class DispatchedJson(msgspec.Struct, frozen=True):
    """The answer to a dispatch that asked for it."""

    workflow_run_id: int
    html_url: str = ""


_DISPATCHED: Any = DispatchedJson | None


class RunJson(msgspec.Struct, frozen=True):
    """A run; `display_title` is what `run-name` of the workflow makes of its inputs."""

    id: int
    created_at: datetime
    html_url: str = ""
    display_title: str = ""


class RunsJson(msgspec.Struct, frozen=True):
    """A page of runs."""

    workflow_runs: list[RunJson] = []


class WorkflowJson(msgspec.Struct, frozen=True):
    """A workflow; `state` is active, or how it was disabled."""

    state: str = "active"


class GitHubActionsStarter:
    """The workflows of one repository. May be used from any number of threads.

    Keeps `trainboard.pipelines.PipelineStarter`. To start is one call, and one more to see a commit first;
    to find is one call for a hundred runs.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`, for events `PERMISSIONS_OF_EVENTS`.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.

    Raises:
        ValueError: `repository` is not of that form.
    """

    def __init__(
        self, *, repository: str, credential: Credential, api_url: str = API_URL, clock: Clock
    ) -> None:
        self.name = f"github:{repository}"
        place = Place(api_url=api_url, repository=repository, clock=clock)
        self._client = open_client(credential, place)
        self._repository = Repository(repository, self._client, of_issues=False)
        root = "https://github.com" if api_url == API_URL else api_url.removesuffix("/api/v3")
        self._page = f"{root}/{repository}/actions"

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()

    def start(self, order: Order) -> StartedRun:
        """A workflow runs on the newest commit of its ref: another one goes along as a parameter."""
        if order.commit:
            self._check_commit(order.commit)
        return self._start_by_event(order) if _is_event(order.pipeline) else self._start_workflow(order)

    def find(self, order: Order, since: datetime) -> StartedRun | None:
        """The run in whose title the mark stands: GitHub tells the inputs of no run."""
        for run in self._list_runs(order.pipeline, since):
            if order.marker in run.display_title:
                return self._tell(run.id, run.html_url)
        return None

    def proves_absence(self, pipeline: Pipeline) -> bool:  # noqa: ARG002  it holds for all of them
        """Never: a run may be put off until it shows, and one without a title of its own never shows."""
        return False

    def page_of(self, pipeline: Pipeline) -> str:
        """The page of the workflow, or that of all runs of its event."""
        if _is_event(pipeline):
            return f"{self._page}?query=event%3Arepository_dispatch"
        return f"{self._page}/workflows/{quote(pipeline.target, safe='')}"

    def check(self, pipeline: Pipeline) -> None:
        """One call. What listens to an event is not known."""
        if _is_event(pipeline):
            return
        path = _workflow(pipeline)
        found = self._repository.send(
            self._repository.call(f"see workflow {pipeline.target}", path, thing=path), WorkflowJson
        )
        if found.state != "active":
            raise PermanentError(
                f"Workflow {pipeline.target} in {self._repository.name} is {found.state.replace('_', ' ')}: "
                "enable it."
            )

    def _start_workflow(self, order: Order) -> StartedRun:
        path = _workflow(order.pipeline)
        body: dict[str, object] = {"ref": order.pipeline.ref, "inputs": _inputs(order), _NEW_KEY: True}
        call = self._call(order, f"{path}/dispatches", body, thing=path)
        try:
            told = self._repository.send(call, _DISPATCHED)
        except PermanentError as error:
            if _NEW_KEY not in str(error):
                raise
            del body[_NEW_KEY]  # an Enterprise server that does not know it yet did nothing
            told = self._repository.send(call, _DISPATCHED)
        return StartedRun() if told is None else self._tell(told.workflow_run_id, told.html_url)

    def _start_by_event(self, order: Order) -> StartedRun:
        payload: dict[str, object] = {
            MARKER: order.marker,
            "parameters": {each.name: each.value for each in order.arguments},
        }
        if order.commit:
            payload[COMMIT] = order.commit
        body: dict[str, object] = {"event_type": order.pipeline.target, "client_payload": payload}
        self._repository.send(self._call(order, "/dispatches", body), msgspec.Raw)
        return StartedRun()

    def _call(self, order: Order, path: str, body: dict[str, object], *, thing: str = "") -> Call:
        doing = f"start {order.pipeline.target}"
        return self._repository.call(doing, path, method="POST", body=body, thing=thing)

    def _check_commit(self, commit: str) -> None:
        path = f"/commits/{commit}"
        call = self._repository.call(f"see commit {commit}", path, thing=path)
        self._repository.send(call, msgspec.Raw)

    def _list_runs(self, pipeline: Pipeline, since: datetime) -> Iterator[RunJson]:
        """The newest first, as GitHub lists them, a hundred a call."""
        within = "" if _is_event(pipeline) else _workflow(pipeline).removeprefix("/actions")
        path = f"/actions{within}/runs"
        query = {"event": _EVENTS[pipeline.kind], "per_page": str(PER_PAGE)}
        for page in range(1, MOST_RUNS // PER_PAGE + 1):
            call = self._repository.call(
                f"look for a run of {pipeline.target}", path, query=query | {"page": str(page)}
            )
            runs = self._repository.send(call, RunsJson).workflow_runs
            yield from (run for run in runs if run.created_at >= since)
            if len(runs) < PER_PAGE or runs[-1].created_at < since:
                return

    def _tell(self, run: int, url: str) -> StartedRun:
        return StartedRun(name=RunName(self.name.casefold(), str(run)), url=url)


def _is_event(pipeline: Pipeline) -> bool:
    return pipeline.kind == "repository-dispatch"


def _workflow(pipeline: Pipeline) -> str:
    return f"/actions/workflows/{quote(pipeline.target, safe='')}"


def _inputs(order: Order) -> dict[str, str]:
    inputs = {each.name: each.text for each in order.arguments}
    if order.pipeline.marker:
        inputs[order.pipeline.marker] = order.marker
    if order.commit:
        inputs[order.pipeline.commit] = order.commit
    return inputs
