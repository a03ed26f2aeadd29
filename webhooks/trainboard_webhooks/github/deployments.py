"""Deployments, and the approvals that environments ask for.

GitHub tells by no webhook that a deployment became inactive because a later one replaced it.

Source: GitHub, "Webhook events and payloads", sections `deployment`, `deployment_status`, `deployment_review`
and `deployment_protection_rule`; "Reviewing deployments".
"""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from trainboard.approvals import OF_REPOSITORY
from trainboard.errors import PayloadError
from trainboard.events import ApprovalReported, DeploymentReported, Event
from trainboard.pull_requests import Approval, Deployment, DeploymentState
from trainboard_webhooks.github.places import get_commit, get_repository, text_at, url_at
from trainboard_webhooks.payload import Payload

_STATES = {
    "queued": DeploymentState.WAITING,
    "pending": DeploymentState.WAITING,
    "waiting": DeploymentState.WAITING,
    "in_progress": DeploymentState.RUNNING,
    "success": DeploymentState.SUCCEEDED,
    "failure": DeploymentState.FAILED,
    "error": DeploymentState.FAILED,
    "inactive": DeploymentState.REPLACED,
}
_ANSWERS: dict[str, Literal["pending", "approved", "rejected"]] = {
    "requested": "pending",
    "approved": "approved",
    "rejected": "rejected",
}


def read_deployment(payload: Payload) -> Iterator[Event]:
    """A deployment that was made and has no status yet."""
    told = payload["deployment"]
    yield DeploymentReported(
        deployment=Deployment(
            code=get_repository(payload),
            ref=str(told["id"].integer()),
            environment=told["environment"].text(),
            state=DeploymentState.WAITING,
            at=told["created_at"].time(),
            commit=get_commit(told, "sha"),
        )
    )


def read_deployment_status(payload: Payload) -> Iterator[Event]:
    """How a deployment stands. A status may name another environment than the deployment did."""
    told, status = payload["deployment"], payload["deployment_status"]
    state = status["state"].text()
    if state not in _STATES:
        raise PayloadError("$.deployment_status.state must be the state of a deployment")
    addresses = (url_at(status, key) for key in ("log_url", "target_url", "environment_url"))
    yield DeploymentReported(
        deployment=Deployment(
            code=get_repository(payload),
            ref=str(told["id"].integer()),
            environment=text_at(status, "environment") or told["environment"].text(),
            state=_STATES[state],
            at=status["created_at"].time(),
            commit=get_commit(told, "sha"),
            url=next(filter(None, addresses), ""),
        )
    )


def read_deployment_review(payload: Payload) -> Iterator[Event]:
    """The word that each job waits for, or got; nothing for an action that is not known."""
    answer = _ANSWERS.get(payload["action"].text())
    if answer is None:
        return
    run = payload["workflow_run"]
    for job in _jobs(payload):
        environment = text_at(job, "environment") or text_at(payload, "environment")
        yield ApprovalReported(
            approval=Approval(
                code=get_repository(payload),
                ref=f"{run['id'].integer()}/{job['id'].integer()}",
                state=answer,
                at=run["updated_at"].time(),
                run=str(run["id"].integer()),
                environment=environment,
                commit=get_commit(run, "head_sha"),
                approvers=tuple(_approvers(payload)),
                by=text_at(payload, "approver", "login"),
                url=url_at(run, "html_url"),
            )
        )


def read_protection_rule(payload: Payload) -> Iterator[Event]:
    """That a rule of the App which this was sent to holds a deployment back.

    The body names the run in the address for the answer only. Nothing is ever sent to that address; a
    number is taken from one that belongs to the repository.
    """
    if payload["action"].text() != "requested":
        return
    code, deployment = get_repository(payload), payload["deployment"]
    run = _run_of(payload["deployment_callback_url"].text(), code)
    yield ApprovalReported(
        approval=Approval(
            code=code,
            ref=f"{run}/{deployment['id'].integer()}",
            state="pending",
            at=deployment["created_at"].time(),
            run=run,
            environment=payload["environment"].text(),
            commit=get_commit(deployment, "sha"),
            url=f"{payload['repository']['html_url'].text()}/actions/runs/{run}",
            desk=OF_REPOSITORY,
        )
    )


def _run_of(address: str, code: str) -> str:
    path = urlsplit(address).path
    home = re.escape(code.partition(":")[2])
    found = re.fullmatch(
        rf"(?:/api/v3)?/repos/{home}/actions/runs/([0-9]{{1,18}})/deployment_protection_rule",
        path,
        re.IGNORECASE,
    )
    if found is None:
        raise PayloadError("$.deployment_callback_url must be that of a run of the repository")
    return found[1]


def _jobs(payload: Payload) -> Iterator[Payload]:
    """The jobs: a request names one, an answer all that it is for, and one of them once more."""
    jobs = payload.find("workflow_job_runs")
    if jobs is not None:
        yield from jobs
        return
    yield payload["workflow_job_run"]


def _approvers(payload: Payload) -> Iterator[str]:
    """Who may answer: people by their login, teams with their organisation's."""
    owner = text_at(payload, "repository", "owner", "login")
    for reviewer in payload.find("reviewers") or ():
        login, slug = text_at(reviewer, "reviewer", "login"), text_at(reviewer, "reviewer", "slug")
        if login or slug:
            yield login or f"{owner}/{slug}"
