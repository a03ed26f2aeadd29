"""GitHub as the one who says which job is which: it has keys, and signs tokens as the real one does."""

from fakes.entra import bearer, key_set
from fakes.senders import NOW
from trainboard_webhooks import Credential
from trainboard_webhooks.job_tokens import JobTrust
from trainboard_webhooks.signing_keys import SigningKeys

ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "https://trainboard.example.com"
OWNER_ID, REPOSITORY_ID = "65", "456789"
COMMIT = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"

CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "repo:acme@65/churn@456789:ref:refs/heads/main",
    "jti": "3a4f0c9e-1b7d-4c2a-9d51-0c8e4d2b7f60",
    "repository": "acme/churn",
    "repository_id": REPOSITORY_ID,
    "repository_owner": "acme",
    "repository_owner_id": OWNER_ID,
    "ref": "refs/heads/main",
    "ref_type": "branch",
    "sha": COMMIT,
    "head_ref": "",
    "base_ref": "",
    "event_name": "push",
    "run_id": "9120447",
    "run_attempt": "2",
    "actor": "ana",
    "actor_id": "12",
    "nbf": int(NOW) - 10,
    "iat": int(NOW),
    "exp": int(NOW) + 300,
    "appid": None,
    "roles": None,
}


def job_bearer(key="key-1", *, kid=None, algorithm="RS256", signed_with=None, **claims):
    """The value of `Authorization` of a job; a claim that is None is left out."""
    return bearer(key, kid=kid, algorithm=algorithm, signed_with=signed_with, **{**CLAIMS, **claims})


def job_trust(keys=None, **values):
    """What believes jobs of `acme/churn`; the keys are known from the first."""
    if keys is None:
        keys = SigningKeys(lambda: key_set("key-1"), spawn=lambda task: task())
        keys.refresh()
    values = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "web": "https://github.com",
        "owner_id": OWNER_ID,
        "repository_ids": frozenset({REPOSITORY_ID}),
        **values,
    }
    return JobTrust(keys=keys, **values)


def job_credential(**values):
    """A source of runs whose only way in are jobs of `acme/churn`."""
    return Credential("ci", (), jobs=job_trust(**values))
