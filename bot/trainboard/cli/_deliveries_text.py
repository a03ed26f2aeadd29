"""Deliveries and rehearsals as text for people. All that came from outside is made printable."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from trainboard.cli._output import second
from trainboard.engine.rehearsal import Asked, Noted, Rehearsal
from trainboard.rendering.terminal import hide_secrets, make_line, make_printable, render_table
from trainboard.rendering.words import say_effect, say_event, say_fact
from trainboard.store.delivery_log import CausedEffect, DeliveryDetails, DeliveryLine

MAX_CELL = 60
HEADER = ("NO", "RECEIVED (UTC)", "SOURCE", "KIND", "STATE", "TRIES", "WHAT CAME OF IT")


def render_list(lines: Sequence[DeliveryLine]) -> str:
    """A table, or a sentence if there is nothing in it."""
    if not lines:
        return "No such delivery."
    return render_table(HEADER, [_row(line) for line in lines])


def render_details(details: DeliveryDetails, body: str | None, *, cut: bool) -> str:
    """Everything that is known of the delivery."""
    return "\n".join([*_facts(details.line), *_events(details), *_effects(details), *_body(body, cut=cut)])


def detail_values(details: DeliveryDetails, body: str | None, *, cut: bool) -> dict[str, Any]:
    """The same for programs."""
    line = msgspec.structs.asdict(details.line) | {"effects": details.effects, "events": details.events}
    return line | {"body": None if body is None else hide_secrets(body), "body_cut": cut}


def render_plan(number: int, rehearsal: Rehearsal) -> str:
    """What a replay would do."""
    return "\n".join(_plan(number, rehearsal))


def plan_values(number: int, rehearsal: Rehearsal) -> dict[str, Any]:
    """The same for programs."""
    return {
        "delivery": number,
        "events": [{"event": event, "words": say_event(event)} for event in rehearsal.events],
        "facts": [
            {"fact": noted.fact, "words": say_fact(noted.fact), "changes": noted.changes}
            for noted in rehearsal.facts
        ],
        "effects": [
            {
                "effect": asked.effect,
                "key": asked.effect.key,
                "words": say_effect(asked.effect),
                "asked_before": asked.before,
                "standing": asked.standing,
            }
            for asked in rehearsal.effects
        ],
        "no_longer_asked": rehearsal.dropped,
    }


def _row(line: DeliveryLine) -> tuple[str, ...]:
    came = ", ".join(f"{kind} {state}" + (f" x{n}" if n > 1 else "") for kind, state, n in line.effects)
    outcome = _shorten("; ".join(filter(None, [came, line.error])))
    return (
        str(line.number),
        second(line.received_at),
        line.source,
        line.kind,
        line.state,
        str(line.attempts),
        outcome,
    )


def _shorten(text: str) -> str:
    line = make_line(text)
    return line if len(line) <= MAX_CELL else f"{line[: MAX_CELL - 3]}..."


def _facts(line: DeliveryLine) -> Iterator[str]:
    yield f"Delivery {line.number}: {make_line(line.source)}, {make_line(line.kind)}"
    yield f"  id        {make_line(line.id)}"
    yield f"  about     {make_line(line.entity)}"
    yield f"  received  {second(line.received_at)} UTC"
    yield f"  state     {line.state}, {line.attempts} failed tries"
    if line.state == "waiting":
        yield f"  next try  {second(line.run_at)} UTC"
    if line.finished_at is not None:
        yield f"  finished  {second(line.finished_at)} UTC"
    if line.error is not None:
        yield f"  {'note' if line.state == 'done' else 'error':10}{make_line(line.error)}"


def _events(details: DeliveryDetails) -> Iterator[str]:
    yield f"Events: {len(details.events) or 'none'}"
    for event in details.events:
        yield f"  {second(event.at)}  {event.kind}  {make_line(event.subject)}"


def _effects(details: DeliveryDetails) -> Iterator[str]:
    yield f"Effects: {len(details.effects) or 'none'}"
    for effect in details.effects:
        yield f"  {_state(effect)}: {make_line(effect.key)}"
        if effect.error is not None:
            yield f"    {make_line(effect.error)}"


def _state(effect: CausedEffect) -> str:
    if effect.state == "pending":
        return f"pending, due {second(effect.run_at)}, {effect.attempts} failed tries"
    return f"{effect.state} {second(effect.applied_at)}"


def _body(body: str | None, *, cut: bool) -> Iterator[str]:
    if body is None:
        yield "Body: kept no longer"
        return
    yield "Body:" + (" its beginning; --body prints all of it" if cut else "")
    yield make_printable(body)


def _plan(number: int, rehearsal: Rehearsal) -> Iterator[str]:
    yield f"If delivery {number} were worked on now (nothing was changed):"
    for event in rehearsal.events:
        yield f"  event   {make_line(say_event(event))}"
    for noted in rehearsal.facts:
        yield from _plan_fact(noted)
    for asked in rehearsal.effects:
        yield f"  effect  {make_line(say_effect(asked.effect))}"
        yield f"          {_say_standing(asked)}"
    for key in rehearsal.dropped:
        yield f"  effect  {make_line(key)} is asked for no longer"
    if not rehearsal.events:
        yield "  nothing: there is nothing in it for us"


def _plan_fact(noted: Noted) -> Iterator[str]:
    yield f"  fact    {make_line(say_fact(noted.fact))}"
    if not noted.changes:
        yield "          changes nothing: it is known, or something later is"
    for change in noted.changes:
        before, after = (_shorten(str(value)) for value in (change.before, change.after))
        yield f"          {change.table}.{change.column}: {before} -> {after}"


def _say_standing(asked: Asked) -> str:
    again = "asked for before" if asked.before else "asked for anew"
    if asked.standing is None:
        return f"{again}; there was none like it"
    at = second(asked.standing.at)
    match asked.standing.state:
        case "pending":
            return f"{again}; folds into the one that is due {at}"
        case "dead":
            return f"{again}; the last one was given up {at}"
        case _:
            return f"{again}; the last one was applied {at}, and what is true is not done again"


def readable(body: bytes) -> str:
    """`body` as text: indented where it is JSON, else as it came."""
    try:
        return msgspec.json.format(body, indent=2).decode(errors="replace")
    except (msgspec.DecodeError, RecursionError):
        return body.decode(errors="replace")
