"""Principals of Microsoft Entra, as the settings name them."""

from functools import partial

import pytest

from fakes.entra import AUDIENCE, CONNECTION, TENANT, bearer, connection_bearer, key_set
from fakes.senders import NOW
from trainboard.settings import Settings
from trainboard.wiring import entra, jobs
from trainboard.wiring.senders import credentials
from trainboard_webhooks.callers import find_principal
from trainboard_webhooks.signing_keys import SigningKeys

TRUST = {"project": "churn", "entra_tenant": TENANT.upper(), "entra_audience": AUDIENCE}
RUNS = TRUST | {"kind": "runs", "name": "ci", "entra_principals": [CONNECTION.upper()]}
KEYS = f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"


def settings(*sources):
    return Settings.model_validate({"projects": [{"name": "churn"}], "sources": sources})


@pytest.fixture
def fetched(monkeypatch):
    """The addresses whose keys were fetched."""
    asked = []

    def fetch(address):
        asked.append(address)
        return key_set("key-1")

    for module in (entra, jobs):
        monkeypatch.setattr(module, "fetch_keys", fetch)
        monkeypatch.setattr(module, "SigningKeys", partial(SigningKeys, spawn=lambda task: task()))
    return asked


@pytest.mark.parametrize(
    "issuer", [f"https://sts.windows.net/{TENANT}/", f"https://login.microsoftonline.com/{TENANT}/v2.0"]
)
@pytest.mark.parametrize("audience", [AUDIENCE, AUDIENCE.removeprefix("api://")])
def test_a_principal_is_believed_at_once(fetched, issuer, audience):
    """Its keys are fetched beforehand; either version of tokens will do, whatever letters the ids have."""
    known = credentials(settings(RUNS))["runs"]
    assert [KEYS] == fetched
    token = {"authorization": connection_bearer(iss=issuer, aud=audience)}
    assert "ci" == find_principal(token, known, NOW).name


def test_an_audience_of_ones_own_has_one_name(fetched):
    """An address that is no client id is compared letter by letter."""
    known = credentials(settings(RUNS | {"entra_audience": "api://trainboard"}))["runs"]
    for audience in ("api://Trainboard", "trainboard", "api://trainboard/"):
        assert find_principal({"authorization": connection_bearer(aud=audience)}, known, NOW) is None
    assert find_principal({"authorization": connection_bearer(aud="api://trainboard")}, known, NOW)


def test_who_reports_runs_tells_no_alerts(fetched):
    """Services of Azure are believed by their sources alone, and principals by theirs."""
    known = credentials(settings(RUNS, TRUST | {"kind": "azure-monitor", "name": "prod"}))
    with_keys = [sender for name in ("runs", "azure-monitor") for sender in known[name]]
    for sender in with_keys:
        sender.entra.keys.refresh()
    own = {"authorization": connection_bearer()}
    assert ["ci"] == [each.name for each in with_keys if find_principal(own, [each], NOW)]
    azure = {"authorization": bearer()}
    assert ["prod"] == [each.name for each in with_keys if find_principal(azure, [each], NOW)]


def test_the_doctor_counts_keys_of_tenants(fetched):
    """Once for each tenant."""
    other = RUNS | {"name": "other", "entra_audience": "api://other"}
    counts = jobs.list_key_counts(settings(RUNS, other))
    assert {f"https://login.microsoftonline.com/{TENANT}/v2.0": 1} == {
        issuer: count() for issuer, count in counts.items()
    }
