"""An issuer's keys: what of a key set is taken, and how often it is fetched."""

import json

import pytest

from fakes.entra import key_set, private_key
from trainboard.errors import PayloadError, TransientError
from trainboard_webhooks.signing_keys import FRESH_SECONDS, PAUSE_SECONDS, SigningKeys, read_keys


class Issuer:
    """Key sets that are fetched one after the other, the last one again and again; None: it is down."""

    def __init__(self, *sets):
        self.sets = list(sets)
        self.fetches = 0
        self.now = 0.0
        self.keys = SigningKeys(self.fetch, clock=lambda: self.now, spawn=lambda task: task())

    def fetch(self):
        self.fetches += 1
        found = self.sets.pop(0) if len(self.sets) > 1 else self.sets[0]
        if found is None:
            raise OSError("the issuer is down")
        return found

    def try_get(self, key_id):
        try:
            return self.keys.get(key_id)
        except TransientError:
            return None


def test_keys_are_fetched_once():
    """Known keys are used without another fetch."""
    issuer = Issuer(key_set("key-1"))
    assert issuer.try_get("key-1") is None
    found = [issuer.try_get("key-1") for _ in range(3)]
    assert [private_key("key-1").public_key()] * 3 == found
    assert issuer.fetches == 1


def test_new_key_is_found_after_a_pause():
    """A new key is fetched when it is first met; whoever invents keys causes one fetch a minute."""
    issuer = Issuer(key_set("key-1"), key_set("key-1", "key-2"))
    assert [None] * 10 == [issuer.try_get("invented") for _ in range(10)]
    assert issuer.fetches == 1
    issuer.now = PAUSE_SECONDS
    assert issuer.try_get("key-2") is None
    assert issuer.try_get("key-2") is not None
    assert issuer.fetches == 2


def test_old_keys_serve_while_the_issuer_is_down():
    """Keys of yesterday are fetched anew, and believed as long as that fails."""
    issuer = Issuer(key_set("key-1"), None)
    issuer.try_get("key-1")
    issuer.now = FRESH_SECONDS + 1
    assert issuer.try_get("key-1") is not None
    assert issuer.try_get("key-1") is not None
    assert issuer.fetches == 2


def test_keys_that_are_withdrawn_are_forgotten():
    """A key that is no longer in the set is not believed after the next fetch."""
    issuer = Issuer(key_set("key-1"), key_set("key-2"))
    issuer.try_get("key-1")
    issuer.now = FRESH_SECONDS + 1
    issuer.try_get("key-1")
    assert issuer.try_get("key-1") is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"keys": 1}', b'{"keys": []}', b'{"keys": [{"kty": "EC"}]}']
)
def test_what_is_no_key_set_is_refused(body):
    """A body without an RSA key for signatures is refused."""
    with pytest.raises(PayloadError):
        read_keys(body)


def test_other_keys_are_left_out():
    """Keys for encryption, of other kinds, without id, and broken ones are left out; the rest is taken."""
    good = json.loads(key_set("key-1"))["keys"][0]
    others = [{**good, "use": "enc", "kid": "a"}, {**good, "kid": None}, {**good, "kid": "b", "n": "%"}]
    body = json.dumps({"keys": [*others, {"kty": "oct", "kid": "c", "k": "AAAA"}, good]}).encode()
    assert list(read_keys(body)) == ["key-1"]
