"""Events of a workspace of Azure Machine Learning: runs, monitors, models and where they are deployed.

A monitor is a run of a pipeline that tags itself when a threshold is breached; nothing else marks it, and
nothing tells that the breach is over but its next run without the tag.

Source: Microsoft, "Azure Machine Learning as an Event Grid source" (whose keys vary in their case) and
"Monitor model performance in production".
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import UNSET, UnsetType

from trainboard.alerts import Alert
from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, Event, ModelChanged, ModelServed, RunReported
from trainboard.fingerprints import fingerprint
from trainboard.git_remotes import parse_repository
from trainboard.pull_requests import DeploymentState
from trainboard.runs import ExperimentName, Links, RunFacts, RunReport, RunStatus
from trainboard.serving import Serving
from trainboard_webhooks.cloud_events import Message
from trainboard_webhooks.members import find_member, find_shown
from trainboard_webhooks.payload import Payload, shorten

_PREFIX = "Microsoft.MachineLearningServices."
_BREACH = "azureml_modelmonitor_threshold_breached"
_SIGNAL = re.compile(r"(?P<signal>\S{1,250}) has failed due to ")
_STEPS = {"azureml.StepRun", "azureml.ReusedStepRun"}
_VERSION = re.compile(r"(?P<model>[^\s:]{1,255}):(?P<version>[^\s:]{1,100})")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_MOST_VERSIONS = 100
_NAME_CHARACTERS, _ID_CHARACTERS = 250, 256
_STATUSES = {
    "notstarted": RunStatus.QUEUED,
    "queued": RunStatus.QUEUED,
    "unapproved": RunStatus.QUEUED,
    "provisioning": RunStatus.QUEUED,
    "preparing": RunStatus.QUEUED,
    "starting": RunStatus.RUNNING,
    "running": RunStatus.RUNNING,
    "pausing": RunStatus.RUNNING,
    "paused": RunStatus.RUNNING,
    "cancelrequested": RunStatus.RUNNING,
    "finalizing": RunStatus.RUNNING,
    "completed": RunStatus.FINISHED,
    "failed": RunStatus.FAILED,
    "canceled": RunStatus.KILLED,
}


def read_run(door: str, message: Message, data: Payload) -> Iterator[Event]:
    """How a run stands, and how the monitor stands that it may be a run of.

    A run that failed without a word of a breach says nothing of one.
    """
    if _is_step(data):
        return
    status = _status(message, data)
    experiment = _experiment(data)
    if status is not None:
        yield RunReported(door=door, report=_report(message, data, status, experiment))
    breach = _find_breach(data)
    if breach or status is RunStatus.FINISHED:
        alert = _monitor(message, data, experiment, breach)
        yield AlertsReported(door=door, alerts=(alert,), group_labels=_group(message), at=message.at)


def read_drift(door: str, message: Message, data: Payload) -> Iterator[Event]:
    """A drift of a dataset, by the older way; nothing ever tells that it is over."""
    name = find_shown(data, "DataDriftName") or _required(data, "DataDriftId")
    labels = {
        "workspace": _workspace(message),
        "dataset": find_shown(data, "TargetDatasetId"),
        "run_id": find_shown(data, "RunId"),
    }
    alert = Alert(
        fingerprint=fingerprint("drift", message.source.lower(), _required(data, "DataDriftId")),
        rule=shorten(name, _NAME_CHARACTERS),
        firing=True,
        labels={key: value for key, value in labels.items() if value},
        summary="The data of the target dataset have drifted from those of the baseline.",
        value=find_shown(data, "DriftCoefficient"),
    )
    yield AlertsReported(door=door, alerts=(alert,), group_labels=_group(message), at=message.at)


def read_model(door: str, message: Message, data: Payload) -> Iterator[Event]:
    """A version of a model was registered."""
    yield ModelChanged(
        door=door,
        action="version",
        model=_required(data, "ModelName"),
        version=_required(data, "ModelVersion"),
        at=_moment(message),
        source=_source(message),
    )


def read_deployment(door: str, message: Message, data: Payload) -> Iterator[Event]:
    """Versions of models came to an endpoint, of which only that is told; what is no version is left out."""
    at, endpoint = _moment(message), shorten(_required(data, "ServiceName"), _NAME_CHARACTERS)
    versions = dict.fromkeys(each.strip() for each in find_shown(data, "ModelIds").split(","))
    for found in filter(None, map(_VERSION.fullmatch, list(versions)[:_MOST_VERSIONS])):
        model, version = found["model"], found["version"]
        serving = Serving(
            service=f"azure-ml:{_workspace(message)}",
            endpoint=endpoint,
            ref=f"{endpoint}@{at.isoformat()}/{version}",
            model=model,
            version=version,
            state=DeploymentState.SUCCEEDED,
            at=at,
        )
        yield ModelServed(door=door, serving=serving)


Read = Callable[[str, Message, Payload], Iterator[Event]]
READERS: dict[str, Read] = {
    f"{_PREFIX}RunCompleted": read_run,
    f"{_PREFIX}RunStatusChanged": read_run,
    f"{_PREFIX}DatasetDriftDetected": read_drift,
    f"{_PREFIX}ModelRegistered": read_model,
    f"{_PREFIX}ModelDeployed": read_deployment,
}


def _status(message: Message, data: Payload) -> RunStatus | None:
    """None for a status that is not known."""
    if message.type.endswith(".RunCompleted"):
        return RunStatus.FINISHED
    return _STATUSES.get(find_shown(data, "runStatus").casefold().replace(" ", ""))


def _is_step(data: Payload) -> bool:
    """True for a part of a pipeline's run, unless it tells of a breach: of the whole it says nothing."""
    kind = find_shown(data, "runType") or find_shown(data, "runProperties", "azureml.runsource")
    return not _find_breach(data) and kind in _STEPS


def _report(message: Message, data: Payload, status: RunStatus, experiment: str) -> RunReport:
    told_at = UNSET if message.at is None else message.at
    return RunReport(
        source=_source(message),
        run=RunFacts(
            id=shorten(_required(data, "runId"), _ID_CHARACTERS),
            status=status,
            ended_at=told_at if status.ended else UNSET,
        ),
        experiment=ExperimentName(name=experiment),
        time=told_at,
        links=_find_links(data),
    )


def _find_links(data: Payload) -> Links | UnsetType:
    """Source: Microsoft, "Git integration for Azure Machine Learning"."""
    commit = _find_git(data, "commit").lower()
    links = Links(
        repo=shorten(parse_repository(_find_git(data, "repository_uri")), _NAME_CHARACTERS) or UNSET,
        commit=commit if _COMMIT.fullmatch(commit) else UNSET,
        branch=shorten(_find_git(data, "branch"), _NAME_CHARACTERS) or UNSET,
        dirty={"true": True, "false": False}.get(_find_git(data, "dirty").lower(), UNSET),
    )
    return UNSET if links == Links() else links


def _find_git(data: Payload, name: str) -> str:
    """It is a property of the run, or a tag, by how the run was submitted."""
    key = f"azureml.git.{name}"
    return find_shown(data, "runProperties", key) or find_shown(data, "runTags", key)


def _experiment(data: Payload) -> str:
    name = find_shown(data, "experimentName") or find_shown(data, "experimentId")
    if not name:
        raise PayloadError(f"{data.path}.experimentName is missing")
    return shorten(name, _NAME_CHARACTERS)


def _find_breach(data: Payload) -> str:
    """What the monitor says of the breach, empty if it says nothing."""
    tags = find_member(data, "runTags")
    return find_shown(tags, _BREACH) if tags is not None else ""


def _monitor(message: Message, data: Payload, experiment: str, breach: str) -> Alert:
    """All signals of a monitor are one alert: a run that found nothing does not name them."""
    signal = _SIGNAL.match(breach)
    properties = find_member(data, "runProperties")
    labels = {
        "workspace": _workspace(message),
        "model": find_shown(properties, "model_name") if properties is not None else "",
        "signal": signal["signal"] if signal else "",
        "run_id": find_shown(data, "runId"),
    }
    return Alert(
        fingerprint=fingerprint("monitor", message.source.lower(), experiment),
        rule=experiment,
        firing=bool(breach),
        labels={key: value for key, value in labels.items() if value},
        summary=breach,
    )


def _moment(message: Message) -> datetime:
    if message.at is None:
        raise PayloadError(f"an event of the type {message.type} does not say when that was")
    return message.at


def _group(message: Message) -> dict[str, str]:
    return {"workspace": _workspace(message)}


def _source(message: Message) -> str:
    """What reports of the workspace's runs have as theirs, whoever tells of them."""
    return f"azureml:{shorten(message.source.lower(), _NAME_CHARACTERS)}"


def _workspace(message: Message) -> str:
    return shorten(message.source.rstrip("/").rpartition("/")[2].lower(), _NAME_CHARACTERS)


def _required(data: Payload, key: str) -> str:
    text = find_shown(data, key)
    if not text:
        raise PayloadError(f"{data.path}.{key} is missing")
    return text
