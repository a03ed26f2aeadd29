"""Commands that start a pipeline of the project: which one, on which commit, with which values."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from trainboard.commanding.asked import ask_as
from trainboard.effects import StartPipeline
from trainboard.grammar.declaration import Asking, Call, CommandError, Outcome, Plan
from trainboard.rendering.inert import inert, inert_code
from trainboard.run_requests import ask_for_run
from trainboard.triggers import Pipeline, Trigger

_ENVIRONMENT = "environment"
_WHOLE = 40


def start(call: Call, asking: Asking) -> Iterator[Outcome]:
    """One run of the pipeline that the call names, or of the only one that its command may start.

    Args:
        call: may name a `pipeline`, a `commit` and an `environment`, which goes into the pipeline's parameter
            of that type and which nobody else may be changing; it gives values by other names.
        asking: who asks, and where.
    """
    pipeline, environment = _choose(call, asking), call.find("environment", str) or ""
    given = dict(call.others)
    if environment:
        given |= _place(pipeline, environment)
        _check_free(environment, asking)
    effect = ask_for_run(
        asking.project,
        pipeline.name,
        given,
        ask_as(asking, call.command.name),
        commit=_find_commit(call, asking, pipeline),
    )
    effect = replace(effect, environment=environment)
    yield Plan(_say(effect, pipeline, asking))
    yield effect


def _choose(call: Call, asking: Asking) -> Pipeline:
    command = call.command.name
    usable = [each for each in asking.project.pipelines if command in each.commands]
    name = call.find("pipeline", str)
    named = [each for each in usable if name in {None, each.name}]
    if len(named) == 1:
        return named[0]
    names = ", ".join(inert_code(each.name) for each in usable)
    if not usable:
        raise CommandError(f"No pipeline is declared that {inert_code(f'/{command}')} may start.")
    raise CommandError(f"Say which pipeline is meant: {names}.")


def _place(pipeline: Pipeline, environment: str) -> Mapping[str, str]:
    """The parameter that takes the environment."""
    names = [each.name for each in pipeline.parameters if each.type == _ENVIRONMENT]
    if len(names) != 1:
        raise CommandError(f"{inert_code(pipeline.name)} must have one parameter of type environment.")
    return {names[0]: environment}


def _check_free(environment: str, asking: Asking) -> None:
    """Two who change one environment at the same time would not know what stands there."""
    holder = asking.read.find_holder(asking.project.name, environment)
    if holder is not None and holder.key != f"start-pipeline:{asking.project.name}/{asking.key}":
        raise CommandError(f"{inert_code(environment)} is taken: {_say_holder(holder)}.")


def _say_holder(holder: Trigger) -> str:
    where = f"on {'pull request' if holder.origin.is_pull_request else 'work item'} {holder.origin.ref}"
    return f"{inert(holder.by, 80)} started {inert_code(holder.pipeline)} {where}, and it has not ended"


def _find_commit(call: Call, asking: Asking, pipeline: Pipeline) -> str | None:
    """The whole commit to run on; on a pull request its own. None: the newest of the pipeline's branch."""
    given = call.find("commit", str)
    pull_request = asking.pull_request
    own = (pull_request.merged_as or pull_request.head) if pull_request else None
    if given is None:
        return own if pipeline.takes_commit else None
    if own is not None and own.startswith(given):
        return own
    if len(given) < _WHOLE:
        raise CommandError("Write the whole commit, or the beginning of this pull request's own.")
    return given


def _say(effect: StartPipeline, pipeline: Pipeline, asking: Asking) -> str:
    values = ", ".join(f"{inert_code(each.name)} = {inert_code(each.text)}" for each in effect.arguments)
    commit = f"commit {inert_code(effect.commit[:12])}" if effect.commit else _say_newest(pipeline)
    project, code = asking.project.name, asking.project.code or ""
    versions = asking.read.list_versions_of(project, code, effect.commit) if effect.commit else ()
    models = f", which made model {', '.join(map(inert_code, versions))}" if versions else ""
    return f"run {inert_code(pipeline.name)} on {commit}{models}{f', with {values}' if values else ''}"


def _say_newest(pipeline: Pipeline) -> str:
    return f"the newest commit of {inert_code(pipeline.ref)}" if pipeline.ref else "what is newest"
