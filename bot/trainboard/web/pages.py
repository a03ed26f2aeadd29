"""The pages and the same facts as JSON, behind one guard."""

from collections.abc import Callable, Mapping
from datetime import datetime

import flask

from trainboard.policy import Door, Project
from trainboard.store.database import Database
from trainboard.web import (
    alert_pages,
    api,
    api_pages,
    board_pages,
    delivery_pages,
    deployment_pages,
    experiment_page,
    health_page,
    item_pages,
    pull_request_page,
    sprint_calendar,
    sprint_comparison,
    sprint_pages,
)
from trainboard.web.access import Access, guard
from trainboard.web.site import Site


def pages(
    database: Database,
    projects: Mapping[str, Project],
    doors: Mapping[str, Door],
    clock: Callable[[], datetime],
    *,
    access: Access,
    public_url: str = "",
) -> flask.Blueprint:
    """All pages. `access` says who sees them: this machine, everybody, or nobody.

    `public_url` is their address for others, "" where there is none.
    """
    made = flask.Blueprint("pages", __name__)
    site = Site(database, projects, doors, clock, public_url)
    made.before_request(lambda: guard(access))
    for part in (
        board_pages,
        experiment_page,
        pull_request_page,
        deployment_pages,
        alert_pages,
        delivery_pages,
        health_page,
        item_pages,
        sprint_pages,
        sprint_comparison,
        sprint_calendar,
        api,
        api_pages,
    ):
        part.add(made, site)
    return made
