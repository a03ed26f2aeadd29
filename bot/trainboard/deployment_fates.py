"""What became of each deployment into one environment, told anew from all of them."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from trainboard.pull_requests import Deployment, DeploymentState


class Fate(msgspec.Struct, frozen=True):
    """How a deployment stands now, and whether it brought back what had stood there earlier."""

    state: DeploymentState
    is_rollback: bool


def judge_fates(
    deployments: Iterable[Deployment], what: Callable[[Deployment], str | None] = lambda each: each.commit
) -> Mapping[str, Fate]:
    """What became of each deployment of an environment, by ref; `what` tells what was deployed, if known.

    What stood there one after the other is a pile. Something that is deployed again while something else lies
    above it is brought back: what lies above was rolled back, and leaves the pile. What was rolled back and
    comes again is a new try.
    """
    told = list(deployments)
    pile: list[Deployment] = []
    places: dict[str | None, int] = {}
    undone: set[str] = set()
    rollbacks: set[str] = set()
    for each in _list_successes(told):
        name = what(each)
        keep = len(pile) if name is None else places.get(name, len(pile) - 1) + 1
        if above := pile[keep:]:
            undone.update(one.ref for one in above)
            rollbacks.add(each.ref)
            for one in above:
                places.pop(what(one), None)
        pile[keep:] = [each]
        if name is not None:
            places[name] = keep
    top = pile[-1].ref if pile else None
    return {
        each.ref: Fate(_become(each, top, is_undone=each.ref in undone), each.ref in rollbacks)
        for each in told
    }


def _list_successes(deployments: Iterable[Deployment]) -> list[Deployment]:
    succeeded = [(each.succeeded_at, each.ref, each) for each in deployments if each.succeeded_at]
    return [each for _, _, each in sorted(succeeded, key=lambda one: one[:2])]


def _become(deployment: Deployment, top: str | None, *, is_undone: bool) -> DeploymentState:
    if is_undone:
        return DeploymentState.ROLLED_BACK
    is_covered = deployment.state is DeploymentState.SUCCEEDED and deployment.ref != top
    return DeploymentState.REPLACED if is_covered else deployment.state
