"""Builds that ended since a moment.

That one began is not told: the event has no mark by which it is known again, and its end says more.

Source: "Builds", "List", of the REST API.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.changes import Change, Listing, Place, read_each, read_moment
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients

PER_PAGE = 200


def list_changes(organization: Organization, place: Place, since: datetime) -> Iterator[Change]:
    """For each build its end, and that of its run."""
    builds = _list_builds(organization, place, since)
    return read_each(builds, partial(_describe, place))


def _list_builds(organization: Organization, place: Place, since: datetime) -> Iterator[dict[str, Any]]:
    call = Call(doing=f"list builds of {place.project} since {since:%Y-%m-%d %H:%M}")
    token: str | None = None
    while True:
        found, next_token = organization.read_page(call, partial(_send, place.project, since, token), Listing)
        yield from found.value
        if next_token in {None, token}:
            return
        token = next_token


def _send(project: str, since: datetime, token: str | None, clients: Clients) -> object:
    """Which of a build's times is compared with `min_time` is said by the order."""
    return clients.build.get_builds(
        project,
        min_time=since,
        status_filter="completed",
        query_order="finishTimeAscending",
        top=PER_PAGE,
        continuation_token=token,
    )


def _describe(place: Place, build: Mapping[str, Any]) -> Iterator[Change]:
    at, thing = read_moment(build["finishTime"]), f"{build['id']}/{build['finishTime']}"
    yield Change(event="build.complete", thing=thing, at=at, resource=build)
    run = _render_run(place, build)
    yield Change(event="ms.vss-pipelines.run-state-changed-event", thing=thing, at=at, resource=run)


def _render_run(place: Place, build: Mapping[str, Any]) -> dict[str, Any]:
    """A run is the same as its build, in the words of pipelines."""
    pipeline = build.get("definition") or {}
    result = build.get("result")
    return {
        "run": {
            "id": build["id"],
            "name": build.get("buildNumber"),
            "state": "completed",
            "result": "succeeded" if result == "partiallySucceeded" else result,
            "createdDate": build.get("queueTime"),
            "finishedDate": build["finishTime"],
        },
        "runId": build["id"],
        "pipeline": {key: pipeline.get(key) for key in ("id", "name", "revision")},
        "requestedFor": build.get("requestedFor"),
        "requestedBy": build.get("requestedBy"),
        "stages": [],
        "projectId": place.project_id,
    }
