"""The public keys by which an issuer's tokens are known, fetched beside the requests and never within one."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import structlog

from trainboard.errors import PayloadError, TransientError
from trainboard_webhooks.payload import Payload

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Fetch = Callable[[], bytes]
Spawn = Callable[[Callable[[], None]], None]

FRESH_SECONDS = 24 * 3600.0
PAUSE_SECONDS = 60.0

_MOST_KEYS = 100
_log = structlog.get_logger(__name__)


def spawn_thread(task: Callable[[], None]) -> None:
    """Run `task` in a thread that ends with the process."""
    threading.Thread(target=task, name="signing-keys", daemon=True).start()


class SigningKeys:
    """Keys of one issuer by their id, kept until they are fetched anew.

    Args:
        fetch: the issuer's JSON Web Key Set; may wait and may raise.
        clock: seconds that only grow.
        spawn: runs a fetch beside the caller.
    """

    def __init__(
        self, fetch: Fetch, *, clock: Callable[[], float] = time.monotonic, spawn: Spawn = spawn_thread
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._spawn = spawn
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = threading.Lock()

    def get(self, key_id: str) -> "RSAPublicKey":
        """The key of that id.

        Raises:
            TransientError: it is not known. The keys are fetched, at most once a minute, and it may be
                among them.
        """
        key = self._keys.get(key_id)
        if key is None or self._fetched_at is None or self._clock() - self._fetched_at > FRESH_SECONDS:
            self.refresh()
        if key is None:
            raise TransientError("the key that signed the token is not known yet", retry_after_seconds=5)
        return key

    def refresh(self) -> None:
        """Fetch the keys anew, unless that was tried within the last minute."""
        with self._lock:
            now = self._clock()
            if self._tried_at is not None and now - self._tried_at < PAUSE_SECONDS:
                return
            self._tried_at = now
        self._spawn(self._load)

    def _load(self) -> None:
        try:
            self._keys = read_keys(self._fetch())
        except Exception as error:  # noqa: BLE001  the old keys are as good as they were
            _log.warning("signing keys could not be fetched", reason=str(error))
        else:
            self._fetched_at = self._clock()


def read_keys(body: bytes) -> "dict[str, RSAPublicKey]":
    """The RSA keys of a JSON Web Key Set by their ids; keys of other kinds and for other uses are left out.

    Raises:
        PayloadError: it is no such set, or has no such key.
    """
    import jwt

    found = {}
    for item in list(Payload.parse(body)["keys"])[:_MOST_KEYS]:
        texts = {name: member for name in ("kty", "kid", "n", "e") if (member := _text(item, name))}
        if texts.get("kty") != "RSA" or _text(item, "use") not in {"", "sig"} or "kid" not in texts:
            continue
        try:
            found[texts["kid"]] = jwt.PyJWK(texts, algorithm="RS256").key
        except (jwt.PyJWTError, ValueError):
            continue
    if not found:
        raise PayloadError("the key set has no RSA key for signatures")
    return found


def _text(item: Payload, name: str) -> str:
    member = item.find(name)
    return member.text() if member is not None else ""
