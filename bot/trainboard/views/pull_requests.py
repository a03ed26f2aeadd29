"""What our rows know of a pull request, for its own page and for those of its work items."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trainboard.changed_paths import ChangedPaths
from trainboard.experiment_view import LinkedPullRequest
from trainboard.item_links import Link, LinkSource
from trainboard.metric_gate import Evidence, judge_gate
from trainboard.policy import Project
from trainboard.pull_request_view import PullRequestView
from trainboard.pull_requests import Approval, Check, Deployment, PullRequest, tell_silent
from trainboard.results import Numbers, add_up
from trainboard.store import (
    approvals,
    contained_commits,
    item_links,
    items,
    merge_queues,
    notebook_reviews,
    pull_requests,
    refactorings,
    results,
    runs,
    triggers,
    waivers,
)
from trainboard.targets import Target

MOST_LINKED = 20


def view_of(
    connection: Connection, pull_request: PullRequest, paths: ChangedPaths, now: datetime, project: Project
) -> PullRequestView:
    """All that is known of it now, and the verdict on its head commit."""
    code, number = pull_request.code, pull_request.number
    notebooks = tuple(notebook_reviews.list_of(connection, code, number))
    looked_at = [each.notebook.path for each in notebooks]
    linked = item_links.list_links(connection, code, number)
    evidence = list(_list_evidence(connection, linked))
    waiver = waivers.find(connection, pull_request)
    awaited = _list_approvals(connection, pull_request, now)
    checks, suites = _list_checks(connection, pull_request.code, pull_request.head, now)
    later = None if pull_request.merged_as == pull_request.head else pull_request.merged_as
    later_checks, later_suites = _list_checks(connection, pull_request.code, later, now)
    return PullRequestView(
        pull_request=pull_request,
        verdict=judge_gate(pull_request, evidence, touched=paths.touches_model, waiver=waiver),
        links=linked,
        paths=paths,
        checks=checks,
        later_checks=later_checks,
        queued_checks=_list_queued(connection, pull_request, now),
        suites=later_suites if later else suites,
        deployments=_list_deployments(connection, pull_request, now),
        approvals=awaited,
        decisions=tuple(
            approvals.list_decisions(connection, pull_request.code, [each.ref for each in awaited])
        ),
        numbers=_add_up(connection, pull_request),
        triggers=tuple(triggers.list_of_origin(connection, code, str(number))),
        notebooks=notebooks,
        refactorings=tuple(refactorings.list_of(connection, project.name, code, looked_at)),
        long_outside=project.refactor_above,
    )


def list_linked(
    connection: Connection, tracker: str, ref: str, now: datetime
) -> tuple[LinkedPullRequest, ...]:
    """The pull requests of a work item with what is said of their commits, open ones and late ones first."""
    found = pull_requests.list_of_item(connection, tracker, ref)
    wanted = sorted(found, key=lambda each: (each.state == "open", each.at), reverse=True)[:MOST_LINKED]
    return tuple(
        LinkedPullRequest(
            pull_request=each,
            checks=_list_checks(connection, each.code, each.head, now)[0],
            deployments=_list_deployments(connection, each, now),
            approvals=_list_approvals(connection, each, now),
            numbers=_add_up(connection, each),
            undone_by=item_links.find_undoing(connection, each.code, each.number),
        )
        for each in wanted
    )


def _list_evidence(connection: Connection, linked: Iterable[Link]) -> Iterator[Evidence]:
    """Nobody has to train anew to undo a merge: what only that merge belongs to sets no target."""
    for link in linked:
        known = items.find_by_ref(connection, link.tracker, link.ref)
        if known is None or known.item.state == items.GONE:
            continue
        project = known.item.project
        reports, _ = runs.list_reports(connection, project, known.item.experiment, known.sprints)
        yield Evidence(
            item=known.item,
            targets=() if link.source is LinkSource.REVERT else _targets(known),
            runs=reports,
            models=runs.list_models(connection, project, [report.run.id for report in reports]),
        )


def _targets(known: items.KnownItem) -> tuple[Target, ...]:
    """What the metrics themselves must reach: improvements as they were reckoned when the item was shown."""
    return tuple(judgement.wanted or judgement.target for judgement in known.judgements)


def _list_checks(
    connection: Connection, code: str, commit: str | None, now: datetime
) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """Those of the commit; apart, what speaks for a whole suite whose checks speak for themselves."""
    found = pull_requests.list_checks(connection, code, commit) if commit else ()
    told = [tell_silent(check, now) for check in found]
    speaking = {check.suite for check in told if not check.series}
    suites = tuple(check for check in told if check.series and check.suite in speaking)
    return tuple(check for check in told if check not in suites), suites


def _list_queued(connection: Connection, told: PullRequest, now: datetime) -> tuple[Check, ...]:
    """Those of the latest try in a merge queue; once it is merged, that commit speaks for itself."""
    commit = merge_queues.find_latest(connection, told.code, told.number) if told.state == "open" else None
    return _list_checks(connection, told.code, commit, now)[0] if commit not in _commits(told) else ()


def _list_deployments(connection: Connection, told: PullRequest, now: datetime) -> tuple[Deployment, ...]:
    later = contained_commits.list_containing(connection, told.code, told.merged_as) if told.merged_as else ()
    return tuple(
        tell_silent(each, now)
        for commit in dict.fromkeys([*_commits(told), *later])
        for each in pull_requests.list_deployments(connection, told.code, commit)
    )


def _list_approvals(connection: Connection, told: PullRequest, now: datetime) -> tuple[Approval, ...]:
    return tuple(
        each
        for commit in _commits(told)
        for each in approvals.list_of_commit(connection, told.code, commit, now)
    )


def _add_up(connection: Connection, told: PullRequest) -> Numbers:
    """Those of the head commit, compared with what the same pipelines last found of the target branch."""
    found = results.list_of_commit(connection, told.code, told.head)
    pipelines = [each.pipeline for each in found if each.coverage is not None]
    base = results.list_latest(connection, told.code, told.base, pipelines) if pipelines else ()
    return add_up(found, base)


def _commits(told: PullRequest) -> Sequence[str]:
    return list(dict.fromkeys(filter(None, (told.head, told.merged_as))))
