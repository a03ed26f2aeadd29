"""The pages and the same facts as JSON, behind one guard."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import flask
import msgspec

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
    replay_page,
    settings_page,
    sprint_calendar,
    sprint_comparison,
    sprint_pages,
)
from trainboard.web.access import Access, guard
from trainboard.web.entrance import Entrance
from trainboard.web.replay_page import Rehearse
from trainboard.web.settings_page import ShownSection
from trainboard.web.site import Site


class Inside(msgspec.Struct, frozen=True, kw_only=True):
    """What there is only where people sign in: who may pass, what a replay would do, and the settings."""

    entrance: Entrance
    rehearse: Rehearse
    shown_settings: Sequence[ShownSection] = ()


def pages(  # noqa: PLR0913  each is another part of what they show
    database: Database,
    projects: Mapping[str, Project],
    doors: Mapping[str, Door],
    clock: Callable[[], datetime],
    *,
    access: Access | Inside,
    public_url: str = "",
    find_change: Callable[[], str] = lambda: "",
) -> flask.Blueprint:
    """All pages. `access` says who sees them: this machine, everybody, nobody, or who signed in.

    `public_url` is their address for others, "" where there is none. `find_change` says what people should
    know of the settings file.
    """
    made = flask.Blueprint("pages", __name__)
    site = Site(database, projects, doors, clock, public_url, find_change)
    if isinstance(access, Inside):
        made.before_request(access.entrance.guard)
        replay_page.add(made, site, access.rehearse)
        settings_page.add(made, site, access.shown_settings)
    else:
        made.before_request(partial(guard, access))
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
