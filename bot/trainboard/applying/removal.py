"""Rows of our own that are kept no longer shall be gone."""

import time
from typing import Any

import structlog

from trainboard.applying import Outside
from trainboard.effects import RemoveOldRows
from trainboard.store.retention import Heap, list_heaps

APPLIES = RemoveOldRows

BATCH = 200
PAUSE_SECONDS = 0.005

_log = structlog.get_logger(__name__)


def apply(effect: RemoveOldRows, outside: Outside) -> None:  # noqa: ARG001  it says nothing more
    """Remove them, batch by batch; between two batches others may write."""
    heaps = list_heaps(outside.keep, outside.clock())
    removed = {heap.name: _remove(heap, outside) for heap in heaps}
    if any(removed.values()):
        _log.info("removed what is kept no longer", **{name: rows for name, rows in removed.items() if rows})


def _remove(heap: Heap, outside: Outside) -> int:
    """How many rows of the heap went. Those to come are looked for without keeping anybody from writing."""
    removed, last = 0, None
    while keys := _list_keys(heap, last, outside):
        with outside.database.write() as connection:
            removed += heap.remove(connection, keys)
        last = keys[-1]
        _let_others_write(PAUSE_SECONDS)
    return removed


def _list_keys(heap: Heap, after: Any, outside: Outside) -> Any:
    with outside.database.read() as connection:
        return heap.list_keys(connection, after, BATCH)


_let_others_write = time.sleep
