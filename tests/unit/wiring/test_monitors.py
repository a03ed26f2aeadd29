"""Whose lists of alerts can be read."""

import pytest

from trainboard.settings import Settings, doors_of
from trainboard.wiring.adapters import monitors
from trainboard.wiring.errors import WiringError

SUBSCRIPTION = "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60"
AZURE = {"kind": "azure-monitor", "name": "prod", "project": "churn", "secrets": ["s3cret"]}
READER = {
    "reader_tenant": SUBSCRIPTION,
    "reader_client_id": SUBSCRIPTION,
    "reader_client_secret": "another",
}


def settings(source):
    return Settings.model_validate({"projects": [{"name": "churn", "tracker": "local"}], "sources": [source]})


@pytest.mark.parametrize(
    ("more", "is_read"),
    [({}, False), ({"subscription": SUBSCRIPTION}, True), ({"subscription": SUBSCRIPTION} | READER, True)],
)
def test_a_subscription_that_is_named_is_read(more, is_read):
    """As the service principal, or else as the managed identity; then no limit of silence ends its alerts."""
    made = monitors(settings(AZURE | more))
    assert (["azure-monitor/prod"] if is_read else []) == list(made)
    [door] = doors_of(settings(AZURE | more))
    assert is_read == door.polled


@pytest.mark.parametrize("left_out", READER)
def test_half_a_reader_is_refused(left_out):
    """A secret needs all that belongs to it; a client id alone is a managed identity's."""
    half = {name: value for name, value in READER.items() if name != left_out}
    with pytest.raises(ValueError, match="reader_client_secret"):
        settings(AZURE | {"subscription": SUBSCRIPTION} | half)


def test_what_is_not_installed_is_said(monkeypatch):
    """With the command that installs it."""

    def lacks(*_):
        raise ImportError("azure.identity")

    monkeypatch.setattr("trainboard.wiring.azure_monitor.open_source", lacks)
    with pytest.raises(WiringError, match=r"pip install trainboard\[entra\]"):
        monitors(settings(AZURE | {"subscription": SUBSCRIPTION}))
