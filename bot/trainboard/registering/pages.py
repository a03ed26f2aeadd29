"""The pages: what will be asked for, what came of it, and what went wrong."""

import re
import secrets
import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import quote, urlsplit

import flask
import jinja2
import msgspec
from werkzeug.exceptions import HTTPException

from trainboard.errors import TrainboardError, TransientError
from trainboard.registering.states import States

_TOKEN_BYTES = 24
_CODE = re.compile(r"[A-Za-z0-9_-]{1,255}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "origin",
    "X-Content-Type-Options": "nosniff",
}
_AGAIN = "Nothing was written. Reload this page to try again; GitHub's code is good for an hour."


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """What some permissions and events are for."""

    name: str
    permissions: Sequence[str]
    events: Sequence[str]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown before anything is done.

    `form_url` is GitHub's form, `manifest` renders what is sent to it for a `redirect_url`, `files` are those
    that will be written.
    """

    name: str
    owner: str
    webhook_url: str
    form_url: str
    manifest: Callable[[str], str]
    purposes: Sequence[Purpose]
    files: Sequence[str]


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown afterwards; `lines` say what was written, and `todo` what somebody must write."""

    name: str
    owner: str
    installing_url: str
    lines: Sequence[str]
    todo: str = ""


Result = Registered | TrainboardError
"""The App, or why there is none."""


class Pages:
    """One registration in one browser.

    Args:
        offer: what is shown.
        states: makes and takes states.
        exchange: takes GitHub's code, and writes what came for it.
        finish: is told the result, once the browser has its page.
        tell: is told what went wrong meanwhile, a sentence each.
    """

    def __init__(
        self,
        offer: Offer,
        states: States,
        exchange: Callable[[str], Registered],
        *,
        finish: Callable[[Result], None],
        tell: Callable[[str], None],
    ) -> None:
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._offer = offer
        self._states = states
        self._exchange = exchange
        self._finish = finish
        self._tell = tell
        self._session: str | None = None
        self._lock = threading.Lock()

    def create_app(self, port: int) -> flask.Flask:
        """The application that answers at `http://127.0.0.1:<port>`, and under no other name."""
        host = f"127.0.0.1:{port}"
        cookie = f"trainboard_init_{port}"
        app = flask.Flask(__name__, static_folder=None)
        app.jinja_env.undefined = jinja2.StrictUndefined
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

        @app.before_request
        def admit() -> flask.Response | None:
            flask.g.nonce = secrets.token_urlsafe(_TOKEN_BYTES)
            if flask.request.headers.get("Host") != host:
                return self._refuse(
                    HTTPStatus.MISDIRECTED_REQUEST,
                    f"This page answers at http://{host} and under no other name.",
                )
            return None

        @app.get("/start/<token>")
        def start(token: str) -> flask.Response:
            return self._admit(token, cookie)

        @app.get("/")
        def form() -> flask.Response:
            return (
                self._show_form(f"http://{host}/registered")
                if self._knows(cookie)
                else self._refuse_stranger()
            )

        @app.get("/registered")
        def registered() -> flask.Response:
            return self._take() if self._knows(cookie) else self._refuse_stranger()

        @app.errorhandler(HTTPException)
        def explain(error: HTTPException) -> flask.Response:
            status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
            return self._refuse(status, _find_words(status))

        app.after_request(self._harden)
        return app

    def _admit(self, token: str, cookie: str) -> flask.Response:
        """The first who brings the token is the only one who is let in."""
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return self._refuse_stranger()
        with self._lock:
            is_first = self._session is None
            session = self._session = self._session or secrets.token_urlsafe(_TOKEN_BYTES)
        if not is_first and not self._knows(cookie):
            return self._refuse_stranger()
        response = flask.make_response("", HTTPStatus.SEE_OTHER, {"Location": "/"})
        response.set_cookie(cookie, session, httponly=True, samesite="Lax", path="/")
        return response

    def _knows(self, cookie: str) -> bool:
        shown = flask.request.cookies.get(cookie, "")
        return self._session is not None and secrets.compare_digest(shown.encode(), self._session.encode())

    def _show_form(self, redirect_url: str) -> flask.Response:
        state = self._states.issue()
        action = f"{self._offer.form_url}?state={quote(state, safe='')}"
        manifest = self._offer.manifest(redirect_url)
        return _render("form.html", offer=self._offer, action=action, manifest=manifest)

    def _take(self) -> flask.Response:
        code, state = flask.request.args.get("code", ""), flask.request.args.get("state", "")
        if not _CODE.fullmatch(code):
            return self._refuse(HTTPStatus.BAD_REQUEST, "GitHub sent no code along. Nothing was written.")
        try:
            self._states.take(state)
        except TrainboardError as error:
            return self._refuse(HTTPStatus.BAD_REQUEST, f"{error} Nothing was written.")
        try:
            result = self._exchange(code)
        except TransientError as error:
            self._states.give_back(state)
            return self._refuse(HTTPStatus.BAD_GATEWAY, f"{error} {_AGAIN}")
        except TrainboardError as error:
            return self._end(_explain(HTTPStatus.BAD_GATEWAY, str(error)), error)
        return self._end(_render("registered.html", app=result), result)

    def _end(self, response: flask.Response, result: Result) -> flask.Response:
        response.call_on_close(lambda: self._finish(result))
        return response

    def _refuse_stranger(self) -> flask.Response:
        return self._refuse(
            HTTPStatus.FORBIDDEN,
            "This address works once, in the browser that opened it first. If that was not you, end the "
            "command in the terminal and start it again.",
        )

    def _refuse(self, status: HTTPStatus, sentence: str) -> flask.Response:
        self._tell(sentence)
        return _explain(status, sentence, known=status == HTTPStatus.BAD_REQUEST)

    def _harden(self, response: flask.Response) -> flask.Response:
        """A form may be sent to GitHub, which may send its own users on to sign in elsewhere."""
        origin = urlsplit(self._offer.form_url)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'nonce-{flask.g.nonce}'; img-src data:; base-uri 'none'; "
            f"form-action https: {origin.scheme}://{origin.netloc}; frame-ancestors 'none'"
        )
        response.headers.extend(_HEADERS)
        return response


def _find_words(status: HTTPStatus) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "Trainboard could not make this page. End the command, and start it again."
    return "Nothing is at this address. Nothing was written."


def _explain(status: HTTPStatus, sentence: str, *, known: bool = False) -> flask.Response:
    return _render("refused.html", status, sentence=sentence, phrase=status.phrase, known=known)


def _render(template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> flask.Response:
    static = files("trainboard.web").joinpath("static")
    style = static.joinpath("trainboard.css").read_text(encoding="utf-8")
    icon = "data:image/svg+xml," + quote(static.joinpath("icon.svg").read_text(encoding="utf-8"))
    page = flask.render_template(template, style=style, icon=icon, nonce=flask.g.nonce, **values)
    return flask.make_response(page, status)
