"""Azure Pipelines: runs of the pipelines of a project, started with parameters.

Source: "Azure DevOps Services REST API Reference", "Runs - Run Pipeline", "Builds - List".
"""

from datetime import datetime
from urllib.parse import quote

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.locations import name_organization
from trainboard.azure_devops.models import pipelines as models
from trainboard.errors import PermanentError
from trainboard.pipelines import StartedRun
from trainboard.triggers import Order, Pipeline, RunName

MOST_RUNS = 200
"""Runs queued since a start that are looked through for its mark."""


class _Json(msgspec.Struct, frozen=True, rename="camel"):
    pass


class StartedJson(_Json, frozen=True):
    """A run that was started."""

    id: int


class QueuedJson(_Json, frozen=True):
    """A run as a build: `parameters` holds the variables that were set with it, as JSON in a text."""

    id: int
    build_number: str = ""
    template_parameters: dict[str, object] | None = None
    parameters: str | None = None

    def carries(self, marker: str) -> bool:
        """True if the mark is a parameter, a variable, or a part of its name."""
        values = (self.template_parameters or {}).values()
        return marker in values or marker in (self.parameters or "") or marker in self.build_number


class DefinitionJson(_Json, frozen=True):
    """A pipeline."""

    name: str = ""
    queue_status: str = "enabled"


class AzurePipelinesStarter:
    """The pipelines of one project of an organisation.

    Keeps `trainboard.pipelines.PipelineStarter`. One call for each method.

    Args:
        organization: where they run; it is not closed here.
        project: the project's name.
    """

    def __init__(self, *, organization: Organization, project: str) -> None:
        self._organization = organization
        self._project = project
        self._runs_in = f"azure-pipelines:{name_organization(organization.url)}"
        self.name = f"{self._runs_in}/{project}"

    def start(self, order: Order) -> StartedRun:
        """Azure Pipelines itself refuses parameters, variables and stages that it does not know."""
        pipeline = order.pipeline
        call = Call(doing=f"start {_say(pipeline)}", writes=True, thing=_say(pipeline))
        wanted = _render(order)
        number = int(pipeline.target)
        started = self._organization.read(
            call, lambda to: to.pipelines.run_pipeline(wanted, self._project, number), StartedJson
        )
        return self._tell(started.id)

    def find(self, order: Order, since: datetime) -> StartedRun | None:
        """A run carries its mark as a parameter; without one none is found."""
        if not order.pipeline.marker:
            return None
        call = Call(doing=f"look for a run of {_say(order.pipeline)}")
        found = self._organization.read(
            call,
            lambda to: to.build.get_builds(
                self._project,
                definitions=[int(order.pipeline.target)],
                min_time=since,
                query_order="queueTimeDescending",
                top=MOST_RUNS,
            ),
            Many[QueuedJson],
        )
        return next((self._tell(each.id) for each in found.value if each.carries(order.marker)), None)

    def proves_absence(self, pipeline: Pipeline) -> bool:
        """A run stands in the list before its start is answered, with the mark if it carries one."""
        return bool(pipeline.marker)

    def page_of(self, pipeline: Pipeline) -> str:
        """The page of the pipeline."""
        return f"{self._pages}/_build?definitionId={pipeline.target}"

    def check(self, pipeline: Pipeline) -> None:
        """One call."""
        call = Call(doing=f"see {_say(pipeline)}", thing=_say(pipeline))
        number = int(pipeline.target)
        found = self._organization.read(
            call, lambda to: to.build.get_definition(self._project, number), DefinitionJson
        )
        if found.queue_status != "enabled":
            raise PermanentError(
                f"{_say(pipeline).capitalize()} ({found.name}) in {self._project} is {found.queue_status}: "
                "enable it."
            )

    @property
    def _pages(self) -> str:
        return f"{self._organization.url}/{quote(self._project, safe='')}"

    def _tell(self, run: int) -> StartedRun:
        url = f"{self._pages}/_build/results?buildId={run}"
        return StartedRun(name=RunName(self._runs_in, str(run)), url=url)


def _say(pipeline: Pipeline) -> str:
    return f"pipeline {pipeline.target}"


def _render(order: Order) -> models.RunPipelineParameters:
    variables = {each.name for each in order.pipeline.parameters if each.is_variable}
    parameters = {each.name: each.text for each in order.arguments if each.name not in variables}
    if order.pipeline.marker:
        parameters[order.pipeline.marker] = order.marker
    place = {"refName": order.pipeline.ref, "version": order.commit}
    own = {name: value for name, value in place.items() if value}
    return models.RunPipelineParameters(
        resources={"repositories": {"self": own}} if own else {},
        template_parameters=parameters,
        variables={each.name: {"value": each.text} for each in order.arguments if each.name in variables},
        stages_to_skip=list(order.skipped),
    )
