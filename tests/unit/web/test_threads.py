"""Pages behind an event loop are those that a WSGI server shows."""

import io

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from fakes.rsgi import OverRsgi
from trainboard.web.front import ALIVE
from trainboard.web.threads import PagesInThreads, make_page


@Request.application
def echo(request):
    """Says how it was asked."""
    seen = [request.method, request.url, request.remote_addr, request.headers.get("X-Odd", "")]
    return Response("|".join(seen), headers={"X-Made": "yes"}, status=418)


def ask(method="GET", path="/", **more):
    return Client(OverRsgi(PagesInThreads(echo))).open(path, method=method, **more)


@pytest.mark.parametrize("path", ["/", "/items/5?sprint=2&x=%20", "/caf%C3%A9"])
def test_a_page_is_asked_as_by_wsgi(path):
    """Address, client and headers arrive as they would."""
    more = {"headers": {"X-Odd": "1"}, "environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    over_loop, directly = ask(path=path, **more), Client(echo).open(path, **more)
    assert (418, "yes") == (over_loop.status_code, over_loop.headers["X-Made"])
    assert directly.text == over_loop.text


@Request.application
def read(request):
    """Says what form it was sent."""
    return Response(f"{request.form.get('a')}|{request.content_length}")


@pytest.mark.parametrize("text", ["b", "x" * 60_000, "ö"])
def test_a_form_arrives(text):
    """As it would by WSGI."""
    over_loop, directly = (
        Client(app).post("/", data={"a": text}) for app in (OverRsgi(PagesInThreads(read)), read)
    )
    assert directly.text == over_loop.text
    assert over_loop.text.startswith(f"{text}|")


def test_a_form_that_is_too_large_is_not_read():
    """Before a byte of it is."""
    app = OverRsgi(PagesInThreads(read))
    assert 413 == Client(app).post("/", data={"a": "x" * 70_000}).status_code


def test_a_form_that_breaks_off_is_none():
    """Its sender is gone."""
    told = {"CONTENT_LENGTH": "100", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    answer = Client(OverRsgi(PagesInThreads(read))).open(
        "/", method="POST", input_stream=io.BytesIO(b"a=b"), environ_overrides=told
    )
    assert "None|0" == answer.text


def test_an_address_of_version_six_has_no_brackets():
    """Who asks is known by the plain address."""
    assert "|::1|" in ask(environ_overrides={"REMOTE_ADDR": "[::1]"}).text


def test_life_needs_no_page():
    """A probe is answered on the loop itself; other methods are left to the pages."""
    assert (200, ALIVE) == ((answer := ask(path="/healthz")).status_code, answer.data)
    assert (200, b"") == ((answer := ask("HEAD", "/healthz")).status_code, answer.data)
    assert 418 == ask("POST", "/healthz").status_code


def test_an_answer_is_closed():
    """What a page holds open is let go, also when it fails half way."""
    closed = []

    class Pieces:
        def __iter__(self):
            yield b"a"
            raise ValueError

        def close(self):
            closed.append(1)

    def app(_environ, start_response):
        start_response("200 OK", [])
        return Pieces()

    with pytest.raises(ValueError):
        make_page(app, {})
    assert [1] == closed
