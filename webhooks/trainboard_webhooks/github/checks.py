"""What is said of a commit: check runs, commit statuses and workflow runs.

Check suites and jobs of workflows tell nothing that check runs and workflow runs do not.

Source: GitHub, "Webhook events and payloads", sections `check_run`, `status` and `workflow_run`; "About
status checks".
"""

from collections.abc import Iterator
from datetime import datetime

from trainboard.errors import PayloadError
from trainboard.events import CheckReported, Event, PipelineRunEnded
from trainboard.pull_requests import Check, CheckState, is_own_check
from trainboard.results import EndedRun, Ran
from trainboard_webhooks.github.places import get_commit, get_repository, text_at, url_at
from trainboard_webhooks.payload import Payload, shorten

_MAX_SUMMARY_CHARACTERS = 1000

_UNFINISHED = {
    "in_progress": CheckState.RUNNING,
    "waiting": CheckState.WAITING,
}
_CONCLUSIONS = {
    "success": CheckState.PASSED,
    "failure": CheckState.FAILED,
    "startup_failure": CheckState.FAILED,
    "cancelled": CheckState.CANCELLED,
    "timed_out": CheckState.TIMED_OUT,
    "stale": CheckState.TIMED_OUT,
    "action_required": CheckState.WAITING,
}
_STATUSES = {
    "pending": CheckState.RUNNING,
    "success": CheckState.PASSED,
    "failure": CheckState.FAILED,
    "error": CheckState.FAILED,
}


def read_check_run(payload: Payload) -> Iterator[Event]:
    """The check as it stands, unless it is the bot's own.

    Each try is a check run of its own, with a greater id, in the suite of the first.
    """
    told = payload["check_run"]
    name = told["name"].text()
    if is_own_check(name):
        return
    suite = told.find("check_suite", "id")
    yield CheckReported(
        check=Check(
            code=get_repository(payload),
            commit=get_commit(told, "head_sha"),
            name=shorten(name),
            state=_state(told),
            at=_time(told),
            run=told["id"].integer(),
            suite="" if suite is None else str(suite.integer()),
            reporter=text_at(told, "app", "slug") or text_at(told, "app", "name"),
            url=url_at(told, "html_url"),
            summary=_summary(told),
            annotations=_annotations(told),
        )
    )


def read_status(payload: Payload) -> Iterator[Event]:
    """The status as a check, unless it is the bot's own. Each change of one is a status of its own."""
    context, state = payload["context"].text(), payload["state"].text()
    if is_own_check(context):
        return
    if state not in _STATUSES:
        raise PayloadError("$.state must be pending, success, failure or error")
    yield CheckReported(
        check=Check(
            code=get_repository(payload),
            commit=get_commit(payload, "sha"),
            name=shorten(context),
            state=_STATUSES[state],
            at=payload["updated_at"].time(),
            run=payload["id"].integer(),
            reporter=text_at(payload, "sender", "login"),
            url=url_at(payload, "target_url"),
            summary=text_at(payload, "description")[:_MAX_SUMMARY_CHARACTERS],
        )
    )


def read_workflow_run(payload: Payload) -> Iterator[Event]:
    """The run as a check that speaks for all of its jobs, also where none of them ever started; and its end.

    The name says so, because a workflow and one of its jobs are often called the same.
    """
    told = payload["workflow_run"]
    yield CheckReported(
        check=Check(
            code=get_repository(payload),
            commit=get_commit(told, "head_sha"),
            name=f"{shorten(_workflow_name(payload))} (workflow)",
            state=_state(told),
            at=told["updated_at"].time(),
            run=told["id"].integer(),
            attempt=told["run_attempt"].integer(),
            suite=str(told["check_suite_id"].integer()),
            series=f"{told['workflow_id'].integer()} on {told['event'].text()}",
            reporter="github-actions",
            url=url_at(told, "html_url"),
        )
    )
    if told["status"].text() == "completed":
        yield PipelineRunEnded(run=_ended_run(payload, told))


def _ended_run(payload: Payload, told: Payload) -> EndedRun:
    code, ran = get_repository(payload), _ran(payload, told)
    return EndedRun(
        code=code,
        commit=get_commit(told, "head_sha"),
        pipeline=f"github-actions/{told['workflow_id'].integer()}",
        run=told["id"].integer(),
        at=told["updated_at"].time(),
        attempt=told["run_attempt"].integer(),
        branch=text_at(told, "head_branch") if ran == "pushed" else "",
        url=url_at(told, "html_url"),
        source=f"gha:{code.partition(':')[2]}",
        ran=ran,
        pull_request=_pull_request(told),
        by=text_at(told, "triggering_actor", "login") or text_at(told, "actor", "login"),
    )


def _ran(payload: Payload, told: Payload) -> Ran:
    """A fork that is gone is one: GitHub names no repository then."""
    home, origin = payload.find("repository", "id"), told.find("head_repository", "id")
    if home is None or origin is None or home.integer() != origin.integer():
        return "foreign"
    return "proposed" if told["event"].text().startswith("pull_request") else "pushed"


def _pull_request(told: Payload) -> int | None:
    """The only pull request that it is of; GitHub names none of a fork."""
    if told.find("pull_requests") is None or not told["event"].text().startswith("pull_request"):
        return None
    numbers = [each["number"].integer() for each in told["pull_requests"]]
    return numbers[0] if len(numbers) == 1 else None


def _annotations(told: Payload) -> int | None:
    found = told.find("output", "annotations_count")
    return None if found is None else found.integer()


def _state(told: Payload) -> CheckState:
    """A conclusion of tomorrow is neither good nor bad; whatever has none and does not run is queued."""
    status, conclusion = told["status"].text(), text_at(told, "conclusion")
    if status == "completed":
        return _CONCLUSIONS.get(conclusion, CheckState.NEUTRAL)
    return _UNFINISHED.get(status, CheckState.QUEUED)


def _time(told: Payload) -> datetime:
    """When the check run last changed: it ended, it started, or its suite was touched."""
    suite = told.find("check_suite", "updated_at")
    return (told.find("completed_at") or told.find("started_at") or suite or told["started_at"]).time()


def _summary(told: Payload) -> str:
    parts = (text_at(told, "output", key) for key in ("title", "summary"))
    return "\n\n".join(filter(None, parts))[:_MAX_SUMMARY_CHARACTERS]


def _workflow_name(payload: Payload) -> str:
    names = (
        text_at(payload, "workflow_run", "name"),
        text_at(payload, "workflow", "name"),
        text_at(payload, "workflow_run", "path"),
    )
    return next(filter(None, names), "unnamed")
