"""The service as a process, and a GitHub behind real HTTP that remembers what it could not deliver."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import requests

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from peers.service import running_service

AWAY = timedelta(hours=2)


@contextmanager
def github_at_a_port():
    """The fake GitHub, served over HTTP; its time is the time of day."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            request = SimpleNamespace(
                url=f"{fake.api_url}{self.path}", method="GET", headers=self.headers, body=None
            )
            status, headers, text = fake.answer(request)
            body = text.encode()
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake = FakeGitHub(f"http://127.0.0.1:{server.server_port}", clock=lambda: datetime.now(UTC))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()


def test_what_was_sent_while_the_service_was_away_is_recovered_at_the_start(tmp_path):
    """Signed in as the App, over several pages, within seconds and without being told."""
    (tmp_path / "app.pem").write_text(make_pem())
    with github_at_a_port() as github:
        for number in range(120):
            payload = {"action": "created", "label": {"name": f"l{number}"}}
            payload |= {"repository": {"full_name": "acme/churn"}}
            event = "label" if number % 10 == 0 else "push"
            github.hook.sends(event, payload, guid=f"g{number}", at=datetime.now(UTC) - AWAY)
        settings = f"""
[github]
api_url = "{github.api_url}"
app_id = 4711
private_key = "file:app.pem"
"""
        with running_service(tmp_path, settings) as service:
            metric = 'trainboard_missed_deliveries{outcome="recovered",source="github"} 12.0'
            service.wait_for("twelve deliveries", lambda: metric in scrape(service))
            assert "recovered 12 of 12" in service.log()
            done = 'trainboard_deliveries_worked_total{outcome="done",source="github"} 12.0'
            service.wait_for("their work", lambda: done in scrape(service))
    asked = [call for call in github.calls() if call.startswith("GET /app/hook/deliveries")]
    assert (2, 12) == (asked.count("GET /app/hook/deliveries"), len(asked) - 2)
    assert {"Bearer"} == {each.headers["Authorization"].split()[0] for each in github.requests}


def scrape(service):
    """The metrics, line by line."""
    return requests.get(f"{service.url}/metrics", timeout=10).text.splitlines()
