"""The webhooks' addresses as a Flask blueprint."""

import time
from collections.abc import Callable, Mapping, Sequence

import flask

from trainboard_webhooks import Credential
from trainboard_webhooks.receive import Accept, Observe, Receiver, request_of

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def webhooks(
    accept: Accept,
    credentials: Mapping[str, Sequence[Credential]],
    *,
    clock: Callable[[], float] = time.time,
    observe: Observe = lambda _door, _outcome: None,
) -> flask.Blueprint:
    """`POST /webhooks/<source>` and `/webhooks/<source>/<name>`; the arguments are those of `Receiver`."""
    return blueprint(Receiver(accept, credentials, clock=clock, observe=observe))


def blueprint(receiver: Receiver) -> flask.Blueprint:
    """The addresses of a receiver that something else, such as a gate before Flask, uses too.

    Every method and every path below /webhooks/ is the receiver's, so that each refusal looks the same.
    """
    made = flask.Blueprint("webhooks", __name__, url_prefix="/webhooks")

    @made.route("/<path:door>", methods=_METHODS, provide_automatic_options=False)
    def receive(door: str) -> flask.Response:
        answer = receiver.receive(request_of(flask.request.environ, door))
        return flask.Response(answer.body, answer.status, answer.headers)

    return made
