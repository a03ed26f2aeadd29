"""The headers of every answer, and how errors look."""

import gzip
import re

import flask
import pytest
from structlog.testing import capture_logs

from trainboard.web.app import create_app


def broken():
    """An application whose pages fail."""
    made = flask.Blueprint("broken", __name__)

    def fail():
        raise RuntimeError("the secret is hunter2")

    made.add_url_rule("/page", "page", fail)
    made.add_url_rule("/api/v1/thing", "thing", fail)
    return create_app(made).test_client()


@pytest.mark.parametrize("path", ["/", "/healthz", "/nope", "/api/nope", "/favicon.ico", "/static/icon.svg"])
def test_every_answer_is_hardened(open_site, path):
    """Nothing is loaded from elsewhere, framed, sniffed or referred."""
    with open_site().get(path) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Cache-Control" in headers


def test_pages_are_not_kept_and_assets_are(web):
    """An asset's address changes with its content, so it may be kept for ever."""
    page = web.client.get("/deliveries")
    [sheet] = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)

    assert page.headers["Cache-Control"] == "no-store"
    with web.client.get(sheet) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with web.client.get(sheet.split("?")[0]) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/deliveries", "/openapi.json", "/api"])
def test_answers_are_compressed_for_who_can_read_that(web, path):
    """With the same content, for a browser over http too."""
    plain = web.client.get(path)
    packed = web.client.get(path, headers={"Accept-Encoding": "gzip"})

    assert "gzip" == packed.headers["Content-Encoding"]
    assert plain.data == gzip.decompress(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_a_compressed_answer_is_not_sent_twice(web):
    """Its ETag is another than that of the plain one."""
    wanted = {"Accept-Encoding": "gzip"}
    first = web.client.get("/openapi.json", headers=wanted)
    again = web.client.get("/openapi.json", headers=wanted | {"If-None-Match": first.headers["ETag"]})

    assert (304, b"") == (again.status_code, again.data)
    assert first.headers["ETag"] != web.client.get("/openapi.json").headers["ETag"]


def test_the_icon_is_a_drawing(web):
    """Browsers ask for it by an old name."""
    with web.client.get("/favicon.ico") as answer:
        assert (200, "image/svg+xml") == (answer.status_code, answer.mimetype)


def test_people_get_a_page_for_what_is_not_there(web):
    """In the same look."""
    answer = web.client.get("/nope")

    assert (404, "text/html") == (answer.status_code, answer.mimetype)
    assert "Nothing is at this address." in answer.text


def test_programs_get_a_problem_for_what_is_not_there(web):
    """As JSON."""
    answer = web.client.get("/webhooks/nope")

    assert (404, "application/problem+json") == (answer.status_code, answer.content_type)
    assert answer.get_json(force=True)["status"] == 404


def test_a_refused_method_says_which_are_allowed(web):
    """The header of the error stays."""
    answer = web.client.post("/api/v1/board")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "mimetype"), [("/page", "text/html"), ("/api/v1/thing", "application/problem+json")]
)
def test_a_failure_tells_the_log_and_nobody_else(path, mimetype):
    """Whoever asked learns that it failed; the log learns why."""
    with capture_logs() as logs:
        answer = broken().get(path)

    assert (500, mimetype) == (answer.status_code, answer.mimetype)
    assert "hunter2" not in answer.text
    assert [("error", path, "the secret is hunter2")] == [
        (line["log_level"], line["path"], str(line["exc_info"])) for line in logs
    ]


def test_a_redirect_is_no_error(web):
    """An address with a slash too many is led to the right one."""
    made = flask.Blueprint("slash", __name__)
    made.add_url_rule("/folder/", "folder", lambda: "here")

    assert create_app(made).test_client().get("/folder").status_code == 308


@pytest.mark.parametrize("path", ["/sprints/churn/%00", "/projects/%00", "/alerts/alert:%00"])
def test_a_nul_reaches_no_database(open_site, path):
    """PostgreSQL would refuse it with an error of its own."""
    assert 404 == open_site().get(path).status_code
