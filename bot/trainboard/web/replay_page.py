"""A delivery worked on once more: first what would come of it, then, if somebody says so, for good.

Programs say so by an operation of the API, which asks here.
"""

from collections.abc import Callable
from http import HTTPStatus

import flask
import structlog
from werkzeug.exceptions import Conflict, NotFound
from werkzeug.wrappers import Response

from trainboard.deliveries import Delivery
from trainboard.engine.rehearsal import Asked, Rehearsal
from trainboard.errors import PayloadError
from trainboard.rendering.words import say_effect, say_event, say_fact
from trainboard.store import delivery_log, inbox
from trainboard.store.delivery_log import DeliveryDetails
from trainboard.web.permission import find_visitor, require
from trainboard.web.site import Site

Rehearse = Callable[[int, Delivery], Rehearsal]
"""What a delivery would do now; raises PayloadError where it would be dead."""

_MAX_NUMBER = 2**63 - 1

_log = structlog.get_logger(__name__)


def add(blueprint: flask.Blueprint, site: Site, rehearse: Rehearse) -> None:
    """Add the addresses of this page to `blueprint`."""

    def preview(number: int) -> str:
        require("deliveries:replay")
        return _render(site, rehearse, _find(site, number))

    def replay_now(number: int) -> Response:
        replay(site, number)
        return flask.redirect(flask.url_for("pages.delivery", number=number), HTTPStatus.SEE_OTHER)

    place = f"<int(max={_MAX_NUMBER}):number>/replay"
    blueprint.add_url_rule(f"/deliveries/{place}", "replay", preview)
    blueprint.add_url_rule(f"/deliveries/{place}", "replay_now", replay_now, methods=["POST"])


def replay(site: Site, number: int) -> None:
    """Let the delivery be worked on once more, if whoever asks may have that.

    Raises:
        Unauthorized: it is not known who asks.
        Forbidden: they may not.
        NotFound: there is no such delivery.
        Conflict: its body is kept no longer.
    """
    require("deliveries:replay")
    _find(site, number)
    visitor = find_visitor()
    with site.database.write() as connection:
        inbox.replay(connection, number, site.clock())
    _log.info("a delivery is replayed", delivery=number, who=visitor.name if visitor else "")


def _find(site: Site, number: int) -> DeliveryDetails:
    with site.database.read() as connection:
        details = delivery_log.find_details(connection, number)
    if details is None:
        raise NotFound("No delivery of that number came in, or it was deleted.")
    if details.body is None:
        raise Conflict("The delivery cannot be worked on again: its body is kept no longer.")
    return details


def _render(site: Site, rehearse: Rehearse, details: DeliveryDetails) -> str:
    line = details.line
    delivery = Delivery(
        source=line.source, id=line.id, kind=line.kind, entity=line.entity, body=details.body or b""
    )
    rehearsal, error = None, ""
    try:
        rehearsal = rehearse(line.number, delivery)
    except PayloadError as refused:
        error = str(refused)
    with site.database.read() as connection:
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "replay.html",
        site=site,
        line=line,
        error=error,
        events=[say_event(event) for event in rehearsal.events] if rehearsal else [],
        facts=[(say_fact(noted.fact), noted.changes) for noted in rehearsal.facts] if rehearsal else [],
        effects=[(say_effect(asked.effect), _say_standing(asked)) for asked in rehearsal.effects]
        if rehearsal
        else [],
        dropped=rehearsal.dropped if rehearsal else (),
        troubles=troubles,
        now=site.clock(),
    )


def _say_standing(asked: Asked) -> str:
    again = "asked for before" if asked.before else "asked for anew"
    if asked.standing is None:
        return f"{again}; there was none like it"
    match asked.standing.state:
        case "pending":
            return f"{again}; folds into the one that waits"
        case "dead":
            return f"{again}; the last one was given up"
        case _:
            return f"{again}; the last one was applied, and what is true is not done again"
