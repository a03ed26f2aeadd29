"""The run trackers that the settings name, made into readers. What no source names is not loaded."""

from collections.abc import Callable
from datetime import datetime

from trainboard.experiments import RunReader
from trainboard.settings import AzureMlSource, MlflowSource, Settings, WandbSource

Clock = Callable[[], datetime]


def readers(settings: Settings, clock: Clock) -> dict[str, RunReader]:
    """The readers of run trackers, by the name of their source.

    Raises:
        WiringError: one is in Azure, and what signs in there is not installed.
    """
    made: dict[str, RunReader] = {}
    for each in settings.sources:
        name = f"{each.kind}/{each.name}"
        match each:
            case MlflowSource() if each.url:
                made[name] = _mlflow_reader(name, each, clock)
            case WandbSource():
                made[name] = _wandb_reader(name, each, clock)
            case AzureMlSource():
                from trainboard.wiring.azure_ml import open_reader

                made[name] = open_reader(name, each, clock)
    return made


def _wandb_reader(name: str, source: WandbSource, clock: Clock) -> RunReader:
    from trainboard.experiments.wandb import WandbReader

    return WandbReader(
        name=name,
        url=source.url,
        entity=source.entity,
        api_key=source.api_key.get_secret_value(),
        experiments=source.experiments,
        registries=source.registries,
        models=source.models,
        clock=clock,
    )


def _mlflow_reader(name: str, source: MlflowSource, clock: Clock) -> RunReader:
    from trainboard.experiments.mlflow import MlflowReader

    return MlflowReader(
        name=name,
        url=source.url,
        experiments=source.experiments,
        token=source.token.get_secret_value() if source.token else "",
        username=source.username,
        password=source.password.get_secret_value() if source.password else "",
        clock=clock,
    )
