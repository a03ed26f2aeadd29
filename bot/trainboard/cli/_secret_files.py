"""Files that hold secrets: for their owner alone, and never in the place of others."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from trainboard.errors import PermanentError

OWNER_ONLY = 0o600


def check_free(paths: Iterable[Path], *, force: bool) -> None:
    """That files can be made there, before anything is done that cannot be undone.

    Args:
        paths: where they will be.
        force: those that are there may be replaced.

    Raises:
        PermanentError: one is there, or its folder takes no files.
    """
    for path in paths:
        if path.exists() and not force:
            raise PermanentError(f"{path} is there already. Move it away, or replace it with --force.")
        if path.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermanentError(f"Could not write {path}: its folder takes no files from us.")


def write(path: Path, text: str, *, force: bool) -> None:
    """Make a file that only its owner may read, all of it or nothing.

    Args:
        path: where.
        text: what is written, with a line's end.
        force: replace one that is there.

    Raises:
        PermanentError: one is there, or it cannot be written.
    """
    content = (text.rstrip("\n") + "\n").encode()
    try:
        if force:
            _replace(path, content)
        else:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except FileExistsError as error:
        raise PermanentError(f"{path} is there already. Move it away, or replace it with --force.") from error
    except OSError as error:
        raise PermanentError(f"Could not write {path}: {error.strerror}.") from error


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its mode is OWNER_ONLY
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
