"""Whether the settings file is still the one that this process read."""

import os
from collections.abc import Mapping
from pathlib import Path

from trainboard.settings.findings import SettingsError
from trainboard.settings.loading import load

_RESTART = "The settings file was changed since this process began: restart it to have that count."


class SettingsFile:
    """The file as it was when this was made. May be asked by any number of threads.

    Args:
        path: of the file that was read; None where there was none.
        environ: what it is read with.
    """

    def __init__(self, path: Path | None, environ: Mapping[str, str] = os.environ) -> None:
        self._path = path
        self._environ = environ
        self._text = _read(path)
        self._known = (self._text, "")

    def find_change(self) -> str:
        """What people should know of it, in words that the file does not hold; "" for nothing."""
        text = _read(self._path)
        if text != self._known[0]:
            self._known = (text, self._say(text))
        return self._known[1]

    def _say(self, text: bytes | None) -> str:
        if text == self._text:
            return ""
        try:
            load(self._path, self._environ)
        except SettingsError as error:
            first, *others = error.findings
            where = first.where if first.line is None else f"{first.where}:{first.line}"
            more = f" and {len(others)} more" if others else ""
            return (
                f"The settings file was changed and cannot be used: {where}{more}, as trainboard config "
                "check says. This process goes on with what it read when it began, and would not start again."
            )
        return _RESTART


def _read(path: Path | None) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError:
        return None
