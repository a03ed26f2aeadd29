"""A work item of the local board, to read."""

import flask
from werkzeug.exceptions import NotFound

from trainboard.store import items, local_board
from trainboard.web.markdown import render_markdown
from trainboard.web.site import Site

_MAX_NUMBER = 2**63 - 1


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""

    def item(ref: int) -> str:
        return _render(site, ref)

    blueprint.add_url_rule(f"/items/<int(max={_MAX_NUMBER}):ref>", "item", item)


def _render(site: Site, ref: int) -> str:
    with site.database.read() as connection:
        item = local_board.find_item(connection, ref)
        if item is None or item.board not in site.projects:
            raise NotFound("The local board has no work item of that number.")
        known = items.find_by_ref(connection, f"local:{item.board}", str(ref))
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "item.html",
        site=site,
        project=site.projects[item.board],
        item=item,
        known=known,
        render_markdown=render_markdown,
        troubles=troubles,
        now=site.clock(),
    )
