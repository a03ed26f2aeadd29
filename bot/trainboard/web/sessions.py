"""Sessions of people who signed in, and the cookies by which their browsers are known."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import flask
import msgspec
from itsdangerous import BadData, URLSafeTimedSerializer

from trainboard.sign_in import Attempt
from trainboard.store import sessions
from trainboard.store.database import Database
from trainboard.store.sessions import Session
from trainboard.visitors import Person

ATTEMPT_SECONDS = 600
MAX_COOKIE_CHARACTERS = 3_000

_SESSION, _ATTEMPT, _FORM = "trainboard", "trainboard-attempt", "trainboard-form"
_NOTED_EVERY = timedelta(minutes=1)
_NONCE_CHARACTERS = 32


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session lasts: without a page, and in any case."""

    idle: timedelta = timedelta(hours=8)
    most: timedelta = timedelta(hours=24)


class Sessions:
    """Who is signed in.

    Args:
        database: where the sessions are.
        clock: answers the present moment, aware, in UTC.
        key: of the installation; signs what browsers keep for us.
        limits: how long a session lasts.
        rules: what lets people in just now, by way: whoever came in by others is out.
        secure: whether browsers reach us by https alone.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        key: bytes,
        limits: Limits,
        rules: Mapping[str, str],
        *,
        secure: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._key = key
        self._limits = limits
        self._rules = rules
        self._secure = secure
        self._signer = URLSafeTimedSerializer(
            key, salt="attempt", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def find(self) -> tuple[Person, str] | None:
        """Whose browser asks, and what its forms carry; None if nobody is signed in."""
        value = self._read(_SESSION)
        if not value:
            return None
        id_, now = _digest(value), self._clock()
        with self._database.read() as connection:
            session = sessions.find(connection, id_)
        if session is None or not self._holds(session, now):
            return None
        if now - session.seen_at >= _NOTED_EVERY:
            with self._database.write() as connection:
                sessions.note_seen(connection, id_, now)
        return session.person, self._form_token(value)

    def open(self, response: flask.Response, person: Person) -> None:
        """Sign the person in, under an id that no browser had before; a session before it ends."""
        self._end()
        value, now = secrets.token_urlsafe(32), self._clock()
        session = Session(
            id=_digest(value),
            person=person,
            rules=self._rules[person.way],
            seen_at=now,
            until=now + self._limits.most,
        )
        with self._database.write() as connection:
            sessions.put(connection, session)
        self._set(response, _SESSION, value, int(self._limits.most.total_seconds()))
        for name in (_ATTEMPT, _FORM):
            self._set(response, name, "", 0)

    def close(self, response: flask.Response) -> None:
        """Sign whoever asks out; what the browser kept is good for nothing more."""
        self._end()
        for name in (_SESSION, _ATTEMPT, _FORM):
            self._set(response, name, "", 0)

    def keep_attempt(self, response: flask.Response, attempt: Attempt) -> None:
        """Let the browser keep what it has begun, for ten minutes."""
        value = self._signer.dumps(msgspec.to_builtins(attempt))
        self._set(response, _ATTEMPT, str(value), ATTEMPT_SECONDS)

    def take_attempt(self, way: str, state: str) -> Attempt | None:
        """What this browser has begun that way under that state, once; None if it did not."""
        try:
            told = self._signer.loads(self._read(_ATTEMPT), max_age=ATTEMPT_SECONDS)
            attempt = msgspec.convert(told, Attempt)
        except (BadData, msgspec.ValidationError):
            return None
        if attempt.way != way or not hmac.compare_digest(attempt.state.encode(), state.encode()):
            return None
        until = self._clock() + timedelta(seconds=2 * ATTEMPT_SECONDS)
        with self._database.write() as connection:
            is_first = sessions.spend_state(connection, _digest(state), until)
        return attempt if is_first else None

    def begin_form(self, response_hooks: list[Callable[[flask.Response], None]]) -> str:
        """What a form carries of somebody who is not signed in yet."""
        value = self._read(_FORM)
        if not value:
            value = secrets.token_urlsafe(32)
            kept = value
            response_hooks.append(lambda response: self._set(response, _FORM, kept, None))
        return self._form_token(value)

    def is_own_form(self, token: str, *, signed_in: bool) -> bool:
        """True if the form with that token was made for this browser, before or after it signed in."""
        value = self._read(_SESSION if signed_in else _FORM)
        return bool(value) and _is_same(token, self._form_token(value, token[:_NONCE_CHARACTERS]))

    def _end(self) -> None:
        value = self._read(_SESSION)
        if value:
            with self._database.write() as connection:
                sessions.end(connection, _digest(value))

    def _holds(self, session: Session, now: datetime) -> bool:
        is_alive = now < session.until and now - session.seen_at < self._limits.idle
        return is_alive and session.rules == self._rules.get(session.person.way)

    def _form_token(self, value: str, nonce: str = "") -> str:
        """Another one on each page: the length of a compressed page tells nothing of it.

        Source: Gluck, Harris and Prado, "BREACH: Reviving the CRIME Attack", 3.4.
        """
        nonce = nonce or secrets.token_hex(_NONCE_CHARACTERS // 2)
        proof = hmac.new(self._key, f"form:{nonce}:{value}".encode(errors="replace"), hashlib.sha256)
        return nonce + proof.hexdigest()

    def _read(self, name: str) -> str:
        value = flask.request.cookies.get(self._name(name), "")
        return value if value.isascii() and len(value) <= MAX_COOKIE_CHARACTERS else ""

    def _name(self, name: str) -> str:
        """Browsers take a name with this prefix from nobody but us.

        Source: RFC 6265bis, "The __Host- Prefix".
        """
        return f"__Host-{name}" if self._secure else name

    def _set(self, response: flask.Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self._name(name),
            value,
            max_age=max_age,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )


def _is_same(given: str, known: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), known.encode())


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode(errors="replace")).hexdigest()
