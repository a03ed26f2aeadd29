"""The corpus: for each target inputs that reached what its seeds do not."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
MOST_BYTES = 48 * 1024
"""So much of a target is kept before it is compressed, the shortest inputs first."""


def list_kept(name: str) -> list[bytes]:
    """The inputs that are kept of a target."""
    path = _path(name)
    if not path.exists():
        return []
    return [text.encode("latin-1") for text in json.loads(gzip.decompress(path.read_bytes()))]


def keep(name: str, inputs: Iterable[bytes]) -> None:
    """Keep these instead of what was kept; the same ones make the same file."""
    FOLDER.mkdir(exist_ok=True)
    left, kept = MOST_BYTES, []
    for data in sorted(set(inputs), key=lambda each: (len(each), each)):
        left -= len(data)
        if left >= 0:
            kept.append(data.decode("latin-1"))
    _path(name).write_bytes(gzip.compress(json.dumps(kept, indent=0).encode(), mtime=0))


def _path(name: str) -> Path:
    return FOLDER / f"{name}.json.gz"
