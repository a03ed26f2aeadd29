"""The organisation behind a real port, for the real client and for programs in other processes."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, org):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.org = org
        self.closing = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body go out together
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.org.is_down:
            self.close_connection = True
            return
        status, headers, text, fault = self.server.org.answer(
            self.command, self.path, dict(self.headers), body
        )
        if fault is not None and fault.seconds:
            self.server.closing.wait(fault.seconds)
        if fault is not None and fault.breaks:
            self.close_connection = True
            return
        self._send(status, headers, text.encode())

    def _send(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def serving(org):
    """Serve the organisation inside the `with`; its `url` is at the port then."""
    root, server = org.root, _Server(org)
    org.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield org
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
        org.root = root
