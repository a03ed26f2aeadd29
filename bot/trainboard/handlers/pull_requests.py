"""A pull request changed, or something was said of its commit: note it, and show it where people look.

That is on the pull request itself, and on the work items of ours that it belongs to.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import get_args

from trainboard.effects import (
    Effect,
    EnsureExperimentItem,
    EnsurePullRequestStatus,
    EnsureRefactoring,
    FindContained,
)
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    PullRequestChanged,
    ResultsReported,
    RunReported,
    SilenceDue,
)
from trainboard.facts import (
    Fact,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordResults,
    RecordWaiver,
)
from trainboard.linking import find_refs, name_board
from trainboard.policy import Project
from trainboard.pull_requests import Deployment, DeploymentState, PullRequest, is_own_check
from trainboard.read import Read
from trainboard.refactoring import Refactoring
from trainboard.runs import Links

Told = (
    PullRequestChanged
    | CheckReported
    | DeploymentReported
    | ApprovalReported
    | ResultsReported
    | RunReported
    | SilenceDue
)

HANDLES = get_args(Told)


def react(event: Told, read: Read) -> Iterator[Fact | Effect]:
    """What was said as a fact; the pull requests that it is about, and their work items, shown anew.

    Nothing where no project has its code in that repository.
    """
    match event:
        case PullRequestChanged():
            yield from _pull_request(event.pull_request, read)
        case CheckReported(check=check):
            if not is_own_check(check.name):
                yield from _said(RecordCheck(check=check), check.commit, read, on_items=check.state.ended)
        case DeploymentReported(deployment=deployment):
            replaced = list(_replaced(deployment, read))
            yield from _said(RecordDeployment(deployment=deployment), deployment.commit, read)
            yield from replaced
            if deployment.state is DeploymentState.SUCCEEDED:
                yield from _contained(deployment.code, filter(None, [deployment.commit]), read)
        case ApprovalReported() | ResultsReported():
            yield from _noted(event, read)
        case RunReported():
            yield from _run(event, read)
        case _:
            for pull_request, since in read.list_silent_pull_requests():
                yield from _silent(pull_request, since, read)
            for code in sorted({project.code for project in read.list_projects() if project.code}):
                yield from _contained(code, read.list_deployed(code), read)


def note_waiver(fact: RecordWaiver, read: Read) -> Iterator[Fact | Effect]:
    """The fact, and the pull request shown anew; nothing where no project has its code there."""
    projects = read.list_projects_of_code(fact.code)
    if projects:
        yield fact
        yield show_status(fact.code, fact.number, projects)


def _noted(event: ApprovalReported | ResultsReported, read: Read) -> Iterator[Fact | Effect]:
    match event:
        case ApprovalReported(approval=approval):
            yield from _said(RecordApproval(approval=approval), approval.commit, read)
        case ResultsReported(results=results):
            yield from _said(RecordResults(results=results), results.commit, read)


def _pull_request(pull_request: PullRequest, read: Read) -> Iterator[Fact | Effect]:
    projects = read.list_projects_of_code(pull_request.code)
    if not projects:
        return
    yield RecordPullRequest(pull_request=pull_request)
    before = read.list_links(pull_request.code, pull_request.number)
    links = list(_links(pull_request, projects))
    yield from links
    yield _status(pull_request, projects)
    if pull_request.state == "merged":
        yield from _contained(pull_request.code, read.list_deployed(pull_request.code), read)
    named = ((link.tracker, ref) for link in links for ref in link.refs)
    after = read.list_links(pull_request.code, pull_request.number)
    yield from show_items(chain(before, named, after), read)
    if pull_request.reverts is not None:
        yield from show_items(read.list_links(pull_request.code, pull_request.reverts), read)


def _links(pull_request: PullRequest, projects: Iterable[Project]) -> Iterator[RecordLinks]:
    for tracker in dict.fromkeys(project.tracker for project in projects):
        yield RecordLinks(
            code=pull_request.code,
            number=pull_request.number,
            tracker=name_board(tracker),
            refs=find_refs(pull_request, tracker),
            at=pull_request.at,
        )


def _said(
    fact: RecordCheck | RecordDeployment | RecordApproval | RecordResults,
    commit: str | None,
    read: Read,
    *,
    on_items: bool = True,
) -> Iterator[Fact | Effect]:
    """The fact, and all that shows it; work items do not follow every step of a check."""
    code = _code_of(fact)
    projects = read.list_projects_of_code(code)
    if not projects:
        return
    yield fact
    if commit:
        of_commit = isinstance(fact, RecordCheck)
        listed = read.list_pull_requests_of_commit if of_commit else read.list_pull_requests_within
        yield from _shown(listed(code, commit), projects, read, on_items=on_items)


def _shown(
    pull_requests: Iterable[PullRequest], projects: Iterable[Project], read: Read, *, on_items: bool = True
) -> Iterator[Effect]:
    for pull_request in pull_requests:
        yield _status(pull_request, projects)
        if on_items:
            yield from show_items(read.list_links(pull_request.code, pull_request.number), read)


def _replaced(deployment: Deployment, read: Read) -> Iterator[Effect]:
    """What stood in the environment stands there no longer, if this one succeeded."""
    projects = read.list_projects_of_code(deployment.code)
    before = read.find_deployed(deployment.code, deployment.environment) if projects else None
    is_news = deployment.state is DeploymentState.SUCCEEDED and before != deployment.commit
    if before is not None and is_news:
        yield from _shown(read.list_pull_requests_within(deployment.code, before), projects, read)


def _contained(code: str, deployed: Iterable[str], read: Read) -> Iterator[Effect]:
    """A commit that is deployed may bring along what was merged before it."""
    for project in islice(read.list_projects_of_code(code), 1):
        for commit in deployed:
            yield FindContained(project=project.name, code=code, within=commit)


def _code_of(fact: RecordCheck | RecordDeployment | RecordApproval | RecordResults) -> str:
    match fact:
        case RecordCheck():
            return fact.check.code
        case RecordDeployment():
            return fact.deployment.code
        case RecordResults():
            return fact.results.code
        case _:
            return fact.approval.code


def _run(event: RunReported, read: Read) -> Iterator[Effect]:
    """A run of an open pull request's head commit is evidence for its metric gate.

    One of a former head may link its experiment still.
    """
    door, links = read.find_door(event.door), event.report.links
    if door is None or not isinstance(links, Links) or not isinstance(links.commit, str):
        return
    code = read.get_project(door.project).code
    if code is None:
        return
    for pull_request in read.list_pull_requests_that_were_at(code, links.commit):
        if pull_request.state == "open":
            yield _status(pull_request, read.list_projects_of_code(code))
            yield from show_items(read.list_links(code, pull_request.number), read)


def _silent(pull_request: PullRequest, since: datetime, read: Read) -> Iterator[Effect]:
    """Say so once, unless something else made it be said."""
    projects = read.list_projects_of_code(pull_request.code)
    if projects and not read.was_asked_for(_status(pull_request, projects).key, since):
        yield _status(pull_request, projects)
        yield from show_items(read.list_links(pull_request.code, pull_request.number), read)


def _status(pull_request: PullRequest, projects: Iterable[Project]) -> Effect:
    return show_status(pull_request.code, pull_request.number, projects)


def show_status(code: str, number: int, projects: Iterable[Project]) -> Effect:
    """One for each pull request, also where several projects share its repository."""
    return EnsurePullRequestStatus(project=next(iter(projects)).name, code=code, pull_request=number)


def show_items(links: Iterable[tuple[str, str]], read: Read) -> Iterator[Effect]:
    """Those of ours among the work items, by tracker and ref, that still stand."""
    for tracker, ref in dict.fromkeys(links):
        item = read.find_item_by_ref(tracker, ref)
        if item is not None and item.state != "gone":
            yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
        refactoring = read.find_refactoring_by_ref(tracker, ref)
        if refactoring is not None and refactoring.state != "gone":
            yield show_refactoring(refactoring)


def show_refactoring(refactoring: Refactoring) -> Effect:
    """The work item of a notebook."""
    return EnsureRefactoring(project=refactoring.project, code=refactoring.code, path=refactoring.path)
