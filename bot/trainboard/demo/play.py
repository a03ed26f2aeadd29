"""The play: what is sent, said as it goes."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from trainboard.alerts import ALERT_LABEL
from trainboard.demo.senders import Senders
from trainboard.demo.service import Service
from trainboard.demo.story import (
    BEST_RUN,
    COMMANDED,
    COMMENT,
    DRIFT,
    MODEL,
    PROJECT,
    SLOW,
    TARGETS,
    Document,
    chapters,
    drift,
    slow_predictions,
)
from trainboard.errors import TransientError
from trainboard.trackers import Tracker
from trainboard.work_items import EXPERIMENT_LABEL, WorkItem, WorkItemChange

Say = Callable[[str], None]

PLANNED = ("churn-baseline", "churn-xgb", "churn-lightgbm", "churn-transformer")
PATIENCE_SECONDS = 30.0
ACCEPTED, DONE = 202, 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNKNOWN_KEY = b'{"source":"ci:demo","run":{"id":"x","status":"failed","colour":1},"experiment":{"name":"x"}}'
NOT_A_NUMBER = (
    b'{"source":"ci:demo","run":{"id":"x","status":"failed"},"experiment":{"name":"x"},"metrics":{"a":NaN}}'
)


def play(service: Service, say: Say) -> dict[str, int]:
    """Send the whole sprint; answers the status of each refusal and repetition, for the check."""
    senders = service.senders
    sprint = service.sprint
    say(f"{sprint.name} ({sprint.start} to {sprint.end}), project {PROJECT}, {service.board.title}")
    _plan(service, say)
    for chapter in chapters(sprint):
        accepted = sum(senders.run(document) == ACCEPTED for document in chapter.runs)
        say(f"day {chapter.day:2}  {chapter.title}: {accepted} deliveries accepted")
    _register_model(senders, say)
    _github(senders, say)
    _alerts(service, say)
    _command(service, say)
    statuses = _refusals(service)
    for what, status in statuses.items():
        say(f"        {what}: {status}")
    return statuses


def wait_until(what: str, holds: Callable[[], bool]) -> None:
    """Look again and again until `holds`.

    Raises:
        TransientError: it took longer than 30 seconds.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TransientError(f"The demo waited {PATIENCE_SECONDS:.0f} seconds, and still not: {what}.")
        time.sleep(0.1)


def visit_board(service: Service) -> AbstractContextManager[Tracker]:
    """The board as a person sees it."""
    return service.board.visit(service.database_url)


def list_items(board: Tracker) -> list[WorkItem]:
    """The experiments' work items, oldest first."""
    return list(board.list_items(label=EXPERIMENT_LABEL, since=_LONG_AGO))


def list_bugs(board: Tracker) -> list[WorkItem]:
    """The bugs of alerts, oldest first."""
    return list(board.list_items(label=ALERT_LABEL, since=_LONG_AGO))


def list_problems(service: Service) -> dict[str, str]:
    """How the bug of each problem stands, by the name of its alerts."""
    told = service.senders.get(f"/api/v1/alerts?project={PROJECT}") or {"problems": ()}
    return {each["rule"]: each["state"] for each in told["problems"]}


def tell_board(service: Service, say: Say) -> None:
    """Say what stands on the board: each work item with its sprint and the first line of the bot's part."""
    with visit_board(service) as board:
        names = {each.ref: each.name for each in board.list_iterations()}
        say(f"What stands on the board ({service.board.title}):")
        for item in list_items(board):
            say(f"  #{item.ref}  {item.title}: {item.state}, {names.get(item.iteration or '', 'no sprint')}")
            say(f"      {_headline(item.body)}")
        for bug in list_bugs(board):
            say(f"  #{bug.ref}  {bug.title}: {bug.state}, {names.get(bug.iteration or '', 'no sprint')}")


def _headline(body: str) -> str:
    bold = (line.strip("*") for line in body.splitlines() if line.startswith("**") and line.endswith("**"))
    return next(bold, "")


def _plan(service: Service, say: Say) -> None:
    """Queue one run of every planned experiment, and write the targets into the items that appear."""
    first = {run["experiment"]["name"]: run for chapter in chapters(service.sprint) for run in chapter.runs}
    for experiment in PLANNED:
        service.senders.run(_queued(first[experiment]))
    with visit_board(service) as board:
        wait_until("every planned experiment has a work item", lambda: len(list_items(board)) == len(PLANNED))
        for item in list_items(board):
            targets = TARGETS.get(item.title.removeprefix("Experiment: "), ())
            lines = "### Targets\n\n" + "\n".join(f"- {target}" for target in targets)
            board.update_item(item.ref, WorkItemChange(body=item.body.replace("### Targets", lines, 1)))
    say(f"day  1  {len(PLANNED)} experiments planned: work items made, a person writes the targets into them")


def _queued(run: Document) -> Document:
    queued = {"id": run["run"]["id"], "status": "queued"}
    return {"source": run["source"], "experiment": run["experiment"], "run": queued}


def _register_model(senders: Senders, say: Say) -> None:
    registered = {
        "name": MODEL,
        "version": "1",
        "source": "models:/m-1",
        "run_id": BEST_RUN,
        "tags": {},
    }
    senders.mlflow(_mlflow("model_version", "created", registered))
    for alias in ("staging", "champion"):
        moved = {"name": MODEL, "alias": alias, "version": "1"}
        senders.mlflow(_mlflow("model_version_alias", "created", moved))
    say(f"day 10  MLflow tells: the best run became model {MODEL} version 1, alias staging, then champion")


def _mlflow(entity: str, action: str, data: dict[str, Any]) -> Document:
    return {"entity": entity, "action": action, "timestamp": _now().isoformat(), "data": data}


def _github(senders: Senders, say: Say) -> None:
    repository = {"full_name": "acme/churn", "owner": {"login": "acme"}}
    ping = senders.github(
        "ping", {"zen": "Keep it logically awesome.", "hook_id": 1, "repository": repository}
    )
    push = senders.github("push", {"ref": "refs/heads/main", "repository": repository})
    say(f"day 11  GitHub says hello ({ping}) and pushes ({push})")


def _alerts(service: Service, say: Say) -> None:
    """A problem that becomes a bug and is over, and one that is not."""
    told = service.senders.alertmanager(drift(service.sprint, resolved=False))
    wait_until("the drift has a bug", lambda: list_problems(service).get(DRIFT) == "open")
    say(f"day 11  Alertmanager tells of drift in two columns ({told}): one bug")
    told = service.senders.alertmanager(drift(service.sprint, resolved=True))
    wait_until("the bug of the drift is closed", lambda: list_problems(service).get(DRIFT) == "closed")
    say(f"day 11  the drift is over four hours later ({told}): the bug is closed")
    told = service.senders.alertmanager(slow_predictions(service.sprint))
    wait_until("the slow predictions have a bug", lambda: list_problems(service).get(SLOW) == "open")
    say(f"day 11  predictions are slow, and still are ({told}): a bug that stays open")


def _command(service: Service, say: Say) -> None:
    """Ana commands something, where the service hears of comments."""
    if service.board.comment is None:
        return
    with visit_board(service) as board:
        ref = next(item.ref for item in list_items(board) if item.title == f"Experiment: {COMMANDED}")
        service.board.comment(service.database_url, "ana", ref, COMMENT)
        wait_until("Ana is answered", lambda: _is_answered(board, ref))
    commands = ", ".join(line for line in COMMENT.splitlines() if line.startswith("/"))
    say(f"day 11  Ana comments on #{ref}: {commands}, and is answered there")


def _is_answered(board: Tracker, ref: str) -> bool:
    return any(comment.ours for comment in board.list_comments(ref, since=_LONG_AGO))


def _refusals(service: Service) -> dict[str, int]:
    senders = service.senders
    document = next(iter(chapters(service.sprint))).runs[0]
    senders.run(document, delivery="msg_demo_twice")
    wait_until("the first of two equal deliveries is done", lambda: _is_done(senders, document))
    return {
        "the same delivery again": senders.run(document, delivery="msg_demo_twice"),
        "a delivery without a signature": senders.post("/webhooks/runs", b"{}", {}),
        "a run event with an unknown key": senders.run(UNKNOWN_KEY),
        "a metric that is not a number": senders.run(NOT_A_NUMBER),
    }


def _is_done(senders: Senders, document: Document) -> bool:
    return senders.run(document, delivery="msg_demo_twice") == DONE


def _now() -> datetime:
    return datetime.now(UTC)
