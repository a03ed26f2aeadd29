"""How commits come into environments and versions of models into use: a timeline for each place and model.

Everything here is worked out anew from what is known, in whatever order it was told.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from msgspec.structs import replace

from trainboard.deployment_fates import judge_fates
from trainboard.pull_requests import Approval, Deployment, DeploymentState, PullRequest
from trainboard.serving import AliasMove, Place, PlaceKind, Serving, list_places, point


class PackagedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a registered model.

    `at` is when a registry first told of it, None for one that no registry told of. `commit` is that of the
    run that made it, None where it is not known.
    """

    model: str
    version: str
    commit: str | None = None
    at: datetime | None = None
    aliases: tuple[str, ...] = ()


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one project's deployments, each in any order.

    `pull_requests` are merged ones; a deployment belongs to those whose head or merge commit it deploys.
    `contained` are, by commits, the commits that are known to lie in their history.
    """

    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    pull_requests: tuple[PullRequest, ...] = ()
    versions: tuple[PackagedVersion, ...] = ()
    contained: Mapping[str, Collection[str]] = {}
    moves: tuple[AliasMove, ...] = ()
    servings: tuple[Serving, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment in its environment's timeline.

    `at` is the moment of its success, and of what was told last where it had none. `state` is what became
    of it: one that succeeded is replaced or rolled back by a later one, if anybody says so or not.
    `is_rollback` is true for one that brought an earlier commit or version back. `pull_requests` are those
    of its commit, and those that came into the environment for the first time as part of it.
    """

    deployment: Deployment
    state: DeploymentState
    at: datetime
    is_rollback: bool = False
    kind: Literal["environment"] | PlaceKind = "environment"
    pull_requests: tuple[PullRequest, ...] = ()
    versions: tuple[PackagedVersion, ...] = ()
    approvals: tuple[Approval, ...] = ()


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in one environment, or in a place of `model`, the latest first.

    `approvals` are those of no deployment that is known: of one still to come, or of one that was refused.
    `service` is that of an endpoint.
    """

    name: str
    is_production: bool
    kind: Literal["environment"] | PlaceKind = "environment"
    model: str = ""
    service: str = ""
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
    """A model on its way into use, the latest first.

    Versions, approvals, and deployments of their commits or of themselves. `places` are its aliases and
    endpoints, those of production first.
    """

    name: str
    moments: tuple[Moment, ...]
    places: tuple[Environment, ...] = ()


class Timelines(msgspec.Struct, frozen=True, kw_only=True):
    """Environments, those of production first, and models by name."""

    environments: tuple[Environment, ...] = ()
    models: tuple[ModelTimeline, ...] = ()

    @property
    def production(self) -> tuple[Environment, ...]:
        """Environments and places of models that people rely on."""
        places = (place for model in self.models for place in model.places)
        return tuple(each for each in (*self.environments, *places) if each.is_production)


Said = TypeVar("Said", Deployment, Approval)


def make_timelines(history: History, is_production: Callable[[str], bool]) -> Timelines:
    """The timelines that `history` tells.

    `is_production` says of a name of an environment, alias or endpoint, or of an endpoint's stage, whether
    people rely on it. Environments whose names differ in upper and lower case only are one.
    """
    about = _About(history)
    deployments, approvals = _by_environment(history.deployments), _by_environment(history.approvals)
    environments = []
    for folded in deployments.keys() | approvals.keys():
        told, given = deployments.get(folded, []), approvals.get(folded, [])
        name = (told or given)[-1].environment
        if name:
            made = Environment(name=name, is_production=is_production(name))
            environments.append(_fill(made, told, given, about))
    environments.sort(key=_environment_order)
    places = [
        _make_place(each, is_production, about) for each in list_places(history.moves, history.servings)
    ]
    return Timelines(environments=tuple(environments), models=_make_models(about, environments, places))


def _by_environment(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for each in sorted(said, key=lambda one: (one.at, one.ref)):
        found[each.environment.casefold()].append(each)
    return found


def _environment_order(environment: Environment) -> tuple[object, ...]:
    return not environment.is_production, environment.name, environment.kind, environment.service


class _About:
    """What is known of each commit, and of each version of a model."""

    def __init__(self, history: History) -> None:
        self.pull_requests: dict[str | None, list[PullRequest]] = defaultdict(list)
        self.versions: dict[str | None, list[PackagedVersion]] = defaultdict(list)
        self.contained = history.contained
        self._known = _name_aliases(history)
        for merged in sorted(history.pull_requests, key=lambda each: each.number):
            for commit in {merged.head, merged.merged_as or merged.head}:
                self.pull_requests[commit].append(merged)
        for _, version in sorted(self._known.items()):
            if version.commit:
                self.versions[version.commit].append(version)

    def get_version(self, model: str, version: str) -> PackagedVersion:
        """The version; one that nobody registered is known by its name only."""
        return self._known.get((model, version)) or PackagedVersion(model=model, version=version)

    def list_contained(self, commit: str | None) -> list[PullRequest]:
        """The pull requests of commits that lie in its history, by number."""
        found = {
            each.number: each
            for one in self.contained.get(commit or "", ())
            for each in self.pull_requests[one]
        }
        return [found[number] for number in sorted(found)]


def _name_aliases(history: History) -> dict[tuple[str, str], PackagedVersion]:
    """Versions by model and version, with the aliases that point at them now."""
    aliases: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for (model, alias), move in sorted(point(history.moves).items()):
        aliases[model, move.version].append(alias)
    return {
        (each.model, each.version): replace(each, aliases=tuple(aliases[each.model, each.version]))
        for each in history.versions
    }


def _fill(
    environment: Environment, deployments: Sequence[Deployment], approvals: Sequence[Approval], about: _About
) -> Environment:
    fates = judge_fates(deployments)
    given = _assign(approvals, deployments)
    steps = [
        Step(
            deployment=each,
            state=fates[each.ref].state,
            at=each.succeeded_at or each.at,
            is_rollback=fates[each.ref].is_rollback,
            versions=tuple(about.versions.get(each.commit, ())),
            approvals=tuple(given.get(each.ref, ())),
        )
        for each in deployments
    ]
    return replace(environment, steps=_order_steps(steps, about), approvals=tuple(given.get(None, ())))


def _order_steps(steps: Iterable[Step], about: _About) -> tuple[Step, ...]:
    """The latest first, each with its pull requests."""
    came: set[int] = set()
    told = []
    for step in sorted(steps, key=lambda each: (each.at, each.deployment.ref)):
        commit = step.deployment.commit
        found = {each.number: each for each in about.pull_requests.get(commit, ())}
        if step.deployment.succeeded_at is not None:
            found |= {each.number: each for each in about.list_contained(commit) if each.number not in came}
            came |= found.keys()
        told.append(replace(step, pull_requests=tuple(found[number] for number in sorted(found))))
    return tuple(reversed(told))


def _make_place(place: Place, is_production: Callable[[str], bool], about: _About) -> Environment:
    """Like an environment, but it is the version that comes, is replaced or brought back."""
    version_of = {each.deployment.ref: each.version for each in place.placed}
    fates = judge_fates((each.deployment for each in place.placed), lambda each: version_of[each.ref])
    steps = [
        Step(
            deployment=replace(each.deployment, commit=version.commit),
            state=fates[each.deployment.ref].state,
            at=each.deployment.succeeded_at or each.deployment.at,
            is_rollback=fates[each.deployment.ref].is_rollback,
            kind=place.kind,
            versions=(version,),
        )
        for each in place.placed
        for version in [about.get_version(place.model, each.version)]
    ]
    return Environment(
        name=place.name,
        is_production=any(is_production(name) for name in (place.name, place.stage) if name),
        kind=place.kind,
        model=place.model,
        service=place.service,
        steps=_order_steps(steps, about),
    )


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


def _make_models(
    about: _About, environments: Iterable[Environment], places: Iterable[Environment]
) -> tuple[ModelTimeline, ...]:
    moments: dict[str, list[Moment]] = defaultdict(list)
    packaged: set[tuple[str, str]] = set()
    for at, told, what in _list_moments(about, [*environments, *places]):
        for model, versions in _by_model(told).items():
            moments[model].append(Moment(at=at, what=what, versions=versions))
            packaged.update((model, version) for version in versions)
    for model, name in packaged:
        version = about.get_version(model, name)
        if version.at is not None:
            moments[model].append(Moment(at=version.at, what=version, versions=(name,)))
    of_model: dict[str, list[Environment]] = defaultdict(list)
    for place in sorted(places, key=_environment_order):
        of_model[place.model].append(place)
    return tuple(
        ModelTimeline(
            name=name, moments=tuple(sorted(moments[name], key=_moment_order)), places=tuple(of_model[name])
        )
        for name in sorted(moments)
    )


def _list_moments(
    about: _About, environments: Iterable[Environment]
) -> Iterator[tuple[datetime, Iterable[PackagedVersion], Approval | Step]]:
    for environment in environments:
        for step in environment.steps:
            yield step.at, step.versions, step
            for approval in step.approvals:
                yield approval.at, step.versions, approval
        for approval in environment.approvals:
            yield approval.at, about.versions.get(approval.commit, ()), approval


def _by_model(versions: Iterable[PackagedVersion]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in versions:
        found[each.model] = (*found.get(each.model, ()), each.version)
    return found


def _moment_order(moment: Moment) -> tuple[float, int, str]:
    """The latest first; at the same moment a deployment before its approval, and that before its package."""
    kinds = (Step, Approval, PackagedVersion)
    return -moment.at.timestamp(), kinds.index(type(moment.what)), msgspec.json.encode(moment.what).decode()
