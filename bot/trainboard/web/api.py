"""The board as JSON: the same facts as the page."""

from typing import Any

import flask
from werkzeug.exceptions import NotFound

from trainboard.deliveries import DeliveryState
from trainboard.store import board, inbox, outbox
from trainboard.store.board import Card, ReaderState
from trainboard.web.columns import column_of
from trainboard.web.health import EFFECT_STATES
from trainboard.web.problems import answer
from trainboard.web.site import Site


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of the board's JSON to `blueprint`."""

    def current_board() -> flask.Response:
        return answer(_document(site, flask.request.args.get("project")))

    blueprint.add_url_rule("/api/v1/board", "api_board", current_board)


def _document(site: Site, name: str | None) -> dict[str, Any]:
    if name is None and not site.projects:
        raise NotFound("No project is configured.")
    project = site.get_project(next(iter(site.projects)) if name is None else name)
    current = site.current(project)
    with site.database.read() as connection:
        sprint = site.get_sprint(connection, project, current.number)
        cards = board.list_cards(connection, project.name, sprint.number)
        readers = site.list_readers(connection, project.name)
        deliveries = inbox.count_states(connection)
        effects = outbox.count_states(connection)
    return {
        "project": project.name,
        "sprint": {
            "number": sprint.number,
            "name": sprint.name,
            "start": sprint.start,
            "end": sprint.end,
        },
        "items": [_item(card) for card in cards],
        "deliveries": {state.value: deliveries.get(state, 0) for state in DeliveryState},
        "effects": {state: effects.get(state, 0) for state in EFFECT_STATES},
        "readers": [_reader(reader) for reader in readers],
    }


def _item(card: Card) -> dict[str, Any]:
    return {
        "experiment": card.item.experiment,
        "ref": card.item.ref,
        "url": card.item.url,
        "state": card.item.state,
        "column": column_of(card).slug,
        "carries": card.item.carries,
        "targets": [
            {"text": str(each.target), "verdict": each.verdict.value, "best": each.best}
            for each in card.judgements
        ],
        "runs": {
            "finished": card.runs.finished,
            "running": card.runs.running,
            "failed": card.runs.failed,
            "killed": card.runs.killed,
            "queued": card.runs.queued,
            "total": card.runs.total,
        },
        "models": [
            {"name": model.name, "version": model.version, "aliases": model.aliases} for model in card.models
        ],
        "updated_at": card.updated_at,
    }


def _reader(reader: ReaderState) -> dict[str, Any]:
    return {
        "door": reader.door,
        "read_at": reader.read_at,
        "unreachable_since": reader.unreachable_since,
        "error": reader.error,
    }
