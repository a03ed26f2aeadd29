"""How far an experiment came on the way of a model, from the plan to the training that is done anew."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from trainboard.deployments import Environment, Step
from trainboard.experiment_view import ExperimentView
from trainboard.metrics import Verdict
from trainboard.pull_requests import DeploymentState

StageName = Literal["plan", "train", "package", "validate", "deploy", "monitor", "retrain"]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the way, and whether it was reached. `url` leads to what shows it, None where nothing does.

    It is planned with a target, trained with a run, packaged with a version of a model, validated when all
    targets are met, deployed while a version stands under an alias or on an endpoint, monitored when that is
    one that people rely on or an alert told of the model, and retrained when somebody or something did that.
    """

    name: StageName
    reached: bool
    url: str | None = None


def list_stages(view: ExperimentView) -> tuple[Stage, ...]:
    """All seven, in their order; one may be reached before an earlier one is."""
    return tuple(_list_stages(view))


def find_current(view: ExperimentView) -> StageName:
    """Where the experiment stands: at the last stage that it reached, at the first if it reached none.

    A retraining is over when a version came into use after it began.
    """
    placed = max((step.at for _, step in _list_standing(view)), default=None)
    is_over = bool(view.retrains) and placed is not None and placed >= view.retrains[-1][0]
    reached = [stage.name for stage in list_stages(view) if stage.reached]
    return next((name for name in reversed(reached) if not (is_over and name == "retrain")), "plan")


def _list_stages(view: ExperimentView) -> Iterator[Stage]:
    met = [judgement.verdict is Verdict.MET for judgement in view.judgements]
    standing = _list_standing(view)
    relied_on = [step for place, step in standing if place.is_production]
    alerts = sorted(view.alerts, key=lambda alert: alert.closed_at is not None)
    yield Stage(name="plan", reached=bool(met))
    yield Stage(name="train", reached=bool(view.runs), url=view.experiment_url)
    yield Stage(name="package", reached=bool(view.models))
    yield Stage(name="validate", reached=bool(met) and all(met))
    steps = (*relied_on, *(step for _, step in standing))
    yield Stage(name="deploy", reached=bool(steps), url=_find_url(step.deployment.url for step in steps))
    watched = bool(relied_on) or bool(alerts)
    yield Stage(name="monitor", reached=watched, url=_find_url(alert.url for alert in alerts))
    addresses = (url for _, url in reversed(view.retrains))
    yield Stage(name="retrain", reached=bool(view.retrains), url=_find_url(addresses))


def _list_standing(view: ExperimentView) -> Sequence[tuple[Environment, Step]]:
    return [
        (place, step)
        for model in view.models
        for place, step in model.places
        if step.state is DeploymentState.SUCCEEDED
    ]


def _find_url(urls: Iterable[str]) -> str | None:
    return next(filter(None, urls), None)
