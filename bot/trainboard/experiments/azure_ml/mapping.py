"""A run of a workspace as a run report. Pure."""

from msgspec import UNSET
from msgspec.structs import replace

from trainboard.experiments.azure_ml.words import STEP_TAG
from trainboard.experiments.mlflow import mapping
from trainboard.experiments.mlflow.answers import Run, RunData
from trainboard.runs import RunReport
from trainboard.workspaces import Workspace


def parse_run(workspace: Workspace, experiment: str, run: Run, parent: Run | None) -> RunReport | None:
    """The report of a run, None if its state is not known.

    A step of a pipeline is no run by itself. What it measured counts for the pipeline, of which the report
    then is: None where nothing is known of that, or nothing was measured.

    Args:
        workspace: where the run is.
        experiment: the name of the run's experiment.
        run: what Azure tells of the run, in MLflow's words.
        parent: what it tells of the parent, None if there is none or nothing is known of it.
    """
    if STEP_TAG in run.tags:
        return _parse_step(workspace, experiment, run, parent)
    report = mapping.parse_run(workspace.source, workspace.url, experiment, run, parent)
    if report is None:
        return None
    page = workspace.page_of_experiment(run.info.experiment_id)
    return replace(
        report,
        run=replace(report.run, url=mapping.short_url(workspace.page_of_run(run.info.run_id))),
        experiment=replace(report.experiment, url=mapping.short_url(page)),
    )


def _parse_step(workspace: Workspace, experiment: str, step: Run, pipeline: Run | None) -> RunReport | None:
    if pipeline is None or not step.data.metrics:
        return None
    whole = replace(pipeline, data=RunData(metrics=step.data.metrics))
    report = parse_run(workspace, experiment, whole, None)
    return report and replace(report, links=UNSET, params=UNSET, tags=UNSET)
