"""Where the aliases of a registry point shall be known, also where its webhooks told nothing or too late."""

from collections.abc import Iterator

import structlog
from msgspec.structs import replace

from trainboard.applying import Outside, polled
from trainboard.errors import TrainboardError
from trainboard.events import ModelChanged
from trainboard.experiments import Registry, RunReader
from trainboard.store import runs, servings
from trainboard.store.servings import Pointers

_log = structlog.get_logger(__name__)


def store_moves(door: str, outside: Outside) -> None:
    """Store what differs from what is known as deliveries: a version, and an alias that points elsewhere.

    Models of which the project knows no version count from when a run of its makes one. A registry that does
    not answer keeps no run from being read, and is asked again with the next reading.
    """
    reader, project = outside.readers[door], outside.doors[door].project
    try:
        registry = reader.read_registry()
        with outside.database.read() as connection:
            known = servings.list_pointers(connection, [project])
        moves = list(list_moves(door, registry, known))
        told = [each for move in moves for each in _with_version(move, project, reader, outside)]
    except TrainboardError as error:
        _log.warning("could not read the model registry", source=door, error=str(error))
        return
    polled.accept(map(polled.make_model_delivery, told), outside, outside.clock())


def _with_version(
    move: ModelChanged, project: str, reader: RunReader, outside: Outside
) -> Iterator[ModelChanged]:
    """The move, after what is to be known of its version; nothing where its run is not one of the project."""
    with outside.database.read() as connection:
        run_id = move.version and runs.run_of_version(connection, project, move.model, move.version)
    if move.version is None or run_id:
        yield move
        return
    made = reader.find_version(move.model, move.version)
    if made is None or made.run_id is None:
        return
    with outside.database.read() as connection:
        is_ours = bool(runs.experiments_of_run(connection, project, made.run_id))
    if is_ours:
        yield replace(move, action="version", at=made.at, alias=None, run_id=made.run_id)
        yield move


def list_moves(door: str, registry: Registry, known: Pointers) -> Iterator[ModelChanged]:
    """What the registry's aliases did since what is known; of models that it does not name nothing."""
    now = {
        (model, alias): version
        for model, aliases in registry.aliases.items()
        for alias, version in aliases.items()
    }
    before = {
        (model, alias): version
        for (_, model, version), aliases in known.items()
        for alias in aliases
        if model in registry.aliases
    }
    for model, alias in sorted(now.keys() | before.keys()):
        version = now.get((model, alias))
        if version != before.get((model, alias)):
            yield ModelChanged(
                door=door,
                action="alias set" if version else "alias cleared",
                model=model,
                at=registry.at,
                version=version,
                alias=alias,
            )
