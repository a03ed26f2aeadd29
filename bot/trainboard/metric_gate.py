"""The metric gate: whether runs of a pull request's head commit meet the targets of its experiments.

Only runs of that commit with a clean tree are evidence. Each target is judged by itself: its metric may
come from another run than that of the next, as where one job trains and another one evaluates.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from trainboard.experiment_view import ModelVersion
from trainboard.metrics import Judgement, Verdict, best_run, judge, value_of
from trainboard.pull_requests import GateState, PullRequest
from trainboard.read import TrackedItem
from trainboard.runs import Links, RunReport
from trainboard.targets import Target

GATE_NAME = "trainboard/metric-gate"

IN_USE = ("champion", "production", "prod")
"""Aliases of the model that people use, the first that is set counts."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A linked experiment: what it must reach, all its runs, and the models that they made."""

    item: TrackedItem
    targets: tuple[Target, ...] = ()
    runs: tuple[RunReport, ...] = ()
    models: tuple[ModelVersion, ...] = ()


class Baseline(msgspec.Struct, frozen=True):
    """What a result is compared with, and what it is: a model's version or another run."""

    value: float
    name: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A target on the head commit: `run` has the result; None for `run` or `baseline` where there is none."""

    judgement: Judgement
    run: RunReport | None = None
    baseline: Baseline | None = None


class ItemFindings(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate found for one experiment. `runs` and `going` count those of the head commit."""

    item: TrackedItem
    findings: tuple[Finding, ...] = ()
    runs: int = 0
    going: int = 0


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's word at `at` that a commit may pass although its targets are not met."""

    by: str
    reason: str
    at: datetime


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The gate's state, and why. `touched` is False where the pull request changes nothing of a model.

    With a `waiver` it is a success that the targets did not make.
    """

    state: GateState
    touched: bool
    items: tuple[ItemFindings, ...] = ()
    waiver: Waiver | None = None


def judge_gate(
    pull_request: PullRequest, linked: Sequence[Evidence], *, touched: bool, waiver: Waiver | None = None
) -> GateVerdict:
    """The gate on the head commit, for which `waiver` was given.

    Neutral without a target or where nothing of a model is touched; failure as soon as a target is not
    met; waiting while one has no result; success when all are met. What would fail or wait is waived.
    """
    items = tuple(_find(pull_request, evidence) for evidence in linked)
    verdicts = {finding.judgement.verdict for item in items for finding in item.findings}
    state = _state(verdicts, touched=touched)
    if waiver is not None and state in {"failure", "waiting"}:
        return GateVerdict(state="success", touched=touched, items=items, waiver=waiver)
    return GateVerdict(state=state, touched=touched, items=items)


def is_evidence(report: RunReport, pull_request: PullRequest) -> bool:
    """True for a run of the head commit whose tree is not known to be dirty.

    A run that names another repository is none.
    """
    return commit_of(report, pull_request.code) == pull_request.head


def commit_of(report: RunReport, code: str) -> str | None:
    """The commit of the repository that the run is evidence of; None if the tree is known to be dirty.

    None, too, where it names another repository.
    """
    links = report.links
    if not isinstance(links, Links) or links.commit is UNSET or links.dirty is True:
        return None
    repository = code.partition(":")[2].casefold()
    return links.commit if links.repo is UNSET or links.repo.casefold() == repository else None


def _state(verdicts: set[Verdict], *, touched: bool) -> GateState:
    if not verdicts or not touched:
        return "neutral"
    if Verdict.NOT_MET in verdicts:
        return "failure"
    return "waiting" if Verdict.UNKNOWN in verdicts else "success"


def _find(pull_request: PullRequest, evidence: Evidence) -> ItemFindings:
    mine = [report for report in evidence.runs if is_evidence(report, pull_request)]
    others = [report for report in evidence.runs if report not in mine]
    by_id = {report.run.id: report for report in mine}
    return ItemFindings(
        item=evidence.item,
        findings=tuple(
            Finding(
                judgement=judgement,
                run=by_id.get(judgement.run_id or ""),
                baseline=next(_baselines(judgement.target, evidence.models, others), None),
            )
            for judgement in judge(evidence.targets, mine)
        ),
        runs=len(mine),
        going=sum(not report.run.status.ended for report in mine),
    )


def _baselines(
    target: Target, models: Iterable[ModelVersion], others: Sequence[RunReport]
) -> Iterator[Baseline]:
    """What the result may be compared with, the model in use first, then the best run of other commits."""
    by_id = {report.run.id: report for report in others}
    for alias in IN_USE:
        for model in models:
            made = by_id.get(model.run_id or "") if alias in model.aliases else None
            value = value_of(made, target.metric, target.split) if made else None
            if value is not None:
                yield Baseline(value, f"{alias}, version {model.version}")
    if target.goal and (best := best_run(others, target.metric, target.goal, target.split)):
        yield Baseline(best[1], "best of other runs")
