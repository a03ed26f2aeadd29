"""MLflow's REST API as a workspace speaks it, with its own words told in those of MLflow."""

from collections.abc import Sequence

from msgspec.structs import replace

from trainboard.experiments.azure_ml.words import translate
from trainboard.experiments.mlflow.answers import Run, RunPage
from trainboard.experiments.mlflow.client import MlflowClient


class AzureMlClient(MlflowClient):
    """Reads one workspace."""

    def find_run(self, run_id: str) -> Run | None:
        """The run; None if there is none that we may see."""
        found = super().find_run(run_id)
        return found and translate(found)

    def search_runs(
        self, experiment_ids: Sequence[str], where: str, order_by: str, size: int, token: str
    ) -> RunPage:
        """One page of runs."""
        page = super().search_runs(experiment_ids, where, order_by, size, token)
        return replace(page, runs=tuple(map(translate, page.runs)))
