"""A tenant of Microsoft Entra: it has keys, and signs tokens as the real one does."""

import base64
import json
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from fakes.senders import NOW
from trainboard_webhooks.entra import EntraTrust
from trainboard_webhooks.signing_keys import SigningKeys

TENANT = "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60"
AUDIENCE = "api://11111111-2222-3333-4444-555555555555"
CALLER = "461e8683-5575-4561-ac7f-899cc907d62a"
ROLE = "ActionGroupsSecureWebhook"
CONNECTION, CONNECTION_APP = "5d9a4c51-2c3e-4a80-b1f0-6a7d8e9f0a1b", "7e8f9a0b-1c2d-4e3f-8a5b-6c7d8e9f0a1b"
ISSUER_1 = f"https://sts.windows.net/{TENANT}/"
ISSUER_2 = f"https://login.microsoftonline.com/{TENANT}/v2.0"

CLAIMS = {
    "iss": ISSUER_1,
    "aud": AUDIENCE,
    "appid": CALLER,
    "roles": [ROLE],
    "iat": int(NOW) - 60,
    "nbf": int(NOW) - 60,
    "exp": int(NOW) + 3_600,
}


@cache
def private_key(name="key-1"):
    """The key of that name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set(*names):
    """The JSON Web Key Set with these keys, as it is fetched."""
    return json.dumps({"keys": [_public(name) for name in names]}).encode()


def _public(name):
    numbers = private_key(name).public_key().public_numbers()
    return {"kty": "RSA", "use": "sig", "kid": name, "n": _digits(numbers.n), "e": _digits(numbers.e)}


def _digits(number):
    size = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()


def bearer(key="key-1", *, kid=None, algorithm="RS256", signed_with=None, **claims):
    """The value of `Authorization`; a claim that is None is left out."""
    told = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    secret = signed_with if signed_with is not None else private_key(key)
    body, headers = json.dumps(told).encode(), {"kid": kid or key, "typ": "JWT"}
    return "Bearer " + jwt.api_jws.PyJWS().encode(body, secret, algorithm, headers=headers)


def trust(keys=None, role=ROLE, callers=(CALLER,), objects=()):
    """What believes the tenant's tokens; its keys are known from the first."""
    if keys is None:
        keys = SigningKeys(lambda: key_set("key-1"), spawn=lambda task: task())
        keys.refresh()
    return EntraTrust(
        issuers=(ISSUER_1, ISSUER_2),
        audiences=(AUDIENCE,),
        callers=callers,
        objects=objects,
        role=role,
        keys=keys,
    )


def connection_bearer(key="key-1", *, kid=None, algorithm="RS256", signed_with=None, **claims):
    """The value of `Authorization` of a job that has the token of a service connection."""
    mine = {"oid": CONNECTION, "appid": CONNECTION_APP, "roles": None, "idtyp": "app", **claims}
    return bearer(key, kid=kid, algorithm=algorithm, signed_with=signed_with, **mine)


def connection_trust(keys=None, principals=(CONNECTION,)):
    """What believes the service connection."""
    return trust(keys, role="", callers=principals, objects=principals)
