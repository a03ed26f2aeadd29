"""Files of a repository on GitHub."""

import binascii
from base64 import b64decode
from urllib.parse import quote

from msgspec.structs import replace

from trainboard.errors import MissingError, OversizedError
from trainboard.github.faults import explain_gibberish
from trainboard.github.repository import Repository
from trainboard.repositories.github.values import ContentJson

OBJECT = "application/vnd.github.object+json"
RAW = "application/vnd.github.raw+json"


class Contents:
    """The files as they stand at commits and on branches.

    Args:
        repository: sends the calls.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def read(self, path: str, at: str, most_bytes: int) -> str:
        """The text of a file. How large it is is known before more than a megabyte of it is sent.

        Source: "REST API endpoints for repository contents", "Get repository content".
        """
        place, thing = f"/contents/{_quote(path)}", f"{path!r} at {at}"
        call = self._repository.call(f"read {thing}", place, query={"ref": at}, thing=place)
        found = self._repository.send(replace(call, accept=OBJECT), ContentJson)
        if found.type != "file":
            raise MissingError(f"Could not {call.doing}: it is no file, but a {found.type}.")
        if found.size > most_bytes:
            raise OversizedError(f"Could not {call.doing}: it has more than {most_bytes:,} bytes.")
        if found.encoding != "base64":
            return self._repository.read_text(replace(call, accept=RAW))
        try:
            return b64decode(found.content).decode(errors="replace")
        except binascii.Error as error:
            raise explain_gibberish(call) from error


def _quote(path: str) -> str:
    """`path` as a part of an address, which must not lead elsewhere."""
    if any(part in {"", ".", ".."} for part in path.split("/")):
        raise MissingError(
            f"There is no file {path!r} at GitHub: part of its path is empty, or made of dots."
        )
    return quote(path)
