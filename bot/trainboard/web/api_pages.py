"""The description of the API: the document for programs, and a page for people."""

from functools import cache

import flask
import msgspec

from trainboard.web import api
from trainboard.web.api.answering import CACHING
from trainboard.web.api.description import ABOUT, describe, list_schemas
from trainboard.web.api.operations import SCOPES
from trainboard.web.api.outline import group_operations, list_values, say_bounds
from trainboard.web.problems import answer
from trainboard.web.site import Site


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of both to `blueprint`."""

    def document() -> flask.Response:
        response = answer(msgspec.Raw(_write()))
        response.headers["Cache-Control"] = CACHING
        response.add_etag()
        response.make_conditional(flask.request)
        return response

    def page() -> str:
        with site.database.read() as connection:
            troubles = site.find_troubles(connection)
        operations = api.load()
        return flask.render_template(
            "api.html",
            site=site,
            groups=group_operations(operations),
            values=list_values(list_schemas(operations)),
            scopes=SCOPES,
            about=ABOUT,
            say_bounds=say_bounds,
            troubles=troubles,
            now=site.clock(),
        )

    blueprint.add_url_rule("/openapi.json", "openapi", document)
    blueprint.add_url_rule("/api", "api", page)


@cache
def _write() -> bytes:
    return msgspec.json.encode(describe(api.load()))
