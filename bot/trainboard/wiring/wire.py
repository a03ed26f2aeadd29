"""The wire and the web: how a message becomes a delivery and events, and what answers over HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from trainboard import events
from trainboard.applying import Outside
from trainboard.applying.polled import POLL_SOURCE
from trainboard.deliveries import CLOCK_SOURCE, Delivery
from trainboard.engine.intake import Intake
from trainboard.engine.rehearsal import Rehearser
from trainboard.errors import PayloadError
from trainboard.events import Event
from trainboard.ledgers import Message
from trainboard.settings import Settings
from trainboard.settings.changes import SettingsFile
from trainboard.telemetry import Telemetry
from trainboard.web.front import Front
from trainboard.web.probes import Probes
from trainboard.web.threads import PagesInThreads
from trainboard.wiring.senders import credentials
from trainboard_webhooks import sources
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.loop_gate import LoopGate
from trainboard_webhooks.receive import Receiver

if TYPE_CHECKING:
    from flask import Blueprint

    from trainboard.web.entrance import Entrance
    from trainboard.web.pages import Inside


def parse(delivery: Delivery) -> Iterable[Event]:
    """The events of a stored delivery: of a source's body, or of our own clock and polls."""
    kind = delivery.source.split("/", 1)[0]
    if kind in {CLOCK_SOURCE, POLL_SOURCE}:
        return [events.decode(delivery.body)]
    return sources()[kind].parse(delivery.source, delivery.kind, delivery.body)


def identify(source: str, message: Message) -> Delivery:
    """The delivery that a message of `source` would have been, had it come by its webhook.

    Raises:
        PayloadError: it is not what the source promises, also where only the worker would see that, or
            a greeting.
    """
    identity = sources()[source].identify(message.headers, message.body)
    if identity is None:
        raise PayloadError("it is a greeting, which is never stored")
    list(sources()[source].parse(source, identity.kind, message.body))
    return Delivery(
        source=source,
        id=identity.id,
        kind=identity.kind,
        entity=identity.entity,
        body=message.body if identity.body is None else identity.body,
        event_key=identity.event_key,
        hook=identity.hook,
    )


@dataclass(frozen=True)
class Doors:
    """One receiver and its pages, for either kind of server; and what a process without these answers."""

    wsgi: WSGIApplication
    rsgi: LoopGate
    probes: WSGIApplication


def make_doors(settings: Settings, outside: Outside, intake: Intake, telemetry: Telemetry) -> Doors:
    """The gate of the webhooks, and the pages behind it."""

    def observe(door: str, outcome: str, seconds: float) -> None:
        kind = door.split("/", 1)[0]
        telemetry.note_request(kind if kind in sources() else "unknown", outcome, seconds)

    def seconds() -> float:
        return outside.clock().timestamp()

    receiver = Receiver(credentials(settings), clock=seconds, observe=observe)
    file = SettingsFile(settings.file)
    made = partial(_health, settings, outside, telemetry, intake)
    front = Front(lambda: _app(settings, outside, made(), file))
    return Doors(
        wsgi=Gate(receiver, intake, front),
        rsgi=LoopGate(receiver, intake.offer, PagesInThreads(front)),
        probes=Probes(Front(lambda: _probes(made()))),
    )


def _probes(health: "Blueprint") -> WSGIApplication:
    from trainboard.web.app import create_app

    return create_app(health)


def _health(settings: Settings, outside: Outside, telemetry: Telemetry, intake: Intake) -> "Blueprint":
    from trainboard.web.health import health
    from trainboard.wiring.entrance import make_api_tokens

    monitors = {door.name.partition("/")[0] for door in outside.doors.values() if door.alerts}
    asks = settings.server.metrics == "token"
    return health(
        outside.database,
        telemetry,
        outside.clock,
        monitors,
        outside.readers,
        is_storing=lambda: intake.is_storing,
        guard_metrics=make_api_tokens(settings).guard_metrics if asks else lambda: None,
    )


def _app(settings: Settings, outside: Outside, health: "Blueprint", file: SettingsFile) -> WSGIApplication:
    from trainboard.web.app import create_app
    from trainboard.web.pages import pages
    from trainboard.wiring.entrance import make_entrance

    entrance = make_entrance(settings, outside.database, outside.clock)
    return create_app(
        health,
        pages(
            outside.database,
            outside.projects,
            outside.doors,
            outside.clock,
            access=settings.server.dashboard if entrance is None else _inside(entrance, settings, outside),
            public_url=settings.server.public_url,
            find_change=file.find_change,
        ),
        *([] if entrance is None else [entrance.blueprint()]),
    )


def _inside(entrance: "Entrance", settings: Settings, outside: Outside) -> "Inside":
    from trainboard.web.pages import Inside
    from trainboard.wiring.entrance import list_shown

    rehearser = Rehearser(outside.database, parse, outside.projects, outside.doors, outside.clock)
    return Inside(entrance=entrance, rehearse=rehearser.rehearse, shown_settings=list_shown(settings))
