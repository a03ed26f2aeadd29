"""Every source: whom it believes, and what it makes of a body."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import msgspec

from fakes.senders import NOW, SENDERS, lower
from fuzz import Target
from fuzz.json_changes import change_json, stretch_json
from trainboard import events
from trainboard.errors import PayloadError
from trainboard_webhooks import Source, sources

OTHER_SECRET = "whsec_bm9ib2R5IGlzIHRvbGQgdGhpcyBzZWNyZXQ="
UNPROVEN = {"content-type", "x-github-event", "x-github-delivery"}
"""Headers of which a sender proves nothing."""


def check_source(name: str, data: bytes) -> None:
    """Only what was signed is believed; a body is understood the same each time, or it is a PayloadError."""
    kind, told, body = split(data)
    check_proof(name, kind, told, body)
    headers = lower(SENDERS[name].headers(kind, body))
    for header in headers:
        check_identity(sources()[name], {**headers, header: told}, body)
    check_events(sources()[name], kind, body)
    check_kept(sources()[name], headers, body)


def check_proof(name: str, kind: str, told: str, body: bytes) -> None:
    """A sender is believed with its own secret, unchanged headers and, where signed, an unchanged body."""
    sender, source = SENDERS[name], sources()[name]
    headers = lower(sender.headers(kind, body))
    stranger = msgspec.structs.replace(sender, secret=OTHER_SECRET)
    assert source.verify(headers, body, [sender.credential], NOW) == sender.credential
    assert source.verify(headers, body, [stranger.credential], NOW) is None
    assert source.verify(lower(stranger.headers(kind, body)), body, [sender.credential], NOW) is None
    if source.PROOF == "signature":
        assert source.verify(headers, body + b" ", [sender.credential], NOW) is None
    for header in headers.keys() - UNPROVEN:
        forged = {**headers, header: told}
        assert headers[header] == told or source.verify(forged, body, [sender.credential], NOW) is None


def check_identity(source: Source, headers: dict[str, str], body: bytes) -> None:
    """What a message is about is the same each time but for a made-up id, and can be kept.

    Of the id the receiver sees to that.
    """
    try:
        identity = source.identify(headers, body)
    except PayloadError:
        return
    if identity is not None:
        again = source.identify(headers, body)
        assert again in {identity, msgspec.structs.replace(identity, id=again.id)}
        check_storable(msgspec.structs.replace(identity, id="", body=None))


def check_kept(source: Source, headers: dict[str, str], body: bytes) -> None:
    """A body that is kept in place of the message's own means the same."""
    with suppress(PayloadError):
        identity = source.identify(headers, body)
        if identity is not None and identity.body is not None:
            door = SENDERS[source.NAME].door
            kept = list(source.parse(door, identity.kind, identity.body))
            assert kept == list(source.parse(door, identity.kind, body))


def check_events(source: Source, kind: str, body: bytes) -> None:
    """Events can be kept, are read again as they were, and are the same each time."""
    try:
        found = list(source.parse(SENDERS[source.NAME].door, kind, body))
    except PayloadError:
        return
    written = msgspec.json.encode(found)
    check_storable(found)
    assert found == [events.decode(events.encode(event)) for event in found]
    assert written == msgspec.json.encode(list(source.parse(SENDERS[source.NAME].door, kind, body)))


def check_storable(value: object) -> None:
    """PostgreSQL keeps no NUL in a text, and nobody a lone surrogate."""
    for text in list_texts(msgspec.to_builtins(value)):
        assert "\0" not in text
        text.encode()


def list_texts(value: object) -> Iterator[str]:
    """Every text in plain values, keys too."""
    match value:
        case str():
            yield value
        case dict():
            for key, member in value.items():
                yield from (*list_texts(key), *list_texts(member))
        case list() | tuple():
            for member in value:
                yield from list_texts(member)


def split(data: bytes) -> tuple[str, str, bytes]:
    """The kind, the value of a header and the body that the bytes stand for."""
    kind, told, body = [*data.split(b"\n", 2), b"", b""][:3]
    return kind.decode("latin-1"), told.decode("latin-1"), body


def list_seeds(name: str) -> Iterator[bytes]:
    """The fixtures of the source, with what would prove them from somebody else."""
    sender = msgspec.structs.replace(SENDERS[name], secret=OTHER_SECRET)
    for kind, body in list_fixtures(name):
        proofs = [
            value for header, value in lower(sender.headers(kind, body)).items() if header not in UNPROVEN
        ]
        yield b"\n".join([kind.encode(), proofs[-1].encode("latin-1", "replace"), body])


def list_fixtures(name: str) -> list[tuple[str, bytes]]:
    """The kinds and the compact bodies of a source's fixtures."""
    folder = Path(sources()[name].__file__).parent / "fixtures"
    paths = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".events.json")]
    return [(path.stem.split("__")[0], _compact(path.read_bytes())) for path in paths]


def change(kinds: list[str], data: bytes, random: Random) -> bytes:
    """Another kind now and then, and else a body that is wrong in a few places."""
    kind, told, body = [*data.split(b"\n", 2), b"", b""][:3]
    if random.random() < 0.1:
        kind = random.choice(kinds).encode()
    return b"\n".join([kind, told, change_json(body, random)])


def stretch(data: bytes, size: int) -> bytes:
    """A body that is longer."""
    kind, told, body = [*data.split(b"\n", 2), b"", b""][:3]
    return b"\n".join([kind, told, stretch_json(body, size)])


def _compact(body: bytes) -> bytes:
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


def _target(name: str) -> Target:
    kinds = sorted({kind for kind, _ in list_fixtures(name)})
    return Target(
        name=name,
        check=partial(check_source, name),
        seeds=partial(list_seeds, name),
        change=partial(change, kinds),
        stretch=stretch,
        most_bytes=64 * 1024,
    )


TARGETS = [_target(name) for name in sorted(sources())]
