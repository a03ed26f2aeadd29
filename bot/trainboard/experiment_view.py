"""What is known of an experiment in a sprint, in one value: all that its work item shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from trainboard.decision_rules import Rule
from trainboard.deployments import Environment, Step
from trainboard.iterations import Iteration
from trainboard.metrics import Judgement
from trainboard.outages import Outage
from trainboard.plans import PlanWord
from trainboard.pull_requests import Approval, Check, Deployment, PullRequest
from trainboard.results import Numbers
from trainboard.runs import RunReport
from trainboard.spending import LimitUse
from trainboard.triggers import Trigger


class ModelVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a registered model that a run of the experiment made, and what points at it.

    `places` are the aliases and endpoints that it ever came to, each with the last time it did.
    """

    name: str
    version: str | None = None
    aliases: tuple[str, ...] = ()
    run_id: str | None = None
    places: tuple[tuple[Environment, Step], ...] = ()


class LinkedPullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request that belongs to the work item, and what is said of its commits.

    `undone_by` is the number of the merged one that reverted it, None if none did.
    """

    pull_request: PullRequest
    checks: tuple[Check, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    numbers: Numbers = Numbers()
    undone_by: int | None = None


class LinkedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """A bug of an alert about a model that a run of the experiment made.

    `closed_at` is None while it is open.
    """

    ref: str
    title: str
    url: str
    model: str
    version: str
    began_at: datetime
    closed_at: datetime | None = None


class ExperimentView(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment over the sprints that its work item spans.

    `runs` are all runs known there, in any order; `judgements` stand in the order in which people
    wrote the targets, and the first decides which run is best. `carries` counts the moves to a later
    sprint, `carried_from` is the name of the last one left. `experiment_url` points into the run
    tracker, `page_url` to our own page, `sprint_url` to the report of its sprint. `pull_requests` stand in
    the order in which they are shown. `triggers` are runs that people asked for there, the first at the
    beginning. `baseline` is what people compare with, `usage` how much of the budget is used, `rules` when it
    ends by itself, `conclusion` what people or a rule made of it all. `alerts` are the bugs about its models,
    the first at the beginning; `retrains` are the trainings that were started anew, in their order, with
    their addresses, empty where one has none.
    `outages` are of the project's run trackers that could not be read for a while, `unheard` runs that have
    not ended and of which nothing new was heard for long, by source and id, with since when.
    """

    project: str
    experiment: str
    iteration: Iteration
    updated_at: datetime
    experiment_url: str | None = None
    page_url: str | None = None
    sprint_url: str | None = None
    carries: int = 0
    carried_from: str | None = None
    runs: tuple[RunReport, ...] = ()
    judgements: Sequence[Judgement] = ()
    models: tuple[ModelVersion, ...] = ()
    pull_requests: tuple[LinkedPullRequest, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    alerts: tuple[LinkedAlert, ...] = ()
    retrains: tuple[tuple[datetime, str], ...] = ()
    baseline: str = ""
    usage: tuple[LimitUse, ...] = ()
    rules: tuple[Rule, ...] = ()
    conclusion: PlanWord | None = None
    outages: tuple[Outage, ...] = ()
    unheard: Mapping[tuple[str, str], datetime] = {}

    @property
    def is_settled(self) -> bool:
        """True if no run goes on and every run tracker can be read, so that nothing is missing."""
        going = (each for each in self.runs if not each.run.status.ended)
        return not self.outages and all((each.source, each.run.id) in self.unheard for each in going)
