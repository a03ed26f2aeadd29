"""Where the versions of a work item's models came into use."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.deployments import Environment, History, ModelTimeline, Step, make_timelines
from trainboard.experiment_view import ModelVersion
from trainboard.policy import Project
from trainboard.serving import tell_serving_silent
from trainboard.store import servings


def with_places(
    connection: Connection, project: Project, models: Sequence[ModelVersion], now: datetime
) -> tuple[ModelVersion, ...]:
    """The versions, each with the aliases and endpoints that it ever came to."""
    if not models:
        return ()
    told = History(
        moves=servings.list_moves(connection, project.name),
        servings=tuple(
            tell_serving_silent(each, now) for each in servings.list_servings(connection, project.name)
        ),
    )
    ways = {each.name: each for each in make_timelines(told, project.is_production).models}
    return tuple(
        replace(each, places=tuple(_list_places(ways[each.name], each.version or "")))
        if each.name in ways
        else each
        for each in models
    )


def _list_places(way: ModelTimeline, version: str) -> Iterator[tuple[Environment, Step]]:
    """Each place that the version came to, without its other steps, with the last of the version's."""
    for place in way.places:
        mine = (step for step in place.steps if any(each.version == version for each in step.versions))
        if (last := next(mine, None)) is not None:
            yield replace(place, steps=()), last
