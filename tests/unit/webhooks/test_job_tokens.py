"""Which jobs of GitHub Actions are believed, and what is believed of them."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fakes.entra import key_set, private_key
from fakes.github_jobs import CLAIMS, COMMIT, job_bearer, job_credential, job_trust
from fakes.senders import NOW
from trainboard.errors import TransientError
from trainboard_webhooks import Credential
from trainboard_webhooks.job_tokens import find_job
from trainboard_webhooks.signing_keys import PAUSE_SECONDS, SigningKeys


def found(authorization, *credentials, now=NOW):
    return find_job({"authorization": authorization}, credentials or [job_credential()], now)


def test_a_job_of_ours_is_believed():
    """What its token says of it is known, and until when it could be used again."""
    job = found(job_bearer()).job
    assert ("acme/churn", "9120447", 2, "refs/heads/main", COMMIT, "ana") == (
        job.repository,
        job.run_id,
        job.attempt,
        job.ref,
        job.commit,
        job.actor,
    )
    assert datetime.fromtimestamp(NOW + 360, UTC) == job.token.until
    assert ("https://github.com", 24) == (job.web, len(job.token.id))


def test_who_a_token_is_about_is_never_read_from_its_subject():
    """The form of `sub` changes, and names can be taken over."""
    assert found(job_bearer(sub="repo:evil/other:ref:refs/heads/main")) is not None
    assert found(job_bearer(sub=None)) is not None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://token.actions.evil.ghe.com"},
        {"iss": None},
        {"iss": ["https://token.actions.githubusercontent.com"]},
        {"aud": "https://trainboard.example.com/"},
        {"aud": "https://other.example.com"},
        {"aud": ["https://trainboard.example.com"]},
        {"aud": "https://github.com/acme"},
        {"aud": None},
        {"exp": int(NOW) - 61},
        {"exp": None},
        {"exp": True},
        {"exp": "9999999999"},
        {"exp": 10**30},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"iat": None},
        {"iat": int(NOW) + 61},
        {"nbf": int(NOW) + 61},
        {"nbf": "soon"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 257},
        {"repository_id": "456790"},
        {"repository_id": 456789},
        {"repository_id": None},
        {"repository_owner_id": "66"},
        {"repository_owner_id": None},
        {"repository": "acme/churn/../other"},
        {"repository": None},
        {"run_id": "9120447/x"},
        {"run_id": None},
        {"sha": "main"},
        {"sha": None},
    ],
    ids=str,
)
def test_another_token_proves_nothing(claims):
    """A claim that is missing, of another, too old, or of another kind makes the sender unknown."""
    assert found(job_bearer(**claims)) is None


PUBLIC = private_key("key-1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "token",
    [
        job_bearer(algorithm="none", signed_with=""),
        job_bearer(algorithm="HS256", signed_with=b"k" * 32),
        job_bearer(algorithm="RS512"),
        job_bearer(signed_with=private_key("key-2"), kid="key-1"),
        job_bearer()[:-4] + "AAAA",
        job_bearer().rpartition(".")[0] + ".",
        job_bearer().replace("Bearer", "Basic"),
        "Bearer ",
        "Bearer a.b.c",
        "Bearer " + "a" * 20_000,
        "Bearer " + "." * 100,
    ],
)
def test_another_signature_proves_nothing(token):
    """No algorithm but one is taken, and no key but the issuer's."""
    assert found(token) is None


def test_the_public_key_is_no_secret():
    """Who signs with what everybody may read, as if it were a shared secret, is not believed."""
    import base64
    import hashlib
    import hmac
    import json

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    claims = {name: value for name, value in CLAIMS.items() if value is not None}
    text = part({"alg": "HS256", "typ": "JWT", "kid": "key-1"}) + b"." + part(claims)
    mac = hmac.new(PUBLIC, text, hashlib.sha256).digest()
    token = (text + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()
    assert found(f"Bearer {token}") is None


def test_a_flood_of_unknown_keys_fetches_once_a_minute():
    """Each asker is told to come again, and none makes the issuer be asked more often."""
    fetches, now = [], [0.0]

    def fetch():
        fetches.append(now[0])
        return key_set("key-1")

    keys = SigningKeys(fetch, clock=lambda: now[0], spawn=lambda task: task())
    for number in range(200):
        now[0] = number * PAUSE_SECONDS / 100
        with pytest.raises(TransientError):
            found(job_bearer(kid=f"unknown-{number}"), job_credential(keys=keys))
    assert [0.0, PAUSE_SECONDS] == fetches


def test_without_keys_nobody_is_believed_nor_sent_away():
    """While the issuer is away the sender shall come again; then it is believed."""
    answers = [OSError("away"), key_set("key-1")]

    def fetch():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    now = [0.0]
    keys = SigningKeys(fetch, clock=lambda: now[0], spawn=lambda task: task())
    credential = job_credential(keys=keys)
    with pytest.raises(TransientError) as caught:
        found(job_bearer(), credential)
    assert 5 == caught.value.retry_after_seconds
    now[0] = PAUSE_SECONDS
    with pytest.raises(TransientError):
        found(job_bearer(), credential)
    assert found(job_bearer(), credential) is not None


def test_a_stranger_makes_no_key_be_fetched():
    """What is for another service or too old is refused before any key is asked for."""
    fetches = []
    keys = SigningKeys(lambda: fetches.append(1) or key_set("key-1"), spawn=lambda task: task())
    for claims in (
        {"aud": "https://other.example.com"},
        {"exp": int(NOW) - 100},
        {"iss": "https://evil.example.com"},
    ):
        assert found(job_bearer(kid="new", **claims), job_credential(keys=keys)) is None
    assert [] == fetches


def test_each_repository_has_its_source():
    """The source is the one that the job's repository is bound to, not the first."""
    other = Credential("other", (), jobs=job_trust(repository_ids=frozenset({"1"})))
    assert "ci" == found(job_bearer(), Credential("old", ("s",)), other, job_credential()).name
    assert found(job_bearer(), other) is None


def test_another_issuer_is_not_asked_for_its_keys():
    """A server of GitHub whose keys are not known yet keeps no job of github.com out."""
    keys = SigningKeys(lambda: key_set("key-9"), spawn=lambda _task: None)
    server = Credential(
        "ghes", (), jobs=job_trust(issuer="https://ghes.example.com/_services/token", keys=keys)
    )
    assert "ci" == found(job_bearer(), server, job_credential()).name


def test_no_header_is_no_token():
    """A report that is signed in another way, or not at all, is none of these."""
    assert find_job({}, [job_credential()], NOW) is None
