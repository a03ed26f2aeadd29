"""The pages and the same facts as JSON, behind one guard."""

from collections.abc import Callable, Mapping
from datetime import datetime

import flask

from trainboard.policy import Door, Project
from trainboard.store.database import Database
from trainboard.web import (
    alert_api,
    alert_pages,
    api,
    board_pages,
    delivery_pages,
    deployment_pages,
    experiment_page,
    item_pages,
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
) -> flask.Blueprint:
    """All pages. `access` says who sees them: this machine, everybody, or nobody."""
    made = flask.Blueprint("pages", __name__)
    site = Site(database, projects, doors, clock)
    made.before_request(lambda: guard(access))
    for part in (
        board_pages,
        experiment_page,
        deployment_pages,
        alert_pages,
        delivery_pages,
        item_pages,
        api,
        alert_api,
    ):
        part.add(made, site)
    return made
