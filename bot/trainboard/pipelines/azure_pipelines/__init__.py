"""Azure Pipelines: runs of the pipelines of an organisation, wherever their code lives."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

import msgspec
import structlog

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.locations import name_organization
from trainboard.diagnosis import Finding
from trainboard.errors import MissingError, PermanentError
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    PipelineRunEnded,
    ResultsReported,
)
from trainboard.pipelines import Told
from trainboard.pipelines.azure_pipelines.examination import examine
from trainboard.pipelines.azure_pipelines.results import read_results
from trainboard.pipelines.azure_pipelines.runs import (
    UNNAMED_STAGE,
    ApprovalJson,
    BuildJson,
    DeployedJson,
    Named,
    RecordJson,
    TimelineJson,
    judge_deployment,
    judge_run,
    judge_stage,
    latest,
)
from trainboard.pull_requests import (
    Approval,
    AwaitedApproval,
    Check,
    CheckState,
    Deployment,
    DeploymentState,
)
from trainboard.results import EndedRun, Results

REPORTER = "Azure Pipelines"
MOST_ENVIRONMENTS = 20
"""The environments of a project that are looked at for what a run deployed, in the order they are listed."""
_MOST_DEPLOYMENTS = 25

_OPEN = (DeploymentState.WAITING, DeploymentState.RUNNING)

_LETS_THROUGH = frozenset({"approved", "completed", "skipped"})

_log = structlog.get_logger(__name__)


class _Source(msgspec.Struct, frozen=True):
    """A run, the repository that it is of and the commit."""

    build: BuildJson
    code: str
    commit: str


class AzurePipelinesReader:
    """Runs of pipelines in an organisation of Azure DevOps.

    Args:
        organization: where they run; it is not closed here.
        codes: the repositories that matter; of a run of another one nothing more is read.
    """

    def __init__(self, *, organization: Organization, codes: Iterable[str]) -> None:
        self._organization = organization
        self._codes = {code.casefold(): code for code in codes}
        self._name = name_organization(organization.url)
        self.name = f"azure-pipelines:{self._name}"

    def read_run(self, project: str, run: int) -> Iterator[list[Told]]:
        """Two calls; once it ended, two for what its tests found, and up to three to name failed ones.

        Where it is not of a pull request, one more and one for each environment. To see tests takes a right
        of its own, and so does to see environments.
        """
        source = self._find_source(project, run)
        if source is None:
            return
        timeline = self._read_timeline(project, source.build)
        yield [CheckReported(check=check) for check in self._list_checks(source, timeline)]
        if source.build.status == "completed":
            yield [PipelineRunEnded(run=self._end(source, timeline))]
            yield list(self._list_results(project, source))
        if not source.build.is_of_pull_request:
            yield list(self._list_deployments(project, source))

    def read_approval(self, project: str, run: int, awaited: AwaitedApproval) -> list[Told]:
        """Two calls."""
        source = self._find_source(project, run)
        if source is None:
            return []
        call = Call(doing=f"read approval {awaited.ref} of run {run}", thing="the approval")
        found = self._organization.ask(
            call,
            lambda to: msgspec.convert(to.approvals.get_approval(project, awaited.ref), ApprovalJson),
        )
        return list(self._tell_approval(source, found, awaited))

    def examine(self) -> Iterator[Finding]:
        """Whether we may read; of projects whose code lives elsewhere it is not known which to look at."""
        projects: dict[str, str] = {}
        for code in self._codes.values():
            kind, _, path = code.partition(":")
            name, _, below = path.partition("/")
            if kind == "azure-repos" and name.casefold() == self._name:
                project = below.partition("/")[0]
                projects.setdefault(project.casefold(), project)
        yield from examine(self._organization, projects.values())

    def _find_source(self, project: str, run: int) -> _Source | None:
        """None where the repository does not matter, or the commit is not told."""
        call = Call(doing=f"read run {run} of a pipeline", thing="the run")
        build = self._organization.read(call, lambda to: to.build.get_build(project, run), BuildJson)
        code, commit = build.find_code(self._name), build.find_commit()
        is_ours = code is not None and code.casefold() in self._codes
        return _Source(build, code, commit) if code and commit and is_ours else None

    def _read_timeline(self, project: str, build: BuildJson) -> TimelineJson:
        """What the run does; a run that has not started, or that could not, does nothing."""
        if build.status == "notStarted":
            return TimelineJson()
        call = Call(doing=f"read the stages of run {build.id}", thing="its timeline")
        try:
            return self._organization.read(
                call, lambda to: to.build.get_build_timeline(project, build.id), TimelineJson
            )
        except MissingError:
            return TimelineJson()

    def _list_checks(self, source: _Source, timeline: TimelineJson) -> Iterator[Check]:
        stages = timeline.list_stages()
        states = [judge_stage(stage, timeline.list_checkpoints(stage)) for stage in stages]
        pipeline, build = source.build.definition, source.build
        whole = self._check(
            source,
            pipeline.name,
            judge_run(build, states),
            _time_of_run(build, timeline),
            max((stage.attempt for stage in stages), default=1),
        )
        yield msgspec.structs.replace(whole, series=f"{self.name}/{pipeline.id}")
        for stage, state in zip(stages, states, strict=True):
            if stage.name != UNNAMED_STAGE:
                at = _time_of_stage(stage, timeline, build)
                yield self._check(source, f"{pipeline.name} / {stage.name}", state, at, stage.attempt)

    def _check(self, source: _Source, name: str, state: CheckState, at: datetime, attempt: int) -> Check:
        return Check(
            code=source.code,
            commit=source.commit,
            name=name,
            state=state,
            at=at,
            run=source.build.id,
            attempt=attempt,
            suite=f"{self.name}#{source.build.id}",
            reporter=REPORTER,
            url=self._page_of(source.build),
        )

    def _end(self, source: _Source, timeline: TimelineJson) -> EndedRun:
        build = source.build
        return EndedRun(
            code=source.code,
            commit=source.commit,
            pipeline=f"{self.name}/{build.definition.id}",
            run=build.id,
            at=build.finish_time or build.queue_time,
            attempt=max((stage.attempt for stage in timeline.list_stages()), default=1),
            branch=build.branch,
            url=self._page_of(build),
            source=f"ado:{self._name}/{build.project.name}",
            ran=build.ran,
            pull_request=build.pull_request,
            by=(build.requested_for and build.requested_for.display_name) or "",
        )

    def _list_results(self, project: str, source: _Source) -> Iterator[Told]:
        """Nothing where there are none, or where we may not see them: then they are not known."""
        build = source.build
        try:
            found = read_results(self._organization, project, build)
        except PermanentError as error:
            _log.warning("cannot read the tests of a run", run=build.id, error=str(error))
            return
        if found.tests is None and found.coverage is None and not found.unread:
            return
        results = Results(
            code=source.code,
            commit=source.commit,
            pipeline=f"{self.name}/{build.definition.id}",
            run=build.id,
            at=build.finish_time or build.queue_time,
            branch=build.branch,
            url=self._page_of(build),
            tests=found.tests,
            coverage=found.coverage,
            unread=found.unread,
        )
        yield ResultsReported(results=results)

    def _list_deployments(self, project: str, source: _Source) -> Iterator[Told]:
        for environment in self._list_environments(project):
            jobs = self._list_deployed(project, environment, source.build)
            jobs.sort(key=_stage_and_attempt)
            for (stage, attempt), of_stage in groupby(jobs, key=_stage_and_attempt):
                place = AwaitedApproval(ref="", stage=stage, attempt=attempt, environment=environment.name)
                yield self._tell_deployed(source, place, list(of_stage))

    def _list_environments(self, project: str) -> list[Named]:
        call = Call(doing=f"list the environments of project {project}")
        found = self._organization.read(
            call, lambda to: to.task_agent.get_environments(project, top=MOST_ENVIRONMENTS), Many[Named]
        )
        return found.value[:MOST_ENVIRONMENTS]

    def _list_deployed(self, project: str, environment: Named, build: BuildJson) -> list[DeployedJson]:
        call = Call(doing=f"list what was deployed to {environment.name}")
        found = self._organization.read(
            call,
            lambda to: to.task_agent.get_environment_deployment_execution_records(
                project, environment.id, top=_MOST_DEPLOYMENTS
            ),
            Many[DeployedJson],
        )
        return [each for each in found.value if str(each.owner.id) == str(build.id)]

    def _tell_deployed(self, source: _Source, place: AwaitedApproval, jobs: list[DeployedJson]) -> Told:
        state = judge_deployment(jobs)
        ended = latest(*(job.finish_time for job in jobs)) if state not in _OPEN else None
        begun = latest(*(job.start_time or job.queue_time for job in jobs))
        return self._tell_deployment(source, place, state, ended or begun or source.build.queue_time)

    def _tell_deployment(
        self, source: _Source, place: AwaitedApproval, state: DeploymentState, at: datetime
    ) -> DeploymentReported:
        """A deployment is known by its run, its stage with the attempt, and where it goes."""
        deployment = Deployment(
            code=source.code,
            ref=f"{source.build.id}/{place.stage}/{place.attempt}/{place.environment}",
            environment=place.environment,
            state=state,
            at=at,
            commit=source.commit,
            url=self._page_of(source.build),
        )
        return DeploymentReported(deployment=deployment)

    def _tell_approval(
        self, source: _Source, found: ApprovalJson, awaited: AwaitedApproval
    ) -> Iterator[Told]:
        state, at = found.state, found.last_modified_on or found.created_on
        approval = Approval(
            code=source.code,
            ref=found.id,
            state=state,
            at=at,
            run=str(source.build.id),
            environment=awaited.environment,
            commit=source.commit,
            approvers=found.approvers,
            by=found.answerer,
            url=self._page_of(source.build),
            desk=self.name,
            project=str(source.build.project.id),
        )
        yield ApprovalReported(approval=approval)
        if awaited.environment and state == "pending":
            yield self._tell_deployment(source, awaited, DeploymentState.WAITING, found.created_on)
        elif awaited.environment and found.status not in _LETS_THROUGH:
            yield self._tell_deployment(source, awaited, DeploymentState.CANCELLED, at)

    def _page_of(self, build: BuildJson) -> str:
        project = quote(build.project.name, safe="")
        return f"{self._organization.url}/{project}/_build/results?buildId={build.id}"


def _stage_and_attempt(job: DeployedJson) -> tuple[str, int]:
    return job.stage_name or "", job.stage_attempt or 1


def _time_of_run(build: BuildJson, timeline: TimelineJson) -> datetime:
    """When what is told of the run came to be.

    A run waits and runs in turns without a time of its own for it: then anything that changed in it counts.
    """
    if build.status == "completed":
        return build.finish_time or build.queue_time
    is_guarded = any(timeline.list_checkpoints(stage) for stage in timeline.list_stages())
    return (timeline.last_changed_on if is_guarded else build.start_time) or build.queue_time


def _time_of_stage(stage: RecordJson, timeline: TimelineJson, build: BuildJson) -> datetime:
    if stage.state == "completed" and stage.finish_time:
        return stage.finish_time
    is_guarded = bool(timeline.list_checkpoints(stage))
    return (timeline.last_changed_on if is_guarded else stage.start_time) or build.queue_time
