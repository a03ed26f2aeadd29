"""Experiments: their work items, targets, budgets, models, and every run."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, UnsetType
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from trainboard.experiment_view import ModelVersion
from trainboard.metrics import Judgement
from trainboard.policy import Project
from trainboard.runs import Metric, RunFailure, RunReport, Time
from trainboard.spending import LimitUse
from trainboard.store import alert_lineages, board, items, model_lineage, plan_words, pull_requests, runs
from trainboard.store.board import Card, ExperimentFilter
from trainboard.store.runs import KnownRun
from trainboard.web.api.asking import Name, Number
from trainboard.web.api.operations import operation
from trainboard.web.api.paging import Paged, RowNumber, make_cursor, read_cursor
from trainboard.web.api.resources.board import BoardItem, ItemState, item_of
from trainboard.web.site import Site

MOST_MODELS = 50

ExperimentNumber = Annotated[Number, Meta(description="Our number of the experiment's work item.")]


class ExperimentLine(BoardItem, frozen=True, kw_only=True):
    """An experiment's work item, with the numbers of all sprints that it was in."""

    project: str
    tracker: str
    title: str
    sprints: tuple[int, ...]


class ExperimentList(msgspec.Struct, frozen=True, kw_only=True):
    """Experiments, those made last first; `next` is the cursor to the earlier ones, null at the end."""

    project: str
    experiments: tuple[ExperimentLine, ...]
    next: str | None


class TargetJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """A target and its verdict: `met`, `not met` or `unknown`.

    `best` is the value that it was judged by, the mean over `count` runs with the error `stderr`, of the run
    `run`; null where no finished run has one. `reason` says why it is not known.
    """

    text: str
    metric: str
    verdict: str
    best: float | None
    stderr: float | None
    count: int
    run: str | None
    reason: str


class BudgetUse(msgspec.Struct, frozen=True, kw_only=True):
    """A limit, and how much of it is used: runs, GPU hours or money as text, which is exact.

    `day` is that of `until`. `used` is null where no run tells, `untold` counts runs that do not.
    """

    text: str
    kind: Literal["runs", "gpu_hours", "cost", "until"]
    amount: str
    currency: str | None
    day: date | None
    used: str | None
    percent: int | None
    untold: int


class ModelDeployment(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment of the commit that made a model version."""

    ref: str
    environment: str
    state: str
    at: Time


class ModelLineage(msgspec.Struct, frozen=True, kw_only=True):
    """A model version, the aliases that point at it, the run that made it, and where its commit went."""

    name: str
    version: str | None
    aliases: tuple[str, ...]
    run: str | None
    deployments: tuple[ModelDeployment, ...]


class LinkedPullRequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request that belongs to the work item."""

    code: str
    number: int
    title: str
    state: Literal["open", "merged", "closed"]
    url: str


class LinkedBug(msgspec.Struct, frozen=True, kw_only=True):
    """A bug of an alert about a model of the experiment; `closed_at` is null while it is open."""

    ref: str
    title: str
    url: str
    model: str
    version: str
    began_at: Time
    closed_at: Time | None


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What people, or a rule, made of it all."""

    value: str
    reason: str
    by: str
    at: Time


class ExperimentDetails(ExperimentLine, frozen=True, kw_only=True):
    """An experiment with all that is known but its runs, which have a list of their own.

    Verdicts and the budget are those of the last writing of the work item. `carried_from` is the name of
    the last sprint that it left. Of models the fifty by name are told.
    """

    carried_from: str | None
    judgements: tuple[TargetJudgement, ...]
    budget: tuple[BudgetUse, ...]
    lineage: tuple[ModelLineage, ...]
    pull_requests: tuple[LinkedPullRequestLine, ...]
    alerts: tuple[LinkedBug, ...]
    conclusion: Conclusion | None


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """A training run as merged from all that was said of it.

    `source` and `id` name it, `sweep` is the id of its group, `sprint` the one that it counts in. Metrics are
    the last values logged, null where not finite. `seen_at` is when it last changed here.
    """

    source: str
    id: str
    name: str | None
    status: Literal["queued", "running", "finished", "failed", "killed"]
    sprint: int
    url: str | None
    sweep: str | None
    user: str | None
    commit: str | None
    started_at: Time | None
    ended_at: Time | None
    seen_at: Time
    metrics: dict[str, float | None]
    params: dict[str, str | float | bool | None]
    error: str | None


class RunList(msgspec.Struct, frozen=True, kw_only=True):
    """Runs, those first seen last first; `next` is the cursor to the earlier ones, null at the end."""

    runs: tuple[RunLine, ...]
    next: str | None


class ExperimentsAsked(Paged, frozen=True, kw_only=True):
    """Which experiments."""

    project: Name | None = None
    state: Annotated[ItemState, Meta(description="The state of the work item; without it any.")] | None = None
    sprint: (
        Annotated[
            int,
            Meta(ge=1, le=99_999, description="The number of a sprint that they were in; without it any."),
        ]
        | None
    ) = None


class ExperimentAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which experiment."""

    number: ExperimentNumber


class RunsAsked(Paged, frozen=True, kw_only=True):
    """Of which experiment."""

    number: ExperimentNumber


@operation("/api/v1/experiments", scope="board:read", group="Experiments")
def list_experiments(site: Site, asked: ExperimentsAsked) -> ExperimentList:
    """The experiments of a project over all its sprints, those made last first."""
    project = site.choose_project(asked.project)
    wanted = ExperimentFilter(
        project=project.name,
        state=asked.state or "",
        sprint=asked.sprint,
        before=read_cursor(asked, RowNumber),
    )
    with site.database.read() as connection:
        cards = board.list_latest(connection, wanted, asked.limit + 1)
    shown = cards[: asked.limit]
    return ExperimentList(
        project=project.name,
        experiments=tuple(ExperimentLine(**_members(each)) for each in shown),
        next=make_cursor(asked, shown[-1].number) if len(cards) > len(shown) else None,
    )


@operation("/api/v1/experiments/{number}", scope="board:read", group="Experiments")
def get_experiment(site: Site, asked: ExperimentAsked) -> ExperimentDetails:
    """One experiment: targets, budget, models and where they went, pull requests, bugs, conclusion."""
    with site.database.read() as connection:
        card = _get_card(site, connection, asked.number)
        tracked, project = card.item, site.projects[card.item.project]
        word = plan_words.find_end(connection, tracked.tracker, tracked.ref)
        linked = pull_requests.list_of_item(connection, tracked.tracker, tracked.ref)
        bugs = alert_lineages.list_of_item(connection, tracked.tracker, tracked.ref)
        return ExperimentDetails(
            **_members(card),
            carried_from=card.carried_from,
            judgements=tuple(map(_judgement, card.judgements)),
            budget=tuple(map(_budget, items.list_usage(connection, card.known))),
            lineage=tuple(_trace(connection, project, each) for each in card.models[:MOST_MODELS]),
            pull_requests=tuple(
                LinkedPullRequestLine(
                    code=each.code, number=each.number, title=each.title, state=each.state, url=each.url
                )
                for each in linked
            ),
            alerts=tuple(LinkedBug(**msgspec.structs.asdict(each)) for each in bugs),
            conclusion=Conclusion(value=word.value, reason=word.reason, by=word.by, at=word.at)
            if word
            else None,
        )


@operation("/api/v1/experiments/{number}/runs", scope="board:read", group="Experiments")
def list_runs(site: Site, asked: RunsAsked) -> RunList:
    """Every run of an experiment, those first seen last first."""
    with site.database.read() as connection:
        card = _get_card(site, connection, asked.number)
        before = read_cursor(asked, RowNumber)
        found = runs.list_latest(connection, card.item, card.sprints, before, asked.limit + 1)
    shown = found[: asked.limit]
    return RunList(
        runs=tuple(map(_run, shown)),
        next=make_cursor(asked, shown[-1].row) if len(found) > len(shown) else None,
    )


def _get_card(site: Site, connection: Connection, number: int) -> Card:
    card = board.find_anywhere(connection, number)
    if card is None or card.item.project not in site.projects:
        raise NotFound("No experiment has a work item of that number.")
    return card


def _members(card: Card) -> dict[str, Any]:
    tracked = card.item
    return {
        **msgspec.structs.asdict(item_of(card)),
        "project": tracked.project,
        "tracker": tracked.tracker,
        "title": tracked.title,
        "sprints": card.sprints,
    }


def _judgement(judgement: Judgement) -> TargetJudgement:
    return TargetJudgement(
        text=str(judgement.target),
        metric=judgement.target.metric,
        verdict=judgement.verdict.value,
        best=judgement.best,
        stderr=judgement.stderr,
        count=judgement.count,
        run=judgement.run_id,
        reason=judgement.reason,
    )


def _budget(use: LimitUse) -> BudgetUse:
    return BudgetUse(
        text=str(use.limit),
        kind=use.limit.kind,
        amount=f"{use.limit.amount:f}",
        currency=use.limit.currency or None,
        day=use.limit.day,
        used=None if use.used is None else f"{use.used:f}",
        percent=use.percent,
        untold=use.untold,
    )


def _trace(connection: Connection, project: Project, model: ModelVersion) -> ModelLineage:
    found = model_lineage.find(connection, project, model.name, model.version) if model.version else None
    return ModelLineage(
        name=model.name,
        version=model.version,
        aliases=model.aliases,
        run=model.run_id,
        deployments=tuple(
            ModelDeployment(ref=each.ref, environment=each.environment, state=each.state, at=each.at)
            for each in (found.deployments if found else ())
        ),
    )


def _run(known: KnownRun) -> RunLine:
    report = known.report
    run, links = report.run, report.links
    return RunLine(
        source=report.source,
        id=run.id,
        name=run.name or None,
        status=run.status.value,
        sprint=known.sprint,
        url=run.url or None,
        sweep=run.group.id if run.group else None,
        user=run.user or None,
        commit=(links.commit or None) if links else None,
        started_at=run.started_at or None,
        ended_at=run.ended_at or None,
        seen_at=known.seen_at,
        metrics=_metrics(report),
        params=dict(report.params or {}),
        error=_say_error(run.error),
    )


def _metrics(report: RunReport) -> dict[str, float | None]:
    told: Mapping[str, float | Metric | None] = report.metrics or {}
    return {name: each.value if isinstance(each, Metric) else each for name, each in told.items()}


def _say_error(error: RunFailure | UnsetType) -> str | None:
    if not isinstance(error, RunFailure):
        return None
    return ": ".join(filter(None, [error.type or "", error.message or ""])) or None
