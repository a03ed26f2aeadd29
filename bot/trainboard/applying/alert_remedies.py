"""What can be started against a model that misbehaves."""

from collections.abc import Iterator

from trainboard.alert_view import REMEDIES, Remedy
from trainboard.applying import Outside
from trainboard.policy import Project


def list_remedies(project: Project, outside: Outside) -> Iterator[Remedy]:
    """The project's pipelines that retrain or roll back, in the order of the settings."""
    for does in REMEDIES:
        for pipeline in project.pipelines:
            if does in pipeline.commands:
                starter = outside.starters.get(pipeline.place)
                yield Remedy(
                    does=does, pipeline=pipeline.name, url=starter.page_of(pipeline) if starter else ""
                )
