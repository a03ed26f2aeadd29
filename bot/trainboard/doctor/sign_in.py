"""Signing in to the pages: can people come in, over https, and do those answer who say who they are."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import SignIn, Subject
from trainboard.errors import TrainboardError

HTTPS = (
    "Terminate TLS in front of the service, and set server.public_url to the https address: over plain http "
    "whoever listens has the session of whoever signs in."
)
REACH = "Check the issuer, or github.api_url, and that this machine reaches it. Nobody comes in that way now."
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def check(subject: Subject) -> Iterator[Finding]:
    """Where people sign in: the address, and each way."""
    found = subject.sign_in()
    if found is None:
        return
    yield from _judge_address(found.public_url)
    for name, way in found.ways.items():
        try:
            yield Finding(message=f"[[sign_in]] {name}: {way.examine()}.")
        except TrainboardError as error:
            yield failing(f"[[sign_in]] {name}: {error}", REACH)
    yield from _judge_lists(found)


def _judge_address(public_url: str) -> Iterator[Finding]:
    parts = urlsplit(public_url)
    if parts.scheme == "https":
        yield Finding(message=f"People sign in at {public_url}/sign-in.")
    elif not public_url or parts.hostname in _LOCAL:
        yield note("People sign in on this machine, without https.", HTTPS)
    else:
        yield failing(f"People sign in at {public_url}/sign-in, without https.", HTTPS)


def _judge_lists(found: SignIn) -> Iterator[Finding]:
    for name in found.closed:
        yield note(
            f"[[sign_in]] {name} lets nobody in.", "Name people, groups or teams as its viewers or operators."
        )
    for name in found.open:
        yield note(
            f"[[sign_in]] {name} lets anyone in who has an account there.",
            "Keep it only if that is meant; else name people, groups or teams.",
        )
