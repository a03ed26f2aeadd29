"""The parts of MLflow's answers that are read; whatever else they hold is ignored."""

import msgspec


class Pair(msgspec.Struct, frozen=True):
    """A tag or a parameter."""

    key: str
    value: str = ""


class MetricPoint(msgspec.Struct, frozen=True):
    """The last value logged; the text "NaN" stands for a value that is no number."""

    key: str
    value: float | str | None = None


class RunInfo(msgspec.Struct, frozen=True):
    """What MLflow itself knows of a run; times are Unix milliseconds of the client's clock."""

    run_id: str
    experiment_id: str
    status: str
    run_name: str = ""
    user_id: str = ""
    start_time: int | None = None
    end_time: int | None = None
    lifecycle_stage: str = "active"


class RunData(msgspec.Struct, frozen=True):
    """What the client logged."""

    metrics: tuple[MetricPoint, ...] = ()
    params: tuple[Pair, ...] = ()
    tags: tuple[Pair, ...] = ()


class DatasetFacts(msgspec.Struct, frozen=True):
    """A dataset; `source` and `profile` hold JSON as text."""

    name: str
    digest: str = ""
    source: str = ""
    profile: str = ""


class DatasetInput(msgspec.Struct, frozen=True):
    """A dataset with the role that it played in a run, told in a tag."""

    dataset: DatasetFacts
    tags: tuple[Pair, ...] = ()


class RunInputs(msgspec.Struct, frozen=True):
    """What a run read."""

    dataset_inputs: tuple[DatasetInput, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """A run as `runs/search` and `runs/get` tell it."""

    info: RunInfo
    data: RunData = RunData()
    inputs: RunInputs = RunInputs()

    @property
    def tags(self) -> dict[str, str]:
        """The tags by name, MLflow's own ones too."""
        return {tag.key: tag.value for tag in self.data.tags}

    @property
    def ended(self) -> bool:
        """True for a run that does no more work.

        Source: MLflow REST API, "RunStatus".
        """
        return self.info.status in {"FINISHED", "FAILED", "KILLED"}


class RunPage(msgspec.Struct, frozen=True):
    """Some runs; `date_ms` is when the server answered, by its own clock, None if it does not say."""

    runs: tuple[Run, ...] = ()
    next_page_token: str = ""
    date_ms: int | None = None


class Experiment(msgspec.Struct, frozen=True):
    """An experiment's id and name."""

    experiment_id: str
    name: str


class ExperimentPage(msgspec.Struct, frozen=True):
    """Some experiments."""

    experiments: tuple[Experiment, ...] = ()
    next_page_token: str = ""


class OneRun(msgspec.Struct, frozen=True):
    """The answer of `runs/get`."""

    run: Run


class OneExperiment(msgspec.Struct, frozen=True):
    """The answer of `experiments/get`."""

    experiment: Experiment


class Alias(msgspec.Struct, frozen=True):
    """Where an alias points."""

    alias: str
    version: str


class Model(msgspec.Struct, frozen=True):
    """A registered model."""

    name: str
    aliases: tuple[Alias, ...] = ()


class ModelPage(msgspec.Struct, frozen=True):
    """Some models; `date_ms` is as in `RunPage`."""

    registered_models: tuple[Model, ...] = ()
    next_page_token: str = ""
    date_ms: int | None = None


class ModelVersion(msgspec.Struct, frozen=True):
    """A version; the time is in Unix milliseconds of the server."""

    creation_timestamp: int
    run_id: str | None = None


class OneVersion(msgspec.Struct, frozen=True):
    """The answer of `model-versions/get`."""

    model_version: ModelVersion
