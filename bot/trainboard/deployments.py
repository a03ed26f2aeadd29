"""How the commits of a repository come into its environments: one timeline for each, and one for each model.

Everything here is worked out anew from what is known, in whatever order it was told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from trainboard.pull_requests import Approval, Deployment, DeploymentState, PullRequest


class PackagedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a registered model that a run of `commit` made.

    `at` is when the registry last told of it, so a moved alias makes it later.
    """

    model: str
    version: str
    commit: str
    at: datetime
    aliases: tuple[str, ...] = ()


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one repository's deployments, each in any order.

    `pull_requests` are merged ones; a deployment belongs to those whose head or merge commit it deploys.
    """

    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    pull_requests: tuple[PullRequest, ...] = ()
    versions: tuple[PackagedVersion, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment in its environment's timeline.

    `at` is the moment of its success, and of what was told last where it had none. `state` is what became
    of it: one that succeeded is replaced or rolled back by a later one, if anybody says so or not.
    `is_rollback` is true for one that brought an earlier commit back.
    """

    deployment: Deployment
    state: DeploymentState
    at: datetime
    is_rollback: bool = False
    pull_requests: tuple[PullRequest, ...] = ()
    versions: tuple[PackagedVersion, ...] = ()
    approvals: tuple[Approval, ...] = ()


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in one environment, the latest first.

    `approvals` are those of no deployment that is known: of one still to come, or of one that was refused.
    """

    name: str
    is_production: bool
    steps: tuple[Step, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def standing(self) -> Step | None:
        """What stands there now, None where nobody told of anything."""
        return next((step for step in self.steps if step.state is DeploymentState.SUCCEEDED), None)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened on a model's way, with the versions that it happened to."""

    at: datetime
    what: PackagedVersion | Approval | Step
    versions: tuple[str, ...]


class ModelTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """A model on its way into use: versions, approvals and deployments of their commits, the latest first."""

    name: str
    moments: tuple[Moment, ...]


class Timelines(msgspec.Struct, frozen=True, kw_only=True):
    """Environments, those of production first, and models by name."""

    environments: tuple[Environment, ...] = ()
    models: tuple[ModelTimeline, ...] = ()

    @property
    def production(self) -> tuple[Step, ...]:
        """Everything that was deployed to production, the latest first in each environment."""
        return tuple(step for each in self.environments if each.is_production for step in each.steps)


Said = TypeVar("Said", Deployment, Approval)


def make_timelines(history: History, is_production: Callable[[str], bool]) -> Timelines:
    """The timelines that `history` tells; `is_production` says which environments people rely on."""
    about = _About(history)
    deployments, approvals = _by_environment(history.deployments), _by_environment(history.approvals)
    environments = [
        _make_environment(
            name, is_production(name), deployments.get(name, ()), approvals.get(name, ()), about
        )
        for name in deployments.keys() | approvals.keys()
        if name
    ]
    environments.sort(key=lambda each: (not each.is_production, each.name))
    return Timelines(environments=tuple(environments), models=_make_models(about, environments))


def _by_environment(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for each in sorted(said, key=lambda one: (one.at, one.ref)):
        found[each.environment].append(each)
    return found


class _About:
    """What is known of each commit."""

    def __init__(self, history: History) -> None:
        self.pull_requests: dict[str | None, list[PullRequest]] = defaultdict(list)
        self.versions: dict[str | None, list[PackagedVersion]] = defaultdict(list)
        for merged in sorted(history.pull_requests, key=lambda each: each.number):
            for commit in {merged.head, merged.merged_as or merged.head}:
                self.pull_requests[commit].append(merged)
        for version in sorted(history.versions, key=lambda each: (each.model, each.at, each.version)):
            self.versions[version.commit].append(version)


def _make_environment(
    name: str,
    is_production: bool,  # noqa: FBT001  # as it is answered
    deployments: Sequence[Deployment],
    approvals: Sequence[Approval],
    about: _About,
) -> Environment:
    fates = _judge(deployments)
    given = _assign(approvals, deployments)
    steps = [
        Step(
            deployment=each,
            state=fates[each.ref].state,
            at=each.succeeded_at or each.at,
            is_rollback=fates[each.ref].is_rollback,
            pull_requests=tuple(about.pull_requests.get(each.commit, ())),
            versions=tuple(about.versions.get(each.commit, ())),
            approvals=tuple(given.get(each.ref, ())),
        )
        for each in deployments
    ]
    steps.sort(key=lambda each: (each.at, each.deployment.ref), reverse=True)
    loose = tuple(given.get(None, ()))
    return Environment(name=name, is_production=is_production, steps=tuple(steps), approvals=loose)


class _Fate(msgspec.Struct, frozen=True):
    state: DeploymentState
    is_rollback: bool


def _judge(deployments: Iterable[Deployment]) -> Mapping[str, _Fate]:
    """What became of each deployment of an environment, by ref.

    What stood there one after the other is a pile. A commit that is deployed again while another one lies
    above it is brought back: what lies above was rolled back, and leaves the pile. A commit that was rolled
    back and comes again is a new try.
    """
    pile: list[Deployment] = []
    undone: set[str] = set()
    rollbacks: set[str] = set()
    for each in _list_successes(deployments):
        same = (place for place, one in enumerate(pile) if one.commit == each.commit is not None)
        keep = max(same, default=len(pile) - 1) + 1
        if above := pile[keep:]:
            undone.update(one.ref for one in above)
            rollbacks.add(each.ref)
        pile[keep:] = [each]
    top = pile[-1].ref if pile else None
    return {
        each.ref: _Fate(_become(each, top, is_undone=each.ref in undone), each.ref in rollbacks)
        for each in deployments
    }


def _list_successes(deployments: Iterable[Deployment]) -> list[Deployment]:
    succeeded = [(each.succeeded_at, each.ref, each) for each in deployments if each.succeeded_at]
    return [each for _, _, each in sorted(succeeded, key=lambda one: one[:2])]


def _become(deployment: Deployment, top: str | None, *, is_undone: bool) -> DeploymentState:
    if is_undone:
        return DeploymentState.ROLLED_BACK
    is_covered = deployment.state is DeploymentState.SUCCEEDED and deployment.ref != top
    return DeploymentState.REPLACED if is_covered else deployment.state


def _assign(
    approvals: Sequence[Approval], deployments: Sequence[Deployment]
) -> dict[str | None, list[Approval]]:
    """Approvals by the ref of their deployment, None for those of no known one, the latest first.

    That is the first deployment of their commit that was told of at the same time or later, else the last.
    """
    of_commit: dict[str | None, list[Deployment]] = defaultdict(list)
    for deployment in deployments:
        of_commit[deployment.commit].append(deployment)
    found: dict[str | None, list[Approval]] = defaultdict(list)
    for approval in reversed(approvals):
        same = of_commit[approval.commit] if approval.commit else []
        later = [each for each in same if each.at >= approval.at]
        chosen = next(iter(later or same[-1:]), None)
        found[chosen.ref if chosen else None].append(approval)
    return found


def _make_models(about: _About, environments: Iterable[Environment]) -> tuple[ModelTimeline, ...]:
    moments: dict[str, list[Moment]] = defaultdict(list)
    packaged: set[str] = set()
    for at, commit, what in _list_moments(environments):
        for model, versions in _by_model(about.versions.get(commit, ())).items():
            moments[model].append(Moment(at=at, what=what, versions=versions))
            packaged.add(commit or "")
    for commit in packaged:
        for version in about.versions[commit]:
            moments[version.model].append(Moment(at=version.at, what=version, versions=(version.version,)))
    return tuple(
        ModelTimeline(name=name, moments=tuple(sorted(moments[name], key=_moment_order)))
        for name in sorted(moments)
    )


def _list_moments(
    environments: Iterable[Environment],
) -> Iterator[tuple[datetime, str | None, Approval | Step]]:
    for environment in environments:
        for step in environment.steps:
            yield step.at, step.deployment.commit, step
            for approval in step.approvals:
                yield approval.at, step.deployment.commit, approval
        for approval in environment.approvals:
            yield approval.at, approval.commit, approval


def _by_model(versions: Iterable[PackagedVersion]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in versions:
        found[each.model] = (*found.get(each.model, ()), each.version)
    return found


def _moment_order(moment: Moment) -> tuple[float, int, str]:
    """The latest first; at the same moment a deployment before its approval, and that before its package."""
    kinds = (Step, Approval, PackagedVersion)
    return -moment.at.timestamp(), kinds.index(type(moment.what)), msgspec.json.encode(moment.what).decode()
