"""The API for programs: operations that are declared where they are answered, and described from that."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import flask

from trainboard.web.api.answering import respond
from trainboard.web.api.operations import Operation, Scope, list_operations
from trainboard.web.site import Site


@cache
def load() -> tuple[Operation, ...]:
    """Every operation, by its path."""
    package = import_module(f"{__name__}.resources")
    return tuple(sorted(list_operations(package), key=lambda each: each.path))


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of every operation to `blueprint`, whose `before_request` guards them all."""
    for operation in load():
        blueprint.add_url_rule(
            operation.rule, operation.endpoint, _make_view(operation, site), methods=[operation.method]
        )


def find_scope(endpoint: str | None) -> Scope | None:
    """What a token must allow to reach that Flask endpoint; None where it is no operation of the API."""
    return _scopes().get((endpoint or "").rpartition(".")[2])


@cache
def _scopes() -> dict[str, Scope]:
    return {operation.endpoint: operation.scope for operation in load()}


def _make_view(operation: Operation, site: Site) -> Callable[..., flask.Response]:
    def view(**places: str) -> flask.Response:
        return respond(operation, site, places)

    return view
