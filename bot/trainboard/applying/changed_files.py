"""What the files tell that a pull request changes."""

from collections.abc import Sequence

from msgspec.structs import replace

from trainboard.changed_paths import ChangedPaths, read_paths
from trainboard.notebooks import ChangedNotebook, is_notebook
from trainboard.repositories import ChangedFile


def read_files(files: Sequence[ChangedFile], head: str) -> ChangedPaths:
    """What their paths tell, with the notebooks that are left at commit `head`."""
    notebooks = {
        file.path: ChangedNotebook(path=file.path, blob=file.blob or head, former=file.former)
        for file in files
        if is_notebook(file.path) and not file.is_removed
    }
    return replace(read_paths([file.path for file in files]), notebooks=tuple(notebooks.values()))
