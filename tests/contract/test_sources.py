"""What every source folder must have and do, whatever its sender."""

import hmac
import json
import os
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.mutations import mutated
from fakes.senders import NOW, SECRETS, SENDERS, Inbox, lower
from trainboard import events
from trainboard.errors import PayloadError
from trainboard_webhooks import Imitator, sources
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.passwords import basic_authorization
from trainboard_webhooks.receive import Receiver
from trainboard_webhooks.signatures import hub_signature, standard_signature

SOURCES = sources()
FOLDERS = {name: Path(source.__file__).parent for name, source in SOURCES.items()}
FIXTURES = [
    pytest.param(name, path, id=f"{name}-{path.stem}")
    for name, folder in sorted(FOLDERS.items())
    for path in sorted(folder.glob("fixtures/*.json"))
    if not path.name.endswith(".events.json")
]
BODIES = {
    name: [
        (path.stem.split("__")[0], path.read_bytes())
        for _, path in (p.values for p in FIXTURES)
        if FOLDERS[name] in path.parents
    ]
    for name in SOURCES
}
REWRITTEN = {"dvclive", "evidently"}
"""Sources of whose bodies not all may be kept; what is kept means the same."""

every_source = pytest.mark.parametrize("name", sorted(SOURCES))


def client(name, inbox):
    """A test client of a gate that knows one sender of the source."""
    receiver = Receiver({name: [SENDERS[name].credential]}, clock=lambda: NOW)
    return Client(Gate(receiver, inbox.accept, NotFound()))


def parsed(name, kind, body):
    return list(SOURCES[name].parse(SENDERS[name].door, kind, body))


@every_source
def test_folder_is_complete(name):
    """A source has a sender in the tests, fixtures, and a README that says how to set it up."""
    assert name in SENDERS
    assert BODIES[name]
    assert "## Set up" in (FOLDERS[name] / "README.md").read_text()


@every_source
def test_readme_names_every_kind(name):
    """Every kind that has a fixture stands in the README's table."""
    table = (FOLDERS[name] / "README.md").read_text().partition("## Kinds")[2]
    assert [] == [kind for kind, _ in BODIES[name] if f"`{kind}`" not in table]


@pytest.mark.parametrize(("name", "path"), FIXTURES)
def test_fixture_means_its_events(name, path):
    """A body is parsed into the events beside it; TRAINBOARD_UPDATE_GOLDEN=1 writes them anew."""
    found = parsed(name, path.stem.split("__")[0], path.read_bytes())
    golden = path.with_suffix(".events.json")
    text = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        golden.write_bytes(text)
    assert golden.read_text() == text.decode()
    assert found == [events.decode(msgspec.json.encode(event)) for event in json.loads(text)]


@pytest.mark.parametrize(("name", "path"), FIXTURES)
def test_parse_is_deterministic(name, path):
    """The same body means the same events each time."""
    kind, body = path.stem.split("__")[0], path.read_bytes()
    assert parsed(name, kind, body) == parsed(name, kind, body)


@pytest.mark.parametrize(("name", "path"), FIXTURES)
def test_signed_fixture_is_taken(name, path):
    """A fixture that its sender signed is stored as it came or means the same, or it is greeted."""
    kind, body, sender, inbox = path.stem.split("__")[0], path.read_bytes(), SENDERS[name], Inbox()
    answer = client(name, inbox).post(sender.address, data=body, headers=sender.headers(kind, body))
    stored = [(delivery.source, delivery.kind) for delivery in inbox.deliveries]
    accepted = SOURCES[name].ACCEPTED if isinstance(SOURCES[name], Imitator) else 202
    assert (answer.status_code, stored) in [(accepted, [(sender.door, kind)]), (200, [])]
    for delivery in inbox.deliveries:
        assert delivery.body == body or name in REWRITTEN
        assert parsed(name, kind, delivery.body) == parsed(name, kind, body)
    assert stored or parsed(name, kind, body) == [] or path.stem.endswith("__test")


@every_source
def test_every_fixture_needs_its_golden(name):
    """No golden file stands without its body."""
    goldens = {p.name.removesuffix(".events.json") for p in FOLDERS[name].glob("fixtures/*.events.json")}
    assert {path.stem for _, path in (p.values for p in FIXTURES) if FOLDERS[name] in path.parents} == goldens


BAD_VALUES = [
    "",
    " ",
    "é",
    "\u20ac",
    "sha256=",
    "sha256",
    "v1",
    "v1,",
    "v1,é",
    ",",
    "v1," + "A" * 44,
    "=" * 9000,
]


@every_source
@pytest.mark.parametrize("bad", [None, *BAD_VALUES])
def test_missing_and_malformed_headers_prove_nothing(name, bad):
    """Each header that carries the proof, missing or replaced, makes the sender unknown."""
    kind, body = BODIES[name][0]
    sender, source = SENDERS[name], SOURCES[name]
    headers = lower(sender.headers(kind, body))
    assert source.verify(headers, body, [sender.credential], NOW) == sender.credential
    proofs = [
        header for header in headers if header not in {"content-type", "x-github-event", "x-github-delivery"}
    ]
    for proof in proofs:
        broken = {**headers, proof: bad}
        if bad is None:
            del broken[proof]
        assert source.verify(broken, body, [sender.credential], NOW) is None


@every_source
def test_other_secret_and_other_body_prove_nothing(name):
    """A signature with another secret, or of another body, is nobody's; a password is of no body."""
    kind, body = BODIES[name][0]
    sender, source = SENDERS[name], SOURCES[name]
    other = msgspec.structs.replace(sender, secret="whsec_" + "b3RoZXI=" if name == "runs" else "other")
    assert source.verify(lower(other.headers(kind, body)), body, [sender.credential], NOW) is None
    found = source.verify(lower(sender.headers(kind, body)), body + b" ", [sender.credential], NOW)
    assert found == (sender.credential if source.PROOF == "password" else None)
    assert source.verify(lower(sender.headers(kind, body)), body, [], NOW) is None


EMPTY_KEY = {  # of those that take no bearer token
    "azure-devops": lambda _: {"authorization": basic_authorization("", ""), "x-trainboard-secret": ""},
    "dvclive": lambda _: {"authorization": "token "},
    "github": lambda body: {"x-hub-signature-256": hub_signature(b"", body)},
    "mlflow": lambda body: {
        "x-mlflow-delivery-id": "1",
        "x-mlflow-timestamp": str(int(NOW)),
        "x-mlflow-signature": standard_signature(b"", "1", str(int(NOW)), body),
    },
    "wandb": lambda body: {"x-wandb-signature": hmac.digest(b"", body, "sha256").hex()},
    "runs": lambda body: {
        "webhook-id": "1",
        "webhook-timestamp": str(int(NOW)),
        "webhook-signature": standard_signature(b"", "1", str(int(NOW)), body),
    },
}


@every_source
def test_empty_secret_proves_nothing(name):
    """Who signs with the empty secret is believed by no configuration, not even by an empty one."""
    _, body = BODIES[name][0]
    credential = msgspec.structs.replace(SENDERS[name].credential, secrets=("",))
    headers = lower(EMPTY_KEY[name](body) if name in EMPTY_KEY else {"authorization": "Bearer "})
    assert SOURCES[name].verify(headers, body, [credential], NOW) is None


@every_source
def test_secrets_can_be_rotated(name):
    """While two secrets are configured, a sender with either is believed."""
    kind, body = BODIES[name][0]
    new = "whsec_bmV3IHNlY3JldA==" if name == "runs" else "new secret"
    credential = msgspec.structs.replace(SENDERS[name].credential, secrets=(new, SECRETS[name]))
    for secret in credential.secrets:
        headers = lower(msgspec.structs.replace(SENDERS[name], secret=secret).headers(kind, body))
        assert credential == SOURCES[name].verify(headers, body, [credential], NOW)


HOSTILE = {
    "empty": b"",
    "blank": b"  \n",
    "no JSON": b"<xml/>",
    "cut": b'{"a": 1',
    "a text": b'"issues"',
    "a list": b"[]",
    "null": b"null",
    "no UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"":' * 40_000 + b"1" + b"}" * 40_000,
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "lone surrogate": b'{"a": "\\ud800"}',
    "surrogate key": b'{"\\uDC00": 1}',
    "escaped NUL": b'{"a": "\\u0000"}',
    "raw NUL": b'{"a": "\x00"}',
}

ODD = {
    "same key twice": b'{"a": 1, "b": {"c": 1, "c": 2}}',
    "overflow": b'{"a": 1e999}',
    "many digits": b'{"a": ' + b"9" * 5000 + b"}",
    "many levels": b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}",
}


@every_source
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_body_is_not_stored(name, body):
    """A body that is no JSON object is refused, also one that its sender signed, or ignored if it must be."""
    sender, inbox, kind = SENDERS[name], Inbox(), BODIES[name][0][0]
    answer = client(name, inbox).post(sender.address, data=body, headers=sender.headers(kind, body))
    if SOURCES[name].FORGIVING:
        expected, reason = (200, "application/json", []), "reason"
    else:
        expected, reason = (400, "application/problem+json", []), "detail"
    assert expected == (answer.status_code, answer.mimetype, inbox.deliveries)
    assert answer.json[reason]


@every_source
def test_forgiving_sources_prove_themselves_by_headers(name):
    """Who must not be refused is known before the body is looked at."""
    source, sender = SOURCES[name], SENDERS[name]
    headers = lower(sender.headers("", b"{}"))
    known = source.verify(headers, b"", [sender.credential], NOW) == sender.credential
    assert (source.PROOF == "password") == known
    assert known or not source.FORGIVING


@every_source
@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_odd_body_is_refused_by_who_reads_it(name, body):
    """What JSON allows and nobody should send is refused at the door, or else by the worker."""
    kind = next(kind for kind, body in BODIES[name] if parsed(name, kind, body))
    with pytest.raises(PayloadError):
        parsed(name, kind, body)


def assert_understood_or_refused(name, document):
    kind, body = document[0], json.dumps(document[1]).encode()
    headers = lower(SENDERS[name].headers(kind, body))
    for step in (lambda: SOURCES[name].identify(headers, body), lambda: parsed(name, kind, body)):
        with suppress(PayloadError):
            msgspec.json.encode(step())


def hostile(name):
    """Fixtures of a source, broken; the kind stays as it was."""
    by_kind = {kind: [json.loads(body) for k, body in BODIES[name] if k == kind] for kind, _ in BODIES[name]}
    return st.sampled_from(sorted(by_kind)).flatmap(
        lambda kind: st.tuples(st.just(kind), mutated(by_kind[kind]))
    )


@every_source
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_broken_bodies_are_payload_errors_only(name, data):
    """Whatever is deleted, retyped or blown up: a body is understood, or PayloadError, and nothing else."""
    assert_understood_or_refused(name, data.draw(hostile(name)))


@every_source
@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_payload_errors_only(name, body):
    """Bytes that are no JSON object are refused by PayloadError, and no bytes by anything else."""
    headers = lower(SENDERS[name].headers("issues", body))
    try:
        SOURCES[name].identify(headers, body)
    except PayloadError:
        return
    assert isinstance(json.loads(body), dict)
