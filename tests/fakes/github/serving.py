"""The GitHub in memory behind a real port, for programs in other processes."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import requests

from fakes.github import FakeGitHub


class ServedGitHub(HTTPServer):
    """Answers one request after the other, as `fake`, which may be replaced at any time."""

    fake: FakeGitHub

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: ServedGitHub

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = f"{self.server.url}{self.path}"
        asked = requests.Request(self.command, url, headers=dict(self.headers), data=body).prepare()
        status, headers, text = self.server.fake.answer(asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_):
        pass
