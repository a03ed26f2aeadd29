"""What Azure Machine Learning notes of a run, told as MLflow would.

Source: Microsoft, "Git integration for Azure Machine Learning", for the names below `azureml.git.`; those of
a step are in the events of Event Grid about it.
"""

from msgspec.structs import replace

from trainboard.experiments.mlflow.answers import Pair, Run
from trainboard.experiments.mlflow.sweeps import PARENT_TAG

STEP_TAG = "trainboard.step"
"""Marks a run that is a step of a pipeline; its parent is then the whole pipeline. Not sent by anybody."""

_GIT = {
    "azureml.git.commit": "mlflow.source.git.commit",
    "azureml.git.branch": "mlflow.source.git.branch",
    "azureml.git.dirty": "mlflow.source.git.dirty",
    "azureml.git.repository_uri": "mlflow.source.git.repoURL",
}
_TYPE, _STEPS = "azureml.runsource", {"azureml.StepRun", "azureml.ReusedStepRun"}
_NODE, _PIPELINE = "azureml.nodeid", "azureml.pipelinerunid"
_ROOTS = ("azureml.rootpipelinerunid", "mlflow.rootRunId", _PIPELINE)
_OURS = ("azureml.", "_azureml.", "_aml_system_", STEP_TAG)


def translate(run: Run) -> Run:
    """The run with MLflow's tags in place of Azure's, and with its user as people know them."""
    told = run.tags
    tags = {name: value for name, value in told.items() if not name.startswith(_OURS)}
    for ours, theirs in _GIT.items():
        if ours in told:
            tags.setdefault(theirs, told[ours])
    if _is_step(told):
        parent = next((told[name] for name in (*_ROOTS, PARENT_TAG) if told.get(name)), "")
        tags |= {STEP_TAG: "true", PARENT_TAG: parent}
    return replace(
        run,
        info=replace(run.info, user_id=told.get("mlflow.user") or run.info.user_id),
        data=replace(run.data, tags=tuple(Pair(name, value) for name, value in tags.items())),
    )


def _is_step(tags: dict[str, str]) -> bool:
    return tags.get(_TYPE) in _STEPS or (_NODE in tags and _PIPELINE in tags)
