"""Where people sign in and out, and who may pass."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import flask
import structlog
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from trainboard.errors import TransientError
from trainboard.sign_in import Attempt, DeniedError, UnprovenError, Way
from trainboard.sign_in.token import TokenWay
from trainboard.visitors import RIGHTS, Person, Visitor
from trainboard.web.api_tokens import ApiTokens
from trainboard.web.permission import find_visitor, require, right_of, unauthorized
from trainboard.web.sessions import Sessions

MAX_PATH_CHARACTERS = 1000
MAX_TOKEN_CHARACTERS = 512
MAX_STATE_CHARACTERS = 200

_AGAIN = "Begin again: choose how to sign in."
_LOST = (
    "This sign-in was not begun in this browser, was used already, or took longer than ten minutes. " + _AGAIN
)
_NOT_OURS = "The form is not of this session. Open the page again, and send it from there."
_PROGRAMS = ("/api/", "/sprints.ics", "/openapi.json")

_log = structlog.get_logger(__name__)


class Entrance:
    """The door of the pages.

    Args:
        ways: over other servers, by name.
        token_ways: by a token, by name.
        sessions: who is signed in.
        tokens: of programs.
    """

    def __init__(
        self,
        ways: Mapping[str, Way],
        token_ways: Mapping[str, TokenWay],
        sessions: Sessions,
        tokens: ApiTokens,
    ) -> None:
        self._ways = ways
        self._token_ways = token_ways
        self._sessions = sessions
        self._tokens = tokens

    def guard(self) -> Response | None:
        """Let whoever asks pass who may read what is asked for; None lets pass.

        Raises:
            Unauthorized: a program does not say who it is.
            Forbidden: it may not, or a form is not of this session.
        """
        request = flask.request
        is_for_programs = request.path.startswith(_PROGRAMS)
        visitor = (self._tokens.find() if is_for_programs else None) or self._find_person()
        if visitor is None:
            if is_for_programs:
                raise unauthorized("Sign in, or send Authorization: Bearer with one of the [[api_tokens]].")
            return flask.redirect(_entry(request.full_path.rstrip("?")), HTTPStatus.SEE_OTHER)
        flask.g.visitor = visitor
        if is_for_programs:
            require(right_of(request.method, request.endpoint))
        if request.method not in {"GET", "HEAD", "OPTIONS"} and visitor.person is not None:
            self._check_form()
        return None

    def blueprint(self) -> flask.Blueprint:
        """The addresses at which people sign in and out."""
        made = flask.Blueprint("entrance", __name__)
        made.before_request(self._note_visitor)
        made.after_request(_keep_cookies)
        made.add_url_rule("/sign-in", "sign_in", self._show)
        made.add_url_rule("/sign-in/<way>", "begin", self._begin)
        made.add_url_rule("/sign-in/<way>", "prove", self._prove, methods=["POST"])
        made.add_url_rule("/sign-in/<way>/callback", "callback", self._finish)
        made.add_url_rule("/sign-out", "sign_out", self._sign_out, methods=["POST"])
        return made

    def _find_person(self) -> Visitor | None:
        found = self._sessions.find()
        if found is None:
            return None
        person, csrf = found
        return Visitor(name=person.name, rights=RIGHTS[person.role], person=person, csrf=csrf)

    def _note_visitor(self) -> None:
        flask.g.visitor = self._find_person()

    def _show(self) -> Response:
        told = "You are signed out." if flask.request.args.get("out") == "1" and not find_visitor() else ""
        return self._page(told=told, after=own_path(flask.request.args.get("next", "")))

    def _begin(self, way: str) -> Response:
        """A link and no form: the policy of our pages lets no form lead elsewhere."""
        chosen = self._ways.get(way)
        if chosen is None:
            raise NotFound
        attempt = Attempt(
            way=way,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            after=own_path(flask.request.args.get("next", "")),
        )
        try:
            address = chosen.begin(attempt)
        except TransientError as error:
            return self._fail(HTTPStatus.SERVICE_UNAVAILABLE, way, str(error), attempt.after)
        response = flask.make_response(flask.redirect(address, HTTPStatus.SEE_OTHER))
        self._sessions.keep_attempt(response, attempt)
        return response

    def _finish(self, way: str) -> Response:
        chosen = self._ways.get(way)
        if chosen is None:
            raise NotFound
        told = flask.request.args
        attempt = self._sessions.take_attempt(way, told.get("state", "")[:MAX_STATE_CHARACTERS])
        if attempt is None:
            return self._fail(HTTPStatus.BAD_REQUEST, way, _LOST)
        if "error" in told:
            return self._explain_refusal(chosen, attempt, told["error"])
        try:
            person = chosen.finish(attempt, told.get("code", ""))
        except DeniedError as error:
            return self._fail(HTTPStatus.FORBIDDEN, way, str(error), attempt.after)
        except UnprovenError as error:
            return self._fail(HTTPStatus.BAD_REQUEST, way, f"{error} {_AGAIN}", attempt.after)
        except TransientError as error:
            return self._fail(HTTPStatus.SERVICE_UNAVAILABLE, way, str(error), attempt.after)
        return self._let_in(person, attempt.after)

    def _explain_refusal(self, way: Way, attempt: Attempt, error: str) -> Response:
        """Source: RFC 6749, "Error Response" of the authorization endpoint."""
        if error == "access_denied":
            detail = f"{way.title} says that you did not agree to sign in. {_AGAIN}"
            return self._fail(HTTPStatus.FORBIDDEN, way.name, detail, attempt.after)
        is_down = error in {"temporarily_unavailable", "server_error"}
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_down else HTTPStatus.BAD_REQUEST
        detail = (
            f"{way.title} could not sign you in{'' if is_down else ': look at how it is set up'}. {_AGAIN}"
        )
        return self._fail(status, way.name, detail, attempt.after)

    def _prove(self, way: str) -> Response:
        chosen = self._token_ways.get(way)
        if chosen is None:
            raise NotFound
        form = flask.request.form
        after = own_path(form.get("next", ""))
        if not self._sessions.is_own_form(form.get("csrf", ""), signed_in=False):
            return self._fail(HTTPStatus.FORBIDDEN, way, _NOT_OURS, after)
        try:
            person = chosen.prove(form.get("token", "").strip()[: MAX_TOKEN_CHARACTERS + 1])
        except UnprovenError as error:
            return self._fail(HTTPStatus.FORBIDDEN, way, str(error), after)
        return self._let_in(person, after)

    def _let_in(self, person: Person, after: str) -> Response:
        response = flask.make_response(flask.redirect(after, HTTPStatus.SEE_OTHER))
        self._sessions.open(response, person)
        _log.info("signed in", way=person.way, who=person.name, role=person.role.value)
        return response

    def _sign_out(self) -> Response:
        visitor = find_visitor()
        if visitor is not None:
            self._check_form()
            _log.info("signed out", who=visitor.name)
        response = flask.make_response(flask.redirect("/sign-in?out=1", HTTPStatus.SEE_OTHER))
        self._sessions.close(response)
        return response

    def _check_form(self) -> None:
        if not self._sessions.is_own_form(flask.request.form.get("csrf", ""), signed_in=True):
            raise Forbidden(_NOT_OURS)

    def _fail(self, status: HTTPStatus, way: str, detail: str, after: str = "/") -> Response:
        _log.warning("a sign-in failed", way=way, status=int(status), why=detail)
        return self._page(status=status, error=detail, after=after)

    def _page(
        self, *, status: int = HTTPStatus.OK, error: str = "", told: str = "", after: str = "/"
    ) -> Response:
        flask.g.cookies = []
        page = flask.render_template(
            "sign_in.html",
            ways=self._ways.values(),
            token_ways=self._token_ways.values(),
            csrf=self._sessions.begin_form(flask.g.cookies) if self._token_ways else "",
            error=error,
            told=told,
            after=after,
        )
        return flask.make_response(page, status)


def own_path(path: str) -> str:
    """`path`, if it is one of our own pages; else that of the board.

    Browsers read `//` and a backslash as the begin of a host, and leave out tabs and line ends.
    """
    is_plain = path.isascii() and path.isprintable() and len(path) <= MAX_PATH_CHARACTERS
    if not is_plain or "\\" in path or not path.startswith("/") or path.startswith("//"):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    is_entry = parts.path.startswith(("/sign-in", "/sign-out"))
    return "/" if parts.scheme or parts.netloc or is_entry else path


def _entry(path: str) -> str:
    after = own_path(path)
    return "/sign-in" if after == "/" else f"/sign-in?{urlencode({'next': after})}"


def _keep_cookies(response: flask.Response) -> flask.Response:
    for set_cookie in flask.g.get("cookies", ()):
        set_cookie(response)
    return response
