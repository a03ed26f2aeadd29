"""Runs of pipelines: that one changed, with its stages, jobs and approvals.

These notifications name neither the commit nor the repository, and what they say of people is not believed:
the run has to be read.

Source: Microsoft, "Service hook events", section "Pipelines".
"""

import re
from collections.abc import Iterator

from trainboard.errors import PayloadError
from trainboard.events import Event, PipelineRunChanged
from trainboard.pull_requests import AwaitedApproval
from trainboard_webhooks.azure_devops.places import GUID, find_word, get_organization
from trainboard_webhooks.azure_devops.shapes import find_number
from trainboard_webhooks.payload import Payload

_APPROVAL_KINDS = frozenset(
    {
        "ms.vss-pipelinechecks-events.approval-completed",
        "ms.vss-pipelinechecks-events.approval-pending",
    }
)
PIPELINE_KINDS = _APPROVAL_KINDS | {
    "ms.vss-pipelines.job-state-changed-event",
    "ms.vss-pipelines.run-state-changed-event",
    "ms.vss-pipelines.stage-state-changed-event",
}

_NUMBER = re.compile(r"[0-9]{1,18}")


def read_run(kind: str, payload: Payload) -> Iterator[Event]:
    """That the run changed; nothing for an approval that names no run.

    Raises:
        PayloadError: it does not say which run of which project it is about.
    """
    number = find_number(kind, payload) or ""
    if _NUMBER.fullmatch(number):
        yield _run(kind, payload, int(number))
    elif kind not in _APPROVAL_KINDS:
        raise PayloadError("the body does not say which run it is about")


def _run(kind: str, payload: Payload, number: int) -> PipelineRunChanged:
    return PipelineRunChanged(
        pipelines=f"azure-pipelines:{get_organization(payload)}",
        project=_project(payload),
        run=number,
        at=payload["createdDate"].time(),
        approval=_approval(payload["resource"]) if kind in _APPROVAL_KINDS else None,
    )


def _approval(resource: Payload) -> AwaitedApproval:
    attempt = resource.find("attemptId")
    return AwaitedApproval(
        ref=_guid(find_word(resource, "approval", "id")),
        stage=find_word(resource, "stageName") or "",
        attempt=attempt.integer() if attempt else 1,
        environment=_environment(resource.find("resource")),
    )


def _project(payload: Payload) -> str:
    """The project's id, which the notification of an approval tells in the resource only."""
    return _guid(
        find_word(payload, "resource", "projectId")
        or find_word(payload, "resource", "project", "id")
        or find_word(payload, "resourceContainers", "project", "id")
    )


def _guid(text: str | None) -> str:
    if text is None or not GUID.fullmatch(text):
        raise PayloadError("the ids of projects and approvals must be GUIDs")
    return text.lower()


def _environment(guarded: Payload | None) -> str:
    """The environment that is guarded; it may be an agent pool, a repository or a secret instead."""
    if guarded is None or find_word(guarded, "resourceType") != "environment":
        return ""
    return find_word(guarded, "name") or ""
