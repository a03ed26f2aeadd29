"""What somebody asks for, as the effect that starts it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from trainboard.effects import StartPipeline
from trainboard.policy import Project
from trainboard.triggers import ArgumentError, Origin, Pipeline, Value


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked for a run, where and when.

    `command` is what they used, without its slash. `key` is the id of the delivery or comment with the place
    in it: one run is started for each.
    """

    command: str
    origin: Origin
    by: str
    key: str
    at: datetime


def ask_for_run(
    project: Project,
    name: str,
    given: Mapping[str, Value],
    asking: Asking,
    *,
    commit: str | None = None,
    skipped: Sequence[str] = (),
) -> StartPipeline:
    """The effect that starts one run of the pipeline that the project calls `name`.

    Args:
        project: whose pipelines may be started.
        name: what somebody wrote; it only says which declaration to take.
        given: values by the name of their parameter, as text or as what they are.
        asking: who asks.
        commit: the whole commit to run on; None: the newest one of the pipeline's ref.
        skipped: stages to leave out.

    Raises:
        ArgumentError: there is no such pipeline for this command, or it takes something else.
    """
    pipeline = _find(project, name, asking.command)
    return StartPipeline(
        project=project.name,
        pipeline=pipeline.name,
        origin=asking.origin,
        by=asking.by,
        asked=asking.key,
        at=asking.at,
        arguments=pipeline.fill(given),
        commit=pipeline.check_commit(commit),
        skipped=pipeline.check_skipped(skipped),
    )


def _find(project: Project, name: str, command: str) -> Pipeline:
    usable = [pipeline for pipeline in project.pipelines if command in pipeline.commands]
    for pipeline in usable:
        if pipeline.name == name:
            return pipeline
    names = ", ".join(pipeline.name for pipeline in usable) or "none"
    raise ArgumentError(f"/{command} cannot start that pipeline of {project.name}. It may start: {names}.")
