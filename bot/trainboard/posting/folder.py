"""Files below a folder that the operator names. A file is there whole, or as it was."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from trainboard.diagnosis import Finding, failing
from trainboard.errors import TransientError
from trainboard.posting import Letter


class FolderPost:
    """A folder.

    Args:
        name: what the settings call it.
        folder: where it is; it is made if it is not there.
    """

    is_sure = True

    def __init__(self, *, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder

    def send(self, letter: Letter) -> None:
        """Write the whole report as Markdown, in place of what the file held."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / f"{letter.name}.md", letter.markdown)
        except OSError as error:
            raise TransientError(
                f"The report cannot be written into {self._folder} ({error.strerror}): "
                "make it a folder that the service may write to."
            ) from error

    def examine(self) -> Iterator[Finding]:
        """Whether it may be written to. Nothing is left there."""
        try:
            with NamedTemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            yield failing(
                f"{self.name}: {self._folder} cannot be written to ({error.strerror}).",
                "Make it a folder that the service may write to.",
            )
        else:
            yield Finding(message=f"{self.name}: the folder can be written to.")

    def _write(self, path: Path, text: str) -> None:
        with NamedTemporaryFile(
            "w", dir=self._folder, prefix=".", suffix=".part", delete=False, encoding="utf-8"
        ) as part:
            try:
                part.write(f"{text.rstrip()}\n")
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o644)
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
