"""The real client, asking an organisation that answers over `responses`."""

import os
import tempfile

os.environ.setdefault("AZURE_DEVOPS_CACHE_DIR", tempfile.gettempdir())  # read at the import of the package

import pytest
from azure.devops import client, connection
from azure.devops.v7_1.work.models import TeamContext
from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation
from msrest.authentication import BasicAuthentication
from msrest.serialization import Deserializer

from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock

NEW_KEYS = {"multilineFieldsFormat", "keepForever", "appendCommitMessageToRunName", "templateParameters"}
UNREAD = {"ReferenceLinks", "ReportingWorkItemRevisionsBatch"}  # their models name no key at all
UNMODELLED = {"settings", "finalYaml"}


class NoCache(dict):
    """Remembers nothing, so that no test reads what another was told."""

    def __missing__(self, key):
        return None

    def __setitem__(self, key, value):
        pass


class Clients:
    """The package's clients of an organisation, made when they are first needed."""

    def __init__(self, org, token=None):
        credentials = BasicAuthentication("", org.token if token is None else token)
        self._factory = connection.Connection(org.url, credentials).clients_v7_1

    def __getattr__(self, name):
        made = getattr(self._factory, f"get_{name}_client")()
        made.config.retry_policy.policy.total = 0
        setattr(self, name, made)
        return made


def op(path, value=None, verb="add"):
    """An operation of a patch."""
    return JsonPatchOperation(op=verb, path=path, value=value)


def new(title="An item", **more):
    """The patch of a new item; `more` are fields with `_` for the dot."""
    fields = {"System.Title": title} | {name.replace("_", "."): value for name, value in more.items()}
    return [op(f"/fields/{name}", value) for name, value in fields.items()]


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    """Neither the disk nor another test tells where resources are."""
    monkeypatch.setattr(client, "OPTIONS_FILE_CACHE", NoCache())
    monkeypatch.setattr(connection, "RESOURCE_FILE_CACHE", NoCache())
    monkeypatch.setattr(client.Client, "_locations_cache", {})


@pytest.fixture(autouse=True)
def known_keys(monkeypatch):
    """Every key of an answer is one that the package's models know, but for what is newer than they are."""
    strange = set()
    instantiate = Deserializer._instantiate_model

    def listen(self, response, attrs, additional_properties=None):
        model = response if isinstance(response, type) else type(response)
        if model.__name__ not in UNREAD:
            strange.update((model.__name__, key) for key in additional_properties or ())
        return instantiate(self, response, attrs, additional_properties)

    monkeypatch.setattr(Deserializer, "_instantiate_model", listen)
    yield
    assert [] == sorted(pair for pair in strange if pair[1] not in NEW_KEYS | UNMODELLED)


@pytest.fixture
def org(clock):
    """An organisation with the project `Churn` (Agile)."""
    made = AzureDevOps(clock)
    made.add_project("Churn", "Agile")
    with made.running():
        yield made


@pytest.fixture
def clients(org):
    return Clients(org)


@pytest.fixture
def wit(clients):
    return clients.work_item_tracking


@pytest.fixture
def team():
    return TeamContext(project="Churn", team="Churn Team")
