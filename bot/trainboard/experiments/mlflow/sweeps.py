"""The parents of nested runs: what a sweep is called and how many runs it plans."""

from collections.abc import Sequence

import msgspec

from trainboard.experiments.mlflow.answers import Run, RunData, RunInputs
from trainboard.experiments.mlflow.client import MlflowClient

PARENT_TAG = "mlflow.parentRunId"
PLANNED_TAG = "plan.sweep.planned"
MAX_KNOWN = 20_000
LOOK_UPS_PER_PAGE = 20


class Parents:
    """Remembers runs that were read, and looks up a few of those that were not.

    A page of runs may name any number of parents. Only some are looked up at once, so that a tracker
    full of strange tags costs little; the others are found with a later page.
    """

    def __init__(self, client: MlflowClient) -> None:
        self._client = client
        self._known: dict[str, Run | None] = {}

    def remember(self, runs: Sequence[Run]) -> None:
        """Take in the runs of a page, then look up their parents."""
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        self._known.update((run.info.run_id, _slim(run)) for run in runs)
        named = dict.fromkeys(run.tags.get(PARENT_TAG, "") for run in runs)
        missing = [run_id for run_id in named if run_id and run_id not in self._known]
        for run_id in missing[:LOOK_UPS_PER_PAGE]:
            found = self._client.find_run(run_id)
            self._known[run_id] = _slim(found) if found else None

    def find(self, run: Run) -> Run | None:
        """The run's parent, without what it logged.

        None if it is not known, or belongs to another experiment, which may not be ours to show.
        """
        parent = self._known.get(run.tags.get(PARENT_TAG, ""))
        if parent is None or parent.info.experiment_id != run.info.experiment_id:
            return None
        return parent


def _slim(run: Run) -> Run:
    tags = tuple(tag for tag in run.data.tags if tag.key == PLANNED_TAG)
    return msgspec.structs.replace(run, data=RunData(tags=tags), inputs=RunInputs())
