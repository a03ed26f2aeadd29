"""Where versions of a model are in use: aliases that point at them, and endpoints that serve them.

Both are places: what happens there is told as deployments, in which the version stands for the commit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from trainboard.pull_requests import Deployment, DeploymentState, tell_silent

PlaceKind = Literal["alias", "endpoint"]


class AliasMove(msgspec.Struct, frozen=True, kw_only=True):
    """At `at`, the registry's time, the alias pointed at that version; None if it pointed at nothing then."""

    model: str
    alias: str
    version: str | None
    at: datetime


class Serving(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a model on its way to an endpoint, as it stood at `at`, the sender's time.

    `service` is the full name of what serves, such as `azure-ml:workspace`, `endpoint` its name there, and
    `stage` the environment that the sender says it belongs to. `ref` tells the deployment from the others of
    the service; of one that brings several models there is a serving for each. `reached_at` is the moment of
    its success as `merge_servings` keeps it, None where it is `at` or never came.
    """

    service: str
    endpoint: str
    ref: str
    model: str
    version: str
    state: DeploymentState
    at: datetime
    stage: str = ""
    url: str = ""
    reached_at: datetime | None = None

    @property
    def succeeded_at(self) -> datetime | None:
        """When it was first told to have succeeded, whatever came later; None if nobody told that."""
        return self.reached_at or (self.at if self.state is DeploymentState.SUCCEEDED else None)


def merge_servings(known: Serving | None, news: Serving) -> Serving:
    """What is known after both were said of the same serving, whichever was heard first.

    What is told later wins, and at the same moment what is nearer to an end. The first success is kept.
    """
    if known is None:
        return news
    latest = max(known, news, key=_order)
    reached = min(filter(None, (known.succeeded_at, news.succeeded_at)), default=None)
    by_itself = replace(latest, reached_at=None).succeeded_at
    return replace(latest, reached_at=None if reached == by_itself else reached)


def _order(said: Serving) -> tuple[datetime, int, bytes]:
    states = list(DeploymentState)
    return said.at, states.index(said.state), msgspec.json.encode(replace(said, reached_at=None))


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A version in a place; `deployment` names the place as its environment and holds no commit."""

    version: str
    deployment: Deployment


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An alias of a model, or an endpoint that serves it, with all that came there, in no order.

    `service` is empty for an alias; `stage` is what the sender last said that an endpoint belongs to.
    """

    kind: PlaceKind
    model: str
    name: str
    service: str = ""
    stage: str = ""
    placed: tuple[Placed, ...] = ()


def list_places(moves: Iterable[AliasMove], servings: Iterable[Serving]) -> list[Place]:
    """The places of all models, by model, kind and name."""
    places = [*_list_aliases(moves), *_list_endpoints(servings)]
    return sorted(places, key=lambda each: (each.model, each.kind, each.name, each.service))


def point(moves: Iterable[AliasMove]) -> Mapping[tuple[str, str], AliasMove]:
    """Where each alias points now, by model and alias: the newest move wins, also one to nothing."""
    latest: dict[tuple[str, str], AliasMove] = {}
    for move in sorted(moves, key=_move_order):
        latest[move.model, move.alias] = move
    return latest


def _move_order(move: AliasMove) -> tuple[datetime, str]:
    return move.at, move.version or ""


def _list_aliases(moves: Iterable[AliasMove]) -> Iterable[Place]:
    by_alias: dict[tuple[str, str], list[AliasMove]] = defaultdict(list)
    for move in sorted(moves, key=_move_order):
        by_alias[move.model, move.alias].append(move)
    for (model, alias), told in by_alias.items():
        placed = tuple(_trace(model, alias, told))
        yield Place(kind="alias", model=model, name=alias, placed=placed)


def _trace(model: str, alias: str, moves: Sequence[AliasMove]) -> Iterable[Placed]:
    """A deployment for each stretch of time in which the alias pointed at one version."""
    before: AliasMove | None = None
    for move, following in zip(moves, [*moves[1:], None], strict=True):
        if before is None or before.version != move.version:
            before = move
        if move.version is None or (following is not None and following.version == move.version):
            continue
        is_taken = following is not None and following.version is None
        deployment = Deployment(
            code=model,
            ref=f"{alias}@{before.at.isoformat()}",
            environment=alias,
            state=DeploymentState.REPLACED if is_taken else DeploymentState.SUCCEEDED,
            at=following.at if following and is_taken else before.at,
            reached_at=before.at if is_taken else None,
        )
        yield Placed(version=move.version, deployment=deployment)


def _list_endpoints(servings: Iterable[Serving]) -> Iterable[Place]:
    by_endpoint: dict[tuple[str, str, str], list[Serving]] = defaultdict(list)
    for serving in sorted(servings, key=_order):
        by_endpoint[serving.service, serving.endpoint.casefold(), serving.model].append(serving)
    for (service, _, model), told in by_endpoint.items():
        yield Place(
            kind="endpoint",
            model=model,
            name=told[-1].endpoint,
            service=service,
            stage=next((each.stage for each in reversed(told) if each.stage), ""),
            placed=tuple(_place(each) for each in told),
        )


def tell_serving_silent(serving: Serving, now: datetime) -> Serving:
    """The serving, without news from the moment on that `trainboard.pull_requests.tell_silent` tells."""
    return replace(serving, state=tell_silent(_place(serving).deployment, now).state)


def _place(serving: Serving) -> Placed:
    deployment = Deployment(
        code=serving.service,
        ref=serving.ref,
        environment=serving.endpoint,
        state=serving.state,
        at=serving.at,
        url=serving.url,
        reached_at=serving.reached_at,
    )
    return Placed(version=serving.version, deployment=deployment)
