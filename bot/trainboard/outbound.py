"""Questions to servers that have no client of their own here: plain calls, bounded answers, no redirects."""

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec
import requests
from requests.auth import AuthBase

from trainboard.errors import LimitedError, PermanentError, TrainboardError, TransientError

CONNECT_SECONDS = 5
SILENCE_SECONDS = 60
ANSWER_SECONDS = 300
MAX_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 1 << 16

NO_ACCESS = "check the token, or the user name and password, and what they may read"
REDIRECT = "redirects are not followed, set the address to where it leads"


class TooLargeError(TransientError):
    """The answer is over the size limit: ask for less at a time."""


class SlowError(TransientError):
    """No answer came in time: asking for less at a time may help."""


class Answer(msgspec.Struct, frozen=True):
    """An HTTP response; the names of `headers` are found in any letter case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RenewableToken(Protocol):
    """A token that lives shorter than we do."""

    def get(self) -> str:
        """The one that holds now."""
        ...

    def renew(self) -> None:
        """Forget the one that held, because it was refused."""
        ...


class _Authorization(AuthBase):
    """Says what to send, also if it is nothing, lest `requests` looks into a .netrc file."""

    def __init__(self, render: Callable[[], str]) -> None:
        self._render = render

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        header = self._render()
        if header:
            request.headers["Authorization"] = header
        return request


class Outbound:
    """Asks one server. Any number of threads may use it; each has a session of its own.

    Args:
        server: what it is called in errors, like `MLflow`.
        url: the server's address, with the path below which it lives, if any.
        token: sent as bearer, or what gives the one that holds now. One that can be renewed is renewed after
            an answer of 401, and the question asked once more. Without a token, basic authentication with
            user name and password, which may also stand in the address.
        headers: sent with every question.
    """

    def __init__(
        self,
        server: str,
        url: str,
        *,
        token: str | Callable[[], str] | RenewableToken = "",
        username: str = "",
        password: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.url = _bare(parts)
        self._server = server
        self._headers = dict(headers or {})
        self._renew = None if isinstance(token, str) or callable(token) else token.renew
        username = username or unquote(parts.username or "")
        password = password or unquote(parts.password or "")
        self._authorization = _Authorization(_authorize(token, username, password))
        self._local = threading.local()

    def send(self, method: str, path: str, **content: Any) -> Answer:
        """The server's answer, whatever it is; `path` comes below the address.

        Raises:
            TooLargeError: it is too large.
            SlowError: none came in time.
            TransientError: none came.
        """
        answer = self._send(method, path, **content)
        if answer.status == requests.codes.unauthorized and self._renew is not None:
            self._renew()
            answer = self._send(method, path, **content)
        return answer

    def where(self, path: str) -> str:
        """What was asked, for errors."""
        return f"{self._server} at {self.url}{path}"

    def explain(self, path: str, answer: Answer, no_api: str) -> TrainboardError:
        """The error for an answer that is none of success. Permanent is only what we are to blame for."""
        what = f"{self.where(path)} answered {answer.status}:"
        advice = {401: NO_ACCESS, 403: NO_ACCESS, 404: no_api, 405: no_api}
        if answer.status in advice:
            return TransientError(f"{what} {advice[answer.status]}")
        if 300 <= answer.status < 400:  # noqa: PLR2004  redirects
            return TransientError(f"{what} {REDIRECT}")
        wait = parse_seconds(answer.headers.get("Retry-After", ""))
        if answer.status == requests.codes.too_many_requests:
            return LimitedError(f"{what} it asks us to slow down", retry_after_seconds=wait)
        if 400 <= answer.status < 500:  # noqa: PLR2004  the client's fault
            return PermanentError(f"{what} it does not understand the question")
        return TransientError(f"{what} look into the server's log", retry_after_seconds=wait)

    def _send(self, method: str, path: str, **content: Any) -> Answer:
        try:
            with self._session().request(
                method,
                f"{self.url}{path}",
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                return Answer(response.status_code, response.headers, self._read(path, response))
        except requests.RequestException as error:
            reason = type(error).__name__
            kind = SlowError if isinstance(error, requests.ReadTimeout) else TransientError
            raise kind(
                f"{self.where(path)} did not answer ({reason}): check that it runs and can be reached"
            ) from error

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.auth = self._authorization
            session.headers.update({"Accept": "application/json", "User-Agent": "trainboard"} | self._headers)
        return session

    def _read(self, path: str, response: requests.Response) -> bytes:
        body = bytearray()
        deadline = time.monotonic() + ANSWER_SECONDS
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > MAX_BYTES:
                raise TooLargeError(f"{self.where(path)} answered with over {MAX_BYTES} bytes: not read")
            if time.monotonic() > deadline:
                raise requests.ReadTimeout
        return bytes(body)


def parse_seconds(header: str) -> float | None:
    """Whole seconds of a Retry-After header; None for a date, and for none."""
    return float(header) if header.isascii() and header.isdigit() else None


def _bare(parts: SplitResult) -> str:
    """The address without credentials, query and trailing slash."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def _authorize(
    token: str | Callable[[], str] | RenewableToken, username: str, password: str
) -> Callable[[], str]:
    if isinstance(token, str):
        header = _render_authorization(token, username, password)
        return lambda: header
    get = token if callable(token) else token.get
    return lambda: f"Bearer {get()}"


def _render_authorization(token: str, username: str, password: str) -> str:
    if token:
        return f"Bearer {token}"
    if not username:
        return ""
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"
