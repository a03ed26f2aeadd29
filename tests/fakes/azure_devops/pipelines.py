"""Pipelines asked to run."""

from fakes.azure_devops.builds import find_definition
from fakes.azure_devops.refusals import bad_argument, forbidden, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.runs import render_pipeline_ref, render_run
from fakes.azure_devops.shapes import links, page_url


def _definition_of(org, asked):
    return find_definition(org.project_of(asked), asked.values["pipelineId"])


@route("GET", "pipelines.pipelines")
def get(org, asked):
    """One pipeline, or all of them in pages."""
    if "pipelineId" in asked.values:
        return _render(org, _definition_of(org, asked))
    found = sorted(org.project_of(asked).definitions.values(), key=lambda each: each.name)
    start, size = int(asked.query.get("continuationtoken") or 0), asked.number("$top", 1000)
    headers = {"x-ms-continuationtoken": str(start + size)} if start + size < len(found) else {}
    return Answer([_render(org, each) for each in found[start : start + size]], headers=headers)


def _render(org, definition):
    answer = render_pipeline_ref(org, definition)
    web = page_url(org, definition.project, f"_build/definition?definitionId={definition.id}")
    return answer | {"_links": links(self=answer["url"], web=web)}


@route("GET", "pipelines.runs")
def get_runs(org, asked):
    """One run, or a pipeline's newest ones."""
    definition = _definition_of(org, asked)
    found = [each for each in definition.project.builds.values() if each.definition is definition]
    if "runId" not in asked.values:
        return [render_run(org, each) for each in reversed(found)]
    chosen = [each for each in found if str(each.id) == asked.values["runId"]]
    if not chosen:
        raise not_found("RunNotFoundException", f"Run {asked.values['runId']} could not be found.")
    return render_run(org, chosen[0])


def _check(definition, wanted):
    """Only what the pipeline declares, or lets be set when it is queued."""
    parameters = wanted.get("templateParameters") or {}
    if strange := set(parameters) - set(definition.parameters):
        text = f"/azure-pipelines.yml: Unexpected parameter '{min(strange)}'"
        raise bad_argument(text, "PipelineValidationException")
    if strange := set(wanted.get("variables") or {}) - set(definition.variables):
        text = (
            f"You can't set the following variables ({min(strange)}). If you want to be able to set these "
            "variables, then edit the pipeline and select Let users override this value when running this "
            "pipeline on the variables tab of the pipeline editor."
        )
        raise bad_argument(text, "PipelineValidationException")
    if strange := set(wanted.get("stagesToSkip") or ()) - set(definition.stages):
        raise bad_argument(
            f"Stage {min(strange)} is not part of the pipeline.", "PipelineValidationException"
        )
    return parameters


def _check_queue(org, asked, definition):
    """Whether runs of it may be queued by whoever asks."""
    if not definition.may_run:
        raise forbidden(
            f"Access denied. {asked.who.display_name} needs Queue builds permissions for build pipeline "
            f"{definition.id} in team project {definition.project.name} to perform the action."
        )
    if definition.queue_status == "disabled":
        text = "Could not queue the build because the build definition (pipeline) is disabled."
        raise bad_argument(text, "DefinitionDisabledException")


def _find_commit(definition, wanted):
    """The commit that was asked for, which must be one of the repository.

    Raises:
        Refused: it is none.
    """
    commit = wanted.get("version")
    if commit is None:
        return {}
    pulls = getattr(definition.repository, "pulls", {}).values()
    if not any(commit == each for pull in pulls for each, _ in pull.iterations):
        raise bad_argument(
            f"/azure-pipelines.yml: Version {commit} was not found in the repository.",
            "PipelineValidationException",
        )
    return {"commit": commit}


@route("POST", "pipelines.runs")
def run(org, asked):
    definition, wanted = _definition_of(org, asked), asked.json or {}
    _check_queue(org, asked, definition)
    parameters = _check(definition, wanted)
    repositories = (wanted.get("resources") or {}).get("repositories") or {}
    branch = (repositories.get("self") or {}).get("refName")
    skipped = wanted.get("stagesToSkip") or ()
    more = _find_commit(definition, repositories.get("self") or {})
    build = org.queue(
        definition,
        branch=branch,
        who=asked.who,
        parameters=parameters,
        skipped=skipped,
        variables={name: each["value"] for name, each in (wanted.get("variables") or {}).items()},
        **more,
    )
    return render_run(org, build)


@route("POST", "pipelines.preview")
def preview(org, asked):
    """What would run; nothing does."""
    definition = _definition_of(org, asked)
    _check(definition, asked.json or {})
    stages = "".join(f"- stage: {name}\n" for name in definition.stages)
    return {"finalYaml": f"stages:\n{stages}"}
