"""A Flask route that reads the body, verifies and stores nothing, and says 202; on granian, as ours."""

import os

import flask
from granian.constants import Interfaces
from granian.server import Server


def application():
    """The bare app."""
    app = flask.Flask(__name__)

    @app.post(os.environ["PEER_DOOR"])
    def receive():
        return {"status": "stored", "bytes": len(flask.request.get_data())}, 202

    return app


if __name__ == "__main__":
    Server(
        "bare_flask:application",
        port=int(os.environ["PEER_PORT"]),
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=8,
        websockets=False,
        log_enabled=False,
    ).serve()
