"""The history of an experiment's work items as text for people. All from outside is made printable."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from trainboard.cli._output import second
from trainboard.rendering.terminal import make_line
from trainboard.rendering.words import say_effect, say_event
from trainboard.store.history import Cause, PastEffect, PastEvent, Subject

MAX_CAUSES = 5


def render_history(subject: Subject, effects: Sequence[PastEffect], events: Sequence[PastEvent]) -> str:
    """The work items, then what was done and what happened to them, in the order of time."""
    parts: list[tuple[datetime, list[str]]] = [
        *((past.at or past.asked_at, list(_effect(past))) for past in effects),
        *((past.at, [_event(past)]) for past in events),
    ]
    parts.sort(key=lambda part: part[0])
    lines = [line for _, lines in parts for line in lines]
    return "\n".join(
        [*_head(subject), *(lines or ["  Nothing was done: its runs are recorded, and no more."])]
    )


def history_values(
    subject: Subject, effects: Sequence[PastEffect], events: Sequence[PastEvent]
) -> dict[str, Any]:
    """The same for programs."""
    return {
        "project": subject.project,
        "experiment": subject.experiment,
        "work_items": subject.items,
        "effects": [_effect_values(past) for past in effects],
        "events": [msgspec.structs.asdict(past) | {"words": say_event(past.event)} for past in events],
    }


def _head(subject: Subject) -> Iterator[str]:
    yield make_line(f"Experiment {subject.experiment} of project {subject.project}; times in UTC")
    for item in subject.items:
        where = f"#{item.ref} of {item.tracker}, {item.state}, sprint {item.number}: {item.url}"
        yield f"  {make_line(where)}"
    if not subject.items:
        yield "  It has no work item."


def _effect(past: PastEffect) -> Iterator[str]:
    when = second(past.at or past.asked_at)
    yield f"{when}  {_say_state(past)}: {make_line(say_effect(past.effect))}"
    if past.error is not None:
        yield f"    {make_line(past.error)}"
    for cause in past.causes[-MAX_CAUSES:]:
        yield f"    because {_say_cause(cause)}"
    if len(past.causes) > MAX_CAUSES:
        yield f"    and because of {len(past.causes) - MAX_CAUSES:,} before"
    if not past.causes:
        yield "    because something else needed it, or of deliveries that are kept no longer"


def _event(past: PastEvent) -> str:
    by = "" if past.delivery is None else f" (delivery {past.delivery})"
    return f"{second(past.at)}  told: {make_line(say_event(past.event))}{by}"


def _say_state(past: PastEffect) -> str:
    match past.state:
        case "applied":
            return "made true"
        case "dead":
            return "given up"
        case _:
            return f"waits, due {second(past.run_at)}, {past.attempts} failed tries"


def _say_cause(cause: Cause) -> str:
    said = "; ".join(map(say_event, cause.events)) or f"{cause.kind} came"
    return make_line(f"{said} (delivery {cause.number} of {cause.source}, {second(cause.received_at)})")


def _effect_values(past: PastEffect) -> dict[str, Any]:
    causes = [
        msgspec.structs.asdict(cause) | {"words": [say_event(event) for event in cause.events]}
        for cause in past.causes
    ]
    told = {"kind": type(past.effect).__name__, "key": past.effect.key, "words": say_effect(past.effect)}
    return msgspec.structs.asdict(past) | told | {"causes": causes}
