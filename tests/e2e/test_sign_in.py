"""People sign in to a service that runs, with an issuer that answers over HTTP."""

import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from fakes.conversation import RUNS_SECRET
from fakes.oidc import CLIENT, SECRET, FakeIssuer
from peers.browser import chromium, keep_picture, list_violations
from peers.service import free_port, gunicorn_command, report_run, running_service, serve_command

TOKEN = "t" * 32
RUN = {
    "source": "shell:first",
    "run": {"id": "1", "status": "finished"},
    "experiment": {"name": "churn-xgb"},
    "metrics": {"val_auc": 0.91},
}
SCREENS = {"phone, dark": (390, 844, "dark"), "wide, light": (1280, 900, "light")}
SETTINGS = """
public_url = "http://localhost:{port}"
dashboard = "sign-in"

[[projects]]
name = "churn"

[[sign_in]]
kind = "oidc"
name = "acme"
title = "Acme"
issuer = "{issuer}"
client_id = "{client}"
client_secret = "{secret}"
operators = ["subject:ada-1"]

[[sign_in]]
kind = "token"
name = "token"
token = "{token}"
role = "operator"

[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{runs}"]
"""


class Handler(BaseHTTPRequestHandler):
    """Hands what comes over HTTP to the issuer of the server."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = f"{self.server.issuer.url}{self.path}"
        asked = requests.Request(self.command, url, headers=dict(self.headers), data=body or None).prepare()
        status, headers, text = self.server.issuer.answer(asked)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def answering():
    """An issuer at a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.issuer = FakeIssuer(f"http://localhost:{server.server_port}", clock=lambda: datetime.now(UTC))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(folder, command=serve_command):
    """A service with one delivery that was worked on, and its issuer."""
    port = free_port()
    with answering() as issuer:
        settings = SETTINGS.format(
            port=port, issuer=issuer.url, client=CLIENT, secret=SECRET, token=TOKEN, runs=RUNS_SECRET
        )
        with running_service(folder, settings, port, command) as service:
            assert 202 == report_run(service.url, RUN, "d-1").status_code
            yield f"http://localhost:{port}", issuer


def form_token(page):
    return re.search(r'name="csrf" value="([0-9a-f]{96})"', page)[1]


@pytest.mark.parametrize("command", [serve_command, gunicorn_command], ids=["serve", "gunicorn"])
def test_somebody_signs_in_replays_and_signs_out(tmp_path, command):
    """Cookies, forms and the way back hold over each of the servers."""
    with served(tmp_path, command) as (url, issuer), requests.Session() as browser:
        assert f"{url}/sign-in?next=%2Fdeliveries" == browser.get(f"{url}/deliveries").url
        begun = browser.get(f"{url}/sign-in/acme?next=/deliveries", allow_redirects=False)
        code, state = issuer.agree(begun.headers["Location"])
        back = browser.get(f"{url}/sign-in/acme/callback", params={"code": code, "state": state})
        assert f"{url}/deliveries" == back.url
        assert "ada@acme.example" in back.text
        number = re.search(r'href="/deliveries/(\d+)"', back.text)[1]

        preview = browser.get(f"{url}/deliveries/{number}/replay")
        assert "run 1 of churn-xgb was reported finished" in preview.text
        refused = browser.post(f"{url}/deliveries/{number}/replay", data={"csrf": "0" * 64})
        assert 403 == refused.status_code
        replayed = browser.post(f"{url}/deliveries/{number}/replay", data={"csrf": form_token(preview.text)})
        assert f"{url}/deliveries/{number}" == replayed.url

        stolen = browser.cookies.copy()
        out = browser.post(f"{url}/sign-out", data={"csrf": form_token(replayed.text)})
        assert "You are signed out." in out.text
        assert 303 == requests.get(url, cookies=stolen, allow_redirects=False, timeout=10).status_code


@pytest.mark.peer
def test_the_pages_are_for_everybody(tmp_path):
    """By keyboard and by screen reader, on a phone and a wide screen, light and dark."""
    with served(tmp_path) as (url, _), chromium() as browser:
        for screen, (width, height, scheme) in SCREENS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=True
            )
            page = context.new_page()
            look = Look(page, screen)
            page.goto(f"{url}/sign-in?next=/deliveries")
            look("sign-in")
            page.focus("input[name=token]")
            page.keyboard.type("x" * 32)
            page.keyboard.press("Enter")
            page.wait_for_selector("[role=alert]")
            look("sign-in refused")
            page.focus("input[name=token]")
            page.keyboard.type(TOKEN)
            page.keyboard.press("Enter")
            page.wait_for_url("**/deliveries")
            page.click("table a[href^='/deliveries/']")
            page.click("text=Replay…")
            look("replay")
            page.goto(f"{url}/settings")
            look("settings")
            page.click("text=Sign out")
            page.wait_for_selector("[role=status]")
            look("signed out")
            context.close()


class Look:
    """Looks at a page as it stands."""

    def __init__(self, page, screen):
        self._page, self._screen = page, screen

    def __call__(self, name):
        keep_picture(self._page, f"{name} {self._screen}")
        assert [] == list_violations(self._page), (name, self._screen)
        wide = self._page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (name, self._screen, wide)
