"""One file from where a platform keeps it: another host, which is told nothing of us."""

import time
from contextlib import closing
from urllib.parse import urlsplit

import requests

from trainboard import __version__
from trainboard.errors import MissingError, OversizedError, PermanentError, TransientError

TIMEOUT_SECONDS = 15
MOST_SECONDS = 60
_CHUNK_BYTES = 64 * 1024


def download(address: str, doing: str, most_bytes: int, api_url: str) -> bytes:
    """The file at `address`, if it has at most `most_bytes`.

    Args:
        address: as the platform gave it out; it is signed, so that no error tells it.
        doing: what it is asked for; completes "Could not …".
        most_bytes: no more are taken.
        api_url: the API's root, whose scheme the address must have, or a safer one.

    Raises:
        MissingError: it is not there any more.
        OversizedError: it is larger.
        PermanentError: the platform named no address.
        TransientError: it did not come.
    """
    if urlsplit(address).scheme not in {"https", urlsplit(api_url).scheme}:
        raise PermanentError(f"Could not {doing}: its platform told no address of it that may be used.")
    try:
        with requests.Session() as session:
            answer = session.get(
                address,
                auth=_add_nothing,
                headers={"User-Agent": f"trainboard/{__version__}"},
                allow_redirects=False,
                stream=True,
                timeout=TIMEOUT_SECONDS,
            )
            with closing(answer):
                return _read(answer, doing, most_bytes)
    except requests.RequestException as error:
        name = type(error).__name__
        raise TransientError(f"Could not {doing}: it did not come ({name}). Try again.") from None


def _add_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """In the place of what a `.netrc` would add."""
    return request


def _read(answer: requests.Response, doing: str, most_bytes: int) -> bytes:
    status = answer.status_code
    if status in {requests.codes.not_found, requests.codes.gone}:
        raise MissingError(f"Could not {doing}: it is not there any more ({status}).")
    if status != requests.codes.ok:
        raise TransientError(f"Could not {doing}: its host answered {status}. Try again.")
    content, until = bytearray(), time.monotonic() + MOST_SECONDS
    for chunk in answer.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > most_bytes:
            raise OversizedError(f"Could not {doing}: it has more than {most_bytes:,} bytes.")
        if time.monotonic() > until:
            raise TransientError(f"Could not {doing} within {MOST_SECONDS} seconds. Try again.")
    return bytes(content)
