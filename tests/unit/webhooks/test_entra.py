"""Tokens of Microsoft Entra: whose are believed, and that nothing waits for a key."""

import base64
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from fakes.entra import (
    AUDIENCE,
    CALLER,
    CLAIMS,
    CONNECTION,
    CONNECTION_APP,
    ISSUER_2,
    ROLE,
    bearer,
    connection_bearer,
    connection_trust,
    key_set,
    private_key,
    trust,
)
from fakes.senders import NOW
from trainboard.errors import TransientError
from trainboard_webhooks.entra import CLOCK_SKEW_SECONDS, may_call, read_entra_token
from trainboard_webhooks.signing_keys import SigningKeys

PUBLIC_PEM = (
    private_key()
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def is_entra_token(authorization, trusted, now):
    """True if the token is one that is believed."""
    claims = read_entra_token(authorization, trusted, now)
    return claims is not None and may_call(claims, trusted)


@pytest.mark.parametrize(
    "authorization",
    [
        bearer(),
        bearer().replace("Bearer", "bearer"),
        bearer(iss=ISSUER_2, appid=None, azp=CALLER),
        bearer(roles=["other", ROLE]),
        bearer(exp=NOW - CLOCK_SKEW_SECONDS + 1),
        bearer(nbf=None),
    ],
)
def test_tokens_of_both_versions_are_believed(authorization):
    """Version 1 names its caller in `appid`, version 2 in `azp`; clocks may differ by five minutes."""
    assert is_entra_token(authorization, trust(), NOW)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer é.é.é",
        "Bearer a.b.c",
        "Bearer " + "a" * 20_000,
        "Basic " + bearer().partition(" ")[2],
        bearer(iss="https://sts.windows.net/00000000-0000-0000-0000-000000000000/"),
        bearer(iss=None),
        bearer(iss=["https://sts.windows.net/"]),
        bearer(aud="api://another"),
        bearer(aud=[AUDIENCE, "api://another"]),
        bearer(aud=None),
        bearer(appid="00000000-0000-0000-0000-000000000000"),
        bearer(appid=None),
        bearer(azp="00000000-0000-0000-0000-000000000000"),
        bearer(roles=[]),
        bearer(roles=ROLE),
        bearer(roles=None),
        bearer(exp=NOW - CLOCK_SKEW_SECONDS - 1),
        bearer(exp=None),
        bearer(nbf=NOW + CLOCK_SKEW_SECONDS + 1),
        bearer(iat=NOW + CLOCK_SKEW_SECONDS + 1),
        bearer(iat=None),
        bearer(scp="user_impersonation"),
        bearer(algorithm="none", signed_with=""),
        bearer(algorithm="HS256", signed_with=b"x" * 32),
        bearer(algorithm="RS512"),
        bearer("key-2", kid="key-1"),
        bearer()[:-8] + "AAAAAAAA",
        "Bearer " + jwt.encode({"exp": NOW}, private_key(), "RS256"),
    ],
)
def test_other_tokens_prove_nothing(authorization):
    """A wrong issuer, audience, caller, role, time, algorithm or key, or no token at all, proves nothing."""
    assert not is_entra_token(authorization, trust(), NOW)


def test_public_key_is_no_secret():
    """A token that is signed with the public key, as if that were a shared secret, proves nothing."""
    header, claims = (_encode(part) for part in ({"alg": "HS256", "kid": "key-1"}, CLAIMS))
    signature = hmac.digest(PUBLIC_PEM, f"{header}.{claims}".encode(), "sha256")
    forged = f"{header}.{claims}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert not is_entra_token(f"Bearer {forged}", trust(), NOW)


def _encode(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_role_may_be_left_out():
    """Where the settings name no role, a token needs none."""
    assert is_entra_token(bearer(roles=None), trust(role=""), NOW)


def test_unknown_key_is_fetched_beside_the_request():
    """A token whose key is not known is neither believed nor refused; the fetch runs beside the request."""
    tasks = []
    trusted = trust(SigningKeys(lambda: key_set("key-1"), spawn=tasks.append))
    with pytest.raises(TransientError):
        is_entra_token(bearer(), trusted, NOW)
    assert len(tasks) == 1
    tasks.pop()()
    assert is_entra_token(bearer(), trusted, NOW)


def test_strangers_do_not_cause_fetches():
    """A token for somebody else is refused before anything is fetched for it."""
    tasks = []
    trusted = trust(SigningKeys(lambda: key_set("key-1"), spawn=tasks.append))
    assert not is_entra_token(bearer(aud="api://another"), trusted, NOW)
    assert [] == tasks


@pytest.mark.parametrize(
    ("principals", "claims"),
    [
        ((CONNECTION,), {}),
        ((CONNECTION,), {"appid": None, "azp": CONNECTION_APP, "iss": ISSUER_2}),
        ((CONNECTION,), {"scp": "user_impersonation"}),
        ((CONNECTION_APP,), {}),
        ((CONNECTION_APP,), {"appid": None, "azp": CONNECTION_APP, "iss": ISSUER_2, "oid": None}),
    ],
)
def test_a_principal_is_known_by_its_object_or_its_application(principals, claims):
    """Either id will do, in tokens of both versions."""
    assert is_entra_token(connection_bearer(**claims), connection_trust(principals=principals), NOW)


@pytest.mark.parametrize(
    ("principals", "claims"),
    [
        ((), {}),
        ((CALLER,), {}),
        ((CONNECTION,), {"oid": CALLER}),
        ((CONNECTION,), {"oid": [CONNECTION]}),
        ((CONNECTION,), {"oid": None}),
        ((CONNECTION,), {"oid": CALLER, "sub": CONNECTION}),
        ((CONNECTION_APP,), {"scp": "user_impersonation"}),
        ((CONNECTION_APP,), {"appid": CALLER}),
        ((CONNECTION_APP,), {"azp": CALLER}),
    ],
)
def test_other_principals_are_not(principals, claims):
    """Nor is an application known that has its token for some person: it lets anybody sign in."""
    assert not is_entra_token(connection_bearer(**claims), connection_trust(principals=principals), NOW)
