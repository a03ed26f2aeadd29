"""The peer of the ingest benchmark: a Flask route that reads the body, stores nothing and says 202."""

import sys

import flask
from granian.constants import Interfaces
from granian.server import Server


def application():
    """The bare app."""
    app = flask.Flask(__name__)

    @app.post("/webhooks/github")
    def receive():
        return {"status": "stored", "bytes": len(flask.request.get_data())}, 202

    @app.get("/healthz")
    def healthz():
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    Server(
        "bare_flask:application",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=8,
        websockets=False,
        log_enabled=False,
    ).serve()
