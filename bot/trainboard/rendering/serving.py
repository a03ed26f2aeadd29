"""Where a version of a model came into use, in words, for work items."""

from collections.abc import Iterable

from trainboard.deployments import Environment, Step
from trainboard.pull_requests import DeploymentState
from trainboard.rendering.checks import MARKS, NAME_CHARACTERS
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code
from trainboard.rendering.numbers import minute

_MAX_PLACES = 6


def name_version(model: str, version: str | None) -> str:
    """The model, and its version where it has one, in Markdown."""
    name = inert_code(model, NAME_CHARACTERS) or NO_NAME
    return f"{name} version {inert(version, NAME_CHARACTERS)}" if version else name


def render_places(places: Iterable[tuple[Environment, Step]]) -> str:
    """The places with what became of the version there, in order of time; empty for none.

    A place that lost it and was rolled back says so; one that has it says since when.
    """
    ordered = sorted(places, key=lambda each: (each[1].at, each[0].kind, each[0].name))
    return " → ".join(_say(place, step) for place, step in ordered[-_MAX_PLACES:])


def _say(place: Environment, step: Step) -> str:
    name = inert_code(place.name, NAME_CHARACTERS) or NO_NAME
    address = find_address(step.deployment.url)
    named = f"[{name}]({address})" if address else name
    stands = step.state is DeploymentState.SUCCEEDED
    state = f"since {minute(step.at)} UTC" if stands else step.state.value
    back = " (rollback)" if step.is_rollback and stands else ""
    return f"{place.kind} {named} {MARKS.get(step.state, '')}{state}{back}"
