"""What happens to an experiment seldom enough that people are told of it in a comment."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile

import msgspec

from trainboard.experiment_view import ExperimentView
from trainboard.metrics import Verdict
from trainboard.plans import CONCLUDED
from trainboard.pull_requests import DeploymentState
from trainboard.runs import Group, RunReport, RunStatus, group_sweeps, list_working
from trainboard.spending import ALL, NEARLY, LimitUse

FAILURES = 3
"""So many runs that fail one after the other are news."""
_LASTING = ("sweep:", "version:", "place:")
"""What was once so is not told again; of the others, whenever it is so again."""


class _Milestone(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="what"):
    pass


class NamedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as people know it; `url` is empty where it has no address."""

    name: str
    url: str = ""


class TargetMet(_Milestone, frozen=True, kw_only=True):
    """A run, or several with one configuration, reached a target. `target` is as people wrote it.

    That a guard-rail holds is what people expect: it is known, and not told.
    """

    target: str
    value: float
    run: NamedRun
    is_guard_rail: bool = False

    @property
    def key(self) -> str:
        """What holds while it is so."""
        return f"met:{self.target}"


class TargetLost(_Milestone, frozen=True, kw_only=True):
    """A target that was met is not met any more. `value` is the best one, None where there is none."""

    target: str
    value: float | None
    is_guard_rail: bool = False


class RunsFailed(_Milestone, frozen=True, kw_only=True):
    """The last three runs that ended failed, `run` as the last of them. `reason` is empty if it gave none."""

    run: NamedRun
    reason: str

    @property
    def key(self) -> str:
        """What holds while it is so."""
        return "failing"


class SweepEnded(_Milestone, frozen=True, kw_only=True):
    """All runs of a sweep ended."""

    sweep: str
    name: NamedRun
    runs: int
    failed: int

    @property
    def key(self) -> str:
        """What holds from then on."""
        return f"sweep:{self.sweep}"


class BudgetUsed(_Milestone, frozen=True, kw_only=True):
    """80 percent of a limit are used, or all of it. `level` is one of both, `percent` what is used."""

    limit: str
    level: int
    percent: int

    @property
    def key(self) -> str:
        """What holds while it is so."""
        return f"budget:{self.level}:{self.limit}"


class VersionRegistered(_Milestone, frozen=True, kw_only=True):
    """A run made a version of a model."""

    model: str
    version: str
    run: NamedRun | None

    @property
    def key(self) -> str:
        """What holds from then on."""
        return f"version:{self.model}/{self.version}"


class VersionPlaced(_Milestone, frozen=True, kw_only=True):
    """A version came to an alias or an endpoint, `place`; people rely on one that `is_production`."""

    model: str
    version: str
    place: str
    is_production: bool
    url: str = ""

    @property
    def key(self) -> str:
        """What holds from then on."""
        return f"place:{self.model}/{self.version}/{self.place}"


class ExperimentEnded(_Milestone, frozen=True, kw_only=True):
    """A rule of the plan ended the experiment, with a result or without one."""

    rule: str
    has_result: bool

    @property
    def key(self) -> str:
        """What holds until somebody takes it back."""
        return f"ended:{self.rule}"


Holding = (
    TargetMet | RunsFailed | SweepEnded | BudgetUsed | VersionRegistered | VersionPlaced | ExperimentEnded
)
Milestone = Holding | TargetLost


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told, and the keys of what is known from then on."""

    told: tuple[Milestone, ...]
    known: frozenset[str]


def find_news(view: ExperimentView, known: Collection[str]) -> News:
    """What of the view is news beside the keys of what is known."""
    holding = list(_list_holding(view))
    lasting = (key for key in known if key.startswith(_LASTING))
    news = (each for each in holding if each.key not in known)
    return News(
        told=(*_list_lost(view, known), *(each for each in news if not _is_expected(each))),
        known=frozenset((*lasting, *(each.key for each in holding))),
    )


def _is_expected(milestone: Holding) -> bool:
    return isinstance(milestone, TargetMet) and milestone.is_guard_rail


def _list_lost(view: ExperimentView, known: Collection[str]) -> Iterator[TargetLost]:
    """Those that people took away or made another are not lost."""
    for judgement in view.judgements:
        target = judgement.target
        if judgement.verdict is Verdict.NOT_MET and f"met:{target}" in known:
            yield TargetLost(target=str(target), value=judgement.best, is_guard_rail=target.is_guard_rail)


def _list_holding(view: ExperimentView) -> Iterator[Holding]:
    runs = {report.run.id: report for report in view.runs}
    for judgement in view.judgements:
        if judgement.verdict is Verdict.MET and judgement.best is not None:
            reached = _name(runs.get(judgement.run_id or ""), judgement.run_id or "")
            yield TargetMet(
                target=str(judgement.target),
                value=judgement.best,
                run=reached,
                is_guard_rail=judgement.target.is_guard_rail,
            )
    yield from _list_failed(list_working(view.runs))
    yield from _list_sweeps(view.runs)
    yield from _list_used(view.usage)
    for model in view.models:
        made_by = runs.get(model.run_id or "")
        yield VersionRegistered(
            model=model.name,
            version=model.version or "",
            run=_name(made_by, model.run_id or "") if made_by else None,
        )
        for place, step in model.places:
            if step.state is DeploymentState.SUCCEEDED:
                yield VersionPlaced(
                    model=model.name,
                    version=model.version or "",
                    place=place.name,
                    is_production=place.is_production,
                    url=step.deployment.url,
                )
    if view.conclusion is not None and not view.conclusion.by:
        yield ExperimentEnded(rule=view.conclusion.reason, has_result=view.conclusion.value == CONCLUDED)


def _list_failed(reports: Iterable[RunReport]) -> Iterator[RunsFailed]:
    """Runs that somebody stopped say nothing."""
    ended = [
        (report.run.ended_at, report)
        for report in reports
        if report.run.status in {RunStatus.FINISHED, RunStatus.FAILED}
        and isinstance(report.run.ended_at, datetime)
    ]
    latest = [report for _, report in sorted(ended, key=lambda each: each[0], reverse=True)]
    failed = list(takewhile(lambda report: report.run.status is RunStatus.FAILED, latest))
    if len(failed) >= FAILURES:
        error = failed[0].run.error
        reason = " ".join(filter(None, (error.type or "", error.message or ""))) if error else ""
        yield RunsFailed(run=_name(failed[0], failed[0].run.id), reason=reason)


def _list_sweeps(reports: Sequence[RunReport]) -> Iterator[SweepEnded]:
    """Those of which it is known how many runs they have, or whose own run ended."""
    parents = {(report.source, report.run.id): report for report in reports}
    for (source, sweep), children in group_sweeps(reports).items():
        parent = parents.get((source, sweep))
        if _has_ended(children, parent):
            yield SweepEnded(
                sweep=f"{source}/{sweep}",
                name=_name(parent, _name_sweep(children) or sweep),
                runs=len(children),
                failed=sum(child.run.status is RunStatus.FAILED for child in children),
            )


def _has_ended(children: Sequence[RunReport], parent: RunReport | None) -> bool:
    if not all(child.run.status.ended for child in children):
        return False
    if parent is not None and parent.run.status.ended:
        return True
    planned = [group.planned for child in children if isinstance(group := child.run.group, Group)]
    known = [each for each in planned if isinstance(each, int)]
    return bool(known) and len(children) >= max(known)


def _name_sweep(children: Iterable[RunReport]) -> str:
    groups = (child.run.group for child in children)
    return next((group.name for group in groups if isinstance(group, Group) and group.name), "")


def _list_used(usage: Iterable[LimitUse]) -> Iterator[BudgetUsed]:
    """All of a limit tells of itself alone, not also of the most of it."""
    for use in usage:
        if use.percent is not None and use.is_near:
            level = ALL if use.is_used_up else NEARLY
            yield BudgetUsed(limit=str(use.limit), level=level, percent=use.percent)


def _name(report: RunReport | None, otherwise: str) -> NamedRun:
    if report is None:
        return NamedRun(name=otherwise)
    return NamedRun(name=report.run.name or report.run.id, url=report.run.url or "")
