"""Approvals that were asked for or given since a moment.

Source: "Approvals and Checks", "Approvals", "Query", of the REST API.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.changes import Change, Place, read_each, read_moment
from trainboard.azure_devops.client import Organization

PENDING = "pending"
ENDED = ("approved", "rejected", "canceled", "timedOut", "skipped")


def list_changes(organization: Organization, place: Place, since: datetime) -> Iterator[Change]:
    """One that waits was asked for when it was made; one that ended did so when it was last changed."""
    for state in (PENDING, *ENDED):
        found = _list_approvals(organization, place, state)
        yield from read_each(found, partial(_describe, place, since))


def _list_approvals(organization: Organization, place: Place, state: str) -> list[dict[str, Any]]:
    call = Call(doing=f"list approvals of {place.project} that are {state}")
    found: list[dict[str, Any]] = organization.ask(
        call, lambda clients: clients.approvals.get_approvals(place.project, state=state)
    )
    return found


def _describe(place: Place, since: datetime, approval: Mapping[str, Any]) -> Iterator[Change]:
    is_pending = approval["status"] == PENDING
    at = read_moment(approval["createdOn" if is_pending else "lastModifiedOn"])
    if at < since:
        return
    pipeline = approval.get("pipeline") or {}
    owner = pipeline.get("owner") or {}
    yield Change(
        event=f"ms.vss-pipelinechecks-events.approval-{'pending' if is_pending else 'completed'}",
        thing=f"{approval['id']}/{approval['status']}",
        at=at,
        resource={
            "approval": approval,
            "approvalId": approval["id"],
            "pipeline": {"id": pipeline.get("id"), "name": pipeline.get("name")},
            "projectId": place.project_id,
            "run": {"id": str(owner.get("id", "")), "name": owner.get("name")},
            "runId": owner.get("id"),
        },
    )
