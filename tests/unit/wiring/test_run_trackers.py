"""Which run trackers are read, and as whom."""

import pytest
from azure import identity

from fakes.azure_ml import ADDRESS, WORKSPACE
from trainboard.settings import Settings
from trainboard.wiring import azure_ml, run_trackers, senders, utc_now
from trainboard.wiring.errors import WiringError

AZURE = {"kind": "azure-ml", "name": "ws", "project": "churn", "url": ADDRESS}
PRINCIPAL = {"auth": "service-principal", "tenant_id": "t", "client_id": "c", "client_secret": "hush"}
MLFLOW = {"kind": "mlflow", "name": "prod", "project": "churn", "secrets": ["s3cret"]}
WANDB = {"kind": "wandb", "name": "prod", "project": "churn", "entity": "acme", "api_key": "hush"}


def settings(*sources):
    return Settings.model_validate({"projects": [{"name": "churn", "tracker": "local"}], "sources": sources})


def readers(*sources):
    return run_trackers.readers(settings(*sources), utc_now)


def test_all_that_is_polled_has_a_reader():
    """An MLflow without an address is only listened to."""
    polled = {"url": "https://mlflow.example.com", "name": "other"}
    assert ["azure-ml/ws", "mlflow/other", "wandb/prod"] == sorted(
        readers(AZURE, MLFLOW, MLFLOW | polled, WANDB)
    )
    assert ["azure-ml/ws"] == [reader.name for reader in readers(AZURE).values()]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, identity.ManagedIdentityCredential),
        (PRINCIPAL, identity.ClientSecretCredential),
    ],
)
def test_tokens_are_those_of_the_cloud_of_the_workspace(more, kind, monkeypatch):
    """They are for its Azure Resource Manager."""
    opened = []

    class Tokens:
        def __init__(self, open_identity, scope, advice):
            opened.append((type(open_identity()), scope, advice))

        def get(self):
            return "t"

        def renew(self):
            pass

    monkeypatch.setattr(azure_ml, "Tokens", Tokens)
    readers(AZURE | more | {"resource_manager": "https://management.usgovcloudapi.net"})
    [(found, scope, advice)] = opened
    assert (kind, "https://management.usgovcloudapi.net/.default") == (found, scope)
    assert "the source azure-ml/ws" in advice


@pytest.mark.parametrize(
    ("error", "words"),
    [(ImportError("azure"), r"pip install trainboard\[entra\]"), (ValueError("x"), "something is missing")],
)
def test_what_an_identity_lacks_is_said(error, words, monkeypatch):
    """With the source that needs it."""

    def lacks(*_):
        raise error

    monkeypatch.setattr(azure_ml, "open_source", lacks)
    with pytest.raises(WiringError, match=words) as caught:
        readers(AZURE)
    assert "azure-ml/ws" in str(caught.value)


def test_nobody_sends_to_a_workspace_that_is_read():
    """Its events have a source of their own."""
    assert {} == senders.credentials(settings(AZURE))
    assert WORKSPACE.url == settings(AZURE).sources[0].url
