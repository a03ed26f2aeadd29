"""The sprint board, and the ways to it."""

from collections.abc import Sequence

import flask
import msgspec
from werkzeug.wrappers import Response

from trainboard.store import board
from trainboard.store.board import Card
from trainboard.web.charts import bar_of
from trainboard.web.columns import MET, TRAINING, column_of, sort_cards
from trainboard.web.site import Site

SPRINT = "/projects/<project>/sprints/<int(signed=True):number>"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The sprint in four numbers."""

    experiments: int
    met: int
    training: int
    runs: int


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of these pages to `blueprint`."""
    shown = _BoardPages(site)
    blueprint.add_url_rule("/", "home", shown.home)
    blueprint.add_url_rule("/projects/<project>", "project", shown.project)
    blueprint.add_url_rule(SPRINT, "sprint", shown.sprint)


def figures_of(cards: Sequence[Card]) -> Figures:
    """What the cards come to."""
    columns = [column_of(card) for card in cards]
    return Figures(
        experiments=len(cards),
        met=columns.count(MET),
        training=columns.count(TRAINING),
        runs=sum(card.runs.total for card in cards),
    )


class _BoardPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def home(self) -> Response | str:
        """The current sprint of the first project."""
        for name in self._site.projects:
            return self.project(name)
        return flask.render_template("welcome.html", site=self._site)

    def project(self, project: str) -> Response:
        """The project's current sprint."""
        number = self._site.current(self._site.get_project(project)).number
        return flask.redirect(flask.url_for("pages.sprint", project=project, number=number))

    def sprint(self, project: str, number: int) -> str:
        """The sprint board."""
        policy = self._site.get_project(project)
        with self._site.database.read() as connection:
            sprint = self._site.get_sprint(connection, policy, number)
            cards = board.list_cards(connection, project, number)
            troubles = self._site.find_troubles(connection)
        return flask.render_template(
            "board.html",
            site=self._site,
            project=policy,
            sprint=sprint,
            current=self._site.current(policy).number,
            progress=self._site.progress(policy, sprint),
            columns=sort_cards(cards),
            figures=figures_of(cards),
            troubles=troubles,
            doors=[door for door in self._site.doors.values() if door.project == project],
            bar_of=bar_of,
            now=self._site.clock(),
        )
