"""The Flask application: blueprints, headers of every answer, and how errors look."""

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path

import flask
import flask_compress
import jinja2
import structlog
from werkzeug.exceptions import HTTPException, NotFound

from trainboard.web import formats
from trainboard.web.permission import find_visitor
from trainboard.web.problems import make_instance, problem

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FOR_PROGRAMS = ("/webhooks", "/api", "/healthz", "/readyz", "/metrics", "/sprints.ics")
MAX_FORM_BYTES = 65_536
_STATIC = Path(__file__).parent / "static"

_log = structlog.get_logger(__name__)


def create_app(*blueprints: flask.Blueprint) -> flask.Flask:
    """An application of these blueprints. It believes no X-Forwarded header."""
    app = flask.Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(asset=asset, find_visitor=find_visitor)
    app.add_url_rule("/favicon.ico", "icon", icon)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.before_request(refuse_nul)
    flask_compress.Compress(app)
    app.after_request(harden)
    app.register_error_handler(HTTPException, render_error)
    app.register_error_handler(Exception, render_failure)
    return app


def refuse_nul() -> None:
    """No name holds a NUL, and PostgreSQL refuses to look for one.

    Raises:
        NotFound: nothing is at an address with one.
    """
    if "\0" in flask.request.path:
        raise NotFound


def harden(response: flask.Response) -> flask.Response:
    """Add the headers that every answer carries."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if flask.request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif "v" in flask.request.args and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def render_error(error: HTTPException) -> flask.Response:
    """An error of the request: as JSON for programs, as a page for people."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    detail = error.description or ""
    if detail == NotFound.description:
        detail = "Nothing is at this address."
    if _is_for_programs(flask.request.path):
        response = problem(status, detail)
    else:
        phrase = HTTPStatus(status).phrase
        page = flask.render_template("error.html", status=int(status), phrase=phrase, detail=detail)
        response = flask.make_response(page, status)
    response.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return response


def render_failure(error: Exception) -> flask.Response:
    """An error of ours: the log gets the details, whoever asked gets none."""
    instance = make_instance()
    _log.error(
        "a page failed",
        method=flask.request.method,
        path=flask.request.path,
        instance=instance,
        exc_info=error,
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "Trainboard could not make this answer. Its log says why."
    if _is_for_programs(flask.request.path):
        return problem(status, detail, instance=instance)
    page = flask.render_template("error.html", status=int(status), phrase=status.phrase, detail=detail)
    return flask.make_response(page, status)


def icon() -> flask.Response:
    """The icon, also under the name that browsers ask for by themselves."""
    response = flask.send_from_directory(_STATIC, "icon.svg", mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return flask.url_for("static", filename=name, v=_version(name))


def read_style() -> str:
    """The stylesheet of all pages."""
    return (_STATIC / "trainboard.css").read_text(encoding="utf-8")


@cache
def _version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def _is_for_programs(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in _FOR_PROGRAMS)
