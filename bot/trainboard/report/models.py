"""Which models came where in a sprint, which were taken back, what waits, and what was trained anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from trainboard.deployments import Environment, History, Step, Timelines
from trainboard.iterations import Iteration
from trainboard.report.retrains import Cause, Retrain


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """The run that made a version."""

    id: str
    source: str
    name: str
    url: str = ""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a model that came to a place: an alias, an endpoint or an environment.

    `come_from` is the place to which it had come last before, None for one that was only registered.
    `instead_of` is the version that stood there until then, None where none did. `ref` is of the deployment;
    `pull_requests` are numbers and addresses of those that came with it.
    """

    model: str
    version: str
    place: str
    at: datetime
    is_production: bool
    ref: str
    come_from: str | None = None
    instead_of: str | None = None
    run: Maker | None = None
    pull_requests: tuple[tuple[int, str], ...] = ()


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An approval that nobody has given yet; `versions` are those of its commit, such as `churn 7`."""

    ref: str
    environment: str
    since: datetime
    versions: tuple[str, ...] = ()
    url: str = ""


class Models(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to models; times upwards. `waiting` is as it stands now.

    `is_known` is false where nobody told of any version of a model, and `reason` says why nothing of all that
    is known.
    """

    reason: str = ""
    is_known: bool = False
    promoted: tuple[Arrival, ...] = ()
    rolled_back: tuple[Arrival, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    retrains: tuple[Retrain, ...] = ()

    def count(self, cause: Cause) -> int:
        """How many trainings were started anew for that."""
        return sum(each.cause == cause for each in self.retrains)


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a project's models.

    `makers` are the runs by model and version; `retrains` are of the sprint.
    """

    history: History = History()
    timelines: Timelines = Timelines()
    makers: Mapping[tuple[str, str], Maker] = {}
    retrains: tuple[Retrain, ...] = ()


def tell(known: Lifecycle, sprint: Iteration, now: datetime) -> Models:
    """What became of models in the sprint."""
    until = min(now, sprint.ends_at)
    places = [
        *known.timelines.environments,
        *(place for model in known.timelines.models for place in model.places),
    ]
    arrivals = [
        (step, arrival)
        for step, arrival in _list_arrivals(places, known.makers)
        if sprint.starts_at <= arrival.at < until
    ]
    return Models(
        is_known=bool(known.history.versions or known.timelines.models),
        promoted=tuple(arrival for step, arrival in arrivals if not step.is_rollback),
        rolled_back=tuple(arrival for step, arrival in arrivals if step.is_rollback),
        waiting=tuple(_list_waiting(known, until)),
        retrains=known.retrains,
    )


def _list_arrivals(
    places: Iterable[Environment], makers: Mapping[tuple[str, str], Maker]
) -> Iterator[tuple[Step, Arrival]]:
    """All that ever came anywhere, in their order."""
    last: dict[tuple[str, str], str] = {}
    standing: dict[tuple[str, str, str, str], str] = {}
    for place, step in _list_successes(places):
        for version in step.versions:
            key = version.model, version.version
            here = place.name.casefold(), place.kind, place.service, version.model
            yield (
                step,
                Arrival(
                    model=version.model,
                    version=version.version,
                    place=place.name,
                    at=step.at,
                    is_production=place.is_production,
                    ref=step.deployment.ref,
                    come_from=last.get(key),
                    instead_of=standing.get(here),
                    run=makers.get(key),
                    pull_requests=tuple((each.number, each.url) for each in step.pull_requests),
                ),
            )
            last[key], standing[here] = place.name, version.version


def _list_successes(places: Iterable[Environment]) -> list[tuple[Environment, Step]]:
    found = [(place, step) for place in places for step in place.steps if step.deployment.succeeded_at]
    return sorted(found, key=lambda each: (each[1].at, each[0].name, each[1].deployment.ref))


def _list_waiting(known: Lifecycle, until: datetime) -> list[Waiting]:
    versions: dict[str | None, list[str]] = defaultdict(list)
    for each in known.history.versions:
        versions[each.commit].append(f"{each.model} {each.version}")
    found = [
        Waiting(
            ref=each.ref,
            environment=each.environment or each.run,
            since=each.at,
            versions=_sort(versions[each.commit]) if each.commit else (),
            url=each.url,
        )
        for each in known.history.approvals
        if each.state == "pending" and each.at < until
    ]
    return sorted(found, key=lambda each: (each.since, each.ref))


def _sort(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
