"""The pipelines that people may start: are they there, and may they run."""

from collections.abc import Iterator, Mapping

from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.errors import LimitedError, TrainboardError
from trainboard.pipelines import PipelineStarter
from trainboard.triggers import Pipeline


def check(subject: Subject) -> Iterator[Finding]:
    """What is wrong with each declared pipeline, as far as it can be seen without a start."""
    declared = [(project.name, each) for project in subject.projects for each in project.pipelines]
    starters = subject.starters() if declared else {}
    for project, pipeline in declared:
        yield _look(project, pipeline, starters)
    if not declared:
        yield Finding(message="No pipelines that people may start.")


def _look(project: str, pipeline: Pipeline, starters: Mapping[str, PipelineStarter]) -> Finding:
    name = f"Pipeline {pipeline.name} of {project}"
    starter = starters.get(pipeline.place)
    if starter is None:
        return failing(
            f"{name} cannot be started: the settings name no way into {pipeline.place}.",
            "Set github.app_id and github.private_key, or azure_devops.token.",
        )
    try:
        starter.check(pipeline)
    except LimitedError:
        raise
    except TrainboardError as error:
        return failing(f"{name} cannot be started. {error}", "Correct it, or its declaration.")
    if not pipeline.commands:
        return Finding(message=f"{name} is there; its `commands` are empty, so that nobody can start it.")
    return Finding(message=f"{name} is there.")
