"""All that the bug of a problem shows. Values; `applying` gathers them, `rendering` makes text of them."""

from datetime import datetime
from typing import Literal

import msgspec

from trainboard.alert_life import Problem, Stand
from trainboard.experiment_view import ModelVersion
from trainboard.metrics import Judgement
from trainboard.pull_requests import Deployment
from trainboard.read import TrackedItem
from trainboard.runs import RunReport


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """Where the model came from that an alert is about.

    `run` made it, `item` is the work item of its experiment with the verdicts on its targets, `deployments`
    are those of its commit. None and nothing where nobody told.
    """

    model: ModelVersion
    run: RunReport | None = None
    item: TrackedItem | None = None
    judgements: tuple[Judgement, ...] = ()
    deployments: tuple[Deployment, ...] = ()


Remedying = Literal["retrain", "rollback"]
REMEDIES: tuple[Remedying, ...] = ("retrain", "rollback")
"""By the commands that a pipeline is declared for."""


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline that may mend what the alert tells of; `url` is its page, empty where there is none."""

    does: Remedying
    pipeline: str
    url: str = ""


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """A problem, how it stands, and what it concerns.

    `members` are the problems that a storm shows. `lineage` is None where the model is not known;
    `closing_as` is how the bug ends with this text, None if it does not. `page_url` points to our own page,
    `sprint_url` to the report of the sprint in which it began, both None where they have no public address.
    `remedies` are what can be started against a model that misbehaves.
    """

    problem: Problem
    stand: Stand
    updated_at: datetime
    lineage: Lineage | None = None
    page_url: str | None = None
    sprint_url: str | None = None
    members: tuple[Problem, ...] = ()
    closing_as: str | None = None
    remedies: tuple[Remedy, ...] = ()
