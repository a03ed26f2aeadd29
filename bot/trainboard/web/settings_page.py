"""What the process runs with, for operators. No secret gets this far."""

from collections.abc import Sequence

import flask
import msgspec

from trainboard.web.permission import require
from trainboard.web.site import Site


class ShownEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A key and its value in words; of a secret whether it is set."""

    key: str
    value: str
    is_secret: bool = False


class ShownSection(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the settings, under its header."""

    name: str
    entries: tuple[ShownEntry, ...]


def add(blueprint: flask.Blueprint, site: Site, sections: Sequence[ShownSection]) -> None:
    """Add the address of this page to `blueprint`."""

    def settings() -> str:
        require("settings:read")
        with site.database.read() as connection:
            troubles = site.find_troubles(connection)
        return flask.render_template(
            "settings.html", site=site, sections=sections, troubles=troubles, now=site.clock()
        )

    blueprint.add_url_rule("/settings", "settings", settings)
