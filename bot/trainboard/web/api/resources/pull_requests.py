"""Pull requests, and how they stand: checks, gate, deployments, approvals, tests."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from werkzeug.exceptions import NotFound

from trainboard.policy import Project as KnownProject
from trainboard.pull_request_view import PullRequestView
from trainboard.pull_requests import Check, CheckState, GateState, PullRequest
from trainboard.result_files import Coverage, Tally
from trainboard.results import Numbers
from trainboard.runs import Time
from trainboard.store import pull_request_status, pull_requests
from trainboard.views.pull_requests import view_of
from trainboard.web.api.asking import Name, Number, Project
from trainboard.web.api.operations import operation
from trainboard.web.api.paging import Paged, RowNumber, make_cursor, read_cursor
from trainboard.web.api.resources.deployments import ApprovalLine, approval_of
from trainboard.web.site import Site

PullRequestState = Literal["open", "merged", "closed"]


class PullRequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request as it stood `at`; `head` is its commit, `merged_as` the one that it became in `base`."""

    number: int
    title: str
    state: PullRequestState
    draft: bool
    author: str | None
    branch: str
    base: str
    head: str
    merged_as: str | None
    merged_at: Time | None
    at: Time
    url: str


class PullRequestList(msgspec.Struct, frozen=True, kw_only=True):
    """Pull requests of the project's repository, the highest number first.

    `code` is null where the project has no repository, and then there are none. `next` is the cursor to the
    lower numbers, null at the end.
    """

    project: str
    code: str | None
    pull_requests: tuple[PullRequestLine, ...]
    next: str | None


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a check, a status, a build or a stage says of the commit; `suite` is what it belongs to."""

    name: str
    suite: str
    state: CheckState
    at: Time
    url: str | None


class CheckedTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A target of a work item, judged by the runs of the commit, and which run was the best of them."""

    text: str
    verdict: str
    best: float | None
    run: str | None


class GateItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item that the pull request belongs to, with its targets; `runs` are those of the commit."""

    tracker: str
    ref: str
    experiment: str
    runs: int
    going: int
    targets: tuple[CheckedTarget, ...]


class GateWaiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who let it through, and why."""

    by: str
    reason: str
    at: Time


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """The metric gate's verdict. `touched` tells whether the change touches what models are made of."""

    state: GateState
    touched: bool
    items: tuple[GateItem, ...]
    waiver: GateWaiver | None


class PullRequestDeployment(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment of one of its commits, or of a later one that it came along with."""

    ref: str
    environment: str
    state: str
    commit: str | None
    at: Time
    url: str | None


class TestNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """What the tests of the head commit found and covered.

    `coverage_percent` is from 0 to 100, `coverage_change` in percent points; null is not known.
    """

    passed: int | None
    failed: int | None
    errors: int | None
    skipped: int | None
    seconds: float | None
    coverage_percent: float | None
    coverage_change: float | None


class LinkedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item that it belongs to, and by whose word."""

    tracker: str
    ref: str
    source: str


class PullRequestDetails(PullRequestLine, frozen=True, kw_only=True):
    """A pull request with its status, as its comment shows it.

    `checks` are those of the head, `later_checks` those of the commit that it became.
    """

    project: str
    code: str
    checks: tuple[CheckLine, ...]
    later_checks: tuple[CheckLine, ...]
    gate: Gate
    deployments: tuple[PullRequestDeployment, ...]
    approvals: tuple[ApprovalLine, ...]
    tests: TestNumbers
    items: tuple[LinkedItem, ...]


class PullRequestsAsked(Paged, frozen=True, kw_only=True):
    """Which pull requests."""

    project: Name | None = None
    state: Annotated[PullRequestState, Meta(description="How it stands; without it any.")] | None = None


class PullRequestAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which pull request."""

    project: Project
    number: Annotated[Number, Meta(description="Its number in the repository.")]


@operation("/api/v1/pull-requests", scope="code:read", group="Pull requests")
def list_pull_requests(site: Site, asked: PullRequestsAsked) -> PullRequestList:
    """The pull requests of a project's repository."""
    project = site.choose_project(asked.project)
    before = read_cursor(asked, RowNumber)
    found = []
    if project.code is not None:
        with site.database.read() as connection:
            found = list(
                pull_requests.list_page(connection, project.code, asked.state or "", before, asked.limit + 1)
            )
    shown = found[: asked.limit]
    return PullRequestList(
        project=project.name,
        code=project.code,
        pull_requests=tuple(PullRequestLine(**_members(each)) for each in shown),
        next=make_cursor(asked, shown[-1].number) if len(found) > len(shown) else None,
    )


@operation("/api/v1/pull-requests/{project}/{number}", scope="code:read", group="Pull requests")
def get_pull_request(site: Site, asked: PullRequestAsked) -> PullRequestDetails:
    """One pull request and its status: checks, gate, deployments, approvals, tests, work items."""
    project = site.get_project(asked.project)
    view = _find_view(site, project, asked.number)
    if view is None:
        raise NotFound(f"No pull request of that number is known of {project.name}.")
    return PullRequestDetails(
        **_members(view.pull_request),
        project=project.name,
        code=view.pull_request.code,
        checks=tuple(map(_check, view.checks)),
        later_checks=tuple(map(_check, view.later_checks)),
        gate=_gate(view),
        deployments=tuple(
            PullRequestDeployment(
                ref=each.ref,
                environment=each.environment,
                state=each.state,
                commit=each.commit,
                at=each.at,
                url=each.url or None,
            )
            for each in view.deployments
        ),
        approvals=tuple(map(approval_of, view.approvals)),
        tests=_tests(view.numbers),
        items=tuple(
            LinkedItem(tracker=each.tracker, ref=each.ref, source=each.source.value) for each in view.links
        ),
    )


def _find_view(site: Site, project: KnownProject, number: int) -> PullRequestView | None:
    if project.code is None:
        return None
    with site.database.read() as connection:
        known = pull_requests.find(connection, project.code, number)
        if known is None:
            return None
        paths = pull_request_status.get(connection, project.code, number).paths
        return view_of(connection, known, paths, site.clock(), project)


def _members(told: PullRequest) -> dict[str, Any]:
    return {
        "number": told.number,
        "title": told.title,
        "state": told.state,
        "draft": told.draft,
        "author": told.author or None,
        "branch": told.branch,
        "base": told.base,
        "head": told.head,
        "merged_as": told.merged_as,
        "merged_at": told.merged_at,
        "at": told.at,
        "url": told.url,
    }


def _check(check: Check) -> CheckLine:
    return CheckLine(
        name=check.name, suite=check.suite, state=check.state, at=check.at, url=check.url or None
    )


def _gate(view: PullRequestView) -> Gate:
    verdict = view.verdict
    waiver = verdict.waiver
    return Gate(
        state=verdict.state,
        touched=verdict.touched,
        items=tuple(
            GateItem(
                tracker=each.item.tracker,
                ref=each.item.ref,
                experiment=each.item.experiment,
                runs=each.runs,
                going=each.going,
                targets=tuple(
                    CheckedTarget(
                        text=str(found.judgement.target),
                        verdict=found.judgement.verdict.value,
                        best=found.judgement.best,
                        run=found.judgement.run_id,
                    )
                    for found in each.findings
                ),
            )
            for each in verdict.items
        ),
        waiver=GateWaiver(by=waiver.by, reason=waiver.reason, at=waiver.at) if waiver else None,
    )


def _tests(numbers: Numbers) -> TestNumbers:
    tests: Tally | None = numbers.tests
    coverage: Coverage | None = numbers.coverage
    return TestNumbers(
        passed=tests.passed if tests else None,
        failed=tests.failed if tests else None,
        errors=tests.errors if tests else None,
        skipped=tests.skipped if tests else None,
        seconds=tests.seconds if tests else None,
        coverage_percent=coverage.percent if coverage else None,
        coverage_change=numbers.change,
    )
