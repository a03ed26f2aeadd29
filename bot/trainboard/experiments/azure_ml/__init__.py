"""Azure Machine Learning: runs of a workspace, which speaks MLflow's REST API with differences of its own.

What differs, as far as it is written down: runs cannot be filtered by their times or states (`search`),
steps and Git have words of their own (`words`), models have no aliases, and runs are seen in the studio.
None of it was tried against the real service. What nothing says, and what was taken for it, stands in
`docs/azure-ml.md`.

Source: Microsoft, "Query & compare experiments and runs with MLflow" and "Manage models registry in Azure
Machine Learning with MLflow", their support matrices; "Using MLflow REST with Azure ML" in azureml-examples.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from trainboard.experiments import RegisteredVersion, Registry
from trainboard.experiments.azure_ml.advice import ADVICE
from trainboard.experiments.azure_ml.client import AzureMlClient
from trainboard.experiments.azure_ml.mapping import parse_run
from trainboard.experiments.azure_ml.search import OrderedSearch
from trainboard.experiments.azure_ml.words import STEP_TAG
from trainboard.experiments.mlflow.reading import TrackerReader, utc_now
from trainboard.experiments.mlflow.sweeps import PARENT_TAG
from trainboard.outbound import Outbound, RenewableToken
from trainboard.workspaces import Workspace


class AzureMlReader(TrackerReader):
    """Reads the runs of one workspace; keeps the contract of `RunReader`.

    Args:
        name: the configured source, `azure-ml/prod`; reports carry the workspace's resource as their source,
            as those of its events do.
        workspace: what is read.
        token: of Microsoft Entra, for Azure Resource Manager.
        experiments: shell patterns of the experiments' names, letter case counts.
        clock: tells the moment, aware.
    """

    def __init__(
        self,
        *,
        name: str,
        workspace: Workspace,
        token: RenewableToken,
        experiments: Sequence[str],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        client = AzureMlClient(Outbound("Azure Machine Learning", workspace.url, token=token), ADVICE)
        super().__init__(
            name=name,
            experiments=experiments,
            client=client,
            search=OrderedSearch(client),
            parse=partial(parse_run, workspace),
            clock=clock,
        )

    def read_registry(self) -> Registry:
        """An empty one: no model has aliases here, and its versions are told by Event Grid."""
        return Registry(at=self._clock(), aliases={})

    def find_version(self, model: str, version: str) -> RegisteredVersion | None:
        """A version of a model; one that a step made is told to be made by its pipeline."""
        made = super().find_version(model, version)
        run = self._client.find_run(made.run_id) if made and made.run_id else None
        if made is None or run is None or STEP_TAG not in run.tags:
            return made
        return replace(made, run_id=run.tags[PARENT_TAG] or made.run_id)
