"""What came in, and what came of it."""

from collections.abc import Sequence

import flask
import msgspec
from werkzeug.exceptions import NotFound

from trainboard.deliveries import DeliveryState
from trainboard.store import delivery_log, gaps, report_claims
from trainboard.store.delivery_log import DeliveryFilter
from trainboard.web.site import Site

MAX_BODY_BYTES = 100_000
MAX_GAPS = 5
MAX_REPORTS = 10
STATES = {state.value: state.value for state in DeliveryState} | {"failed": "with a failed effect"}
_MAX_NUMBER = 2**63 - 1


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of these pages to `blueprint`."""

    def deliveries() -> str:
        return _render_list(site)

    def delivery(number: int) -> str:
        return _render_details(site, number)

    blueprint.add_url_rule("/deliveries", "deliveries", deliveries)
    blueprint.add_url_rule(f"/deliveries/<int(max={_MAX_NUMBER}):number>", "delivery", delivery)


def readable(body: bytes) -> str:
    """`body` as text of at most 100,000 characters: indented where it is JSON, else as it came."""
    try:
        text = msgspec.json.format(body, indent=2).decode(errors="replace")
    except (msgspec.DecodeError, RecursionError):
        text = body[:MAX_BODY_BYTES].decode(errors="replace")
    return text[:MAX_BODY_BYTES]


def _wanted(sources: Sequence[str]) -> DeliveryFilter:
    asked = flask.request.args
    before = asked.get("before", type=int)
    return DeliveryFilter(
        state=asked["state"] if asked.get("state") in STATES else "",
        source=asked["source"] if asked.get("source") in sources else "",
        ticks="ticks" in asked,
        before=before if before is not None and 0 <= before <= _MAX_NUMBER else None,
    )


def _render_list(site: Site) -> str:
    with site.database.read() as connection:
        sources = delivery_log.list_sources(connection)
        wanted = _wanted(sources)
        page = delivery_log.list_page(connection, wanted)
        troubles = site.find_troubles(connection)
        latest_gaps = gaps.list_latest(connection, MAX_GAPS)
        looks = gaps.list_looks(connection)
        reports = report_claims.list_last(connection, MAX_REPORTS)
    return flask.render_template(
        "deliveries.html",
        gaps=latest_gaps,
        reports=reports,
        unreachable={source: look for source, look in looks.items() if look.unreachable_since},
        site=site,
        page=page,
        wanted=wanted,
        sources=sources,
        states=STATES,
        troubles=troubles,
        now=site.clock(),
    )


def _render_details(site: Site, number: int) -> str:
    with site.database.read() as connection:
        details = delivery_log.find_details(connection, number)
        troubles = site.find_troubles(connection)
    if details is None:
        raise NotFound("No delivery of that number came in, or it was deleted.")
    body = None if details.body is None else readable(details.body)
    return flask.render_template(
        "delivery.html",
        site=site,
        details=details,
        body=body,
        cut=body is not None and len(body) >= MAX_BODY_BYTES,
        troubles=troubles,
        now=site.clock(),
    )
