"""The package `azure-devops` as it is, for tests of the stand-in itself and nothing of ours in between."""

import os
import tempfile

os.environ.setdefault("AZURE_DEVOPS_CACHE_DIR", tempfile.gettempdir())  # read at the import of the package

import pytest
from azure.devops import client, connection
from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation
from msrest.authentication import BasicAuthentication
from msrest.serialization import Deserializer

NEWER = {
    *("multilineFieldsFormat", "keepForever", "drafts", "appendCommitMessageToRunName"),
    *("templateParameters", "settings", "finalYaml"),
}
UNREAD = {"ReferenceLinks", "ReportingWorkItemRevisionsBatch"}  # their models name no key at all


class Clients:
    """The package's clients of an organisation, made when they are first needed; they try nothing twice."""

    def __init__(self, org, token=None, *, credentials=None):
        credentials = credentials or BasicAuthentication("", org.token if token is None else token)
        self._factory = connection.Connection(org.url, credentials).clients_v7_1

    def __getattr__(self, name):
        made = getattr(self._factory, f"get_{name}_client")()
        retries = made.config.retry_policy.policy
        retries.total, retries.status_forcelist = 0, frozenset()
        setattr(self, name, made)
        return made


class NoCache(dict):
    """Remembers nothing, so that no test reads what another was told."""

    def __missing__(self, key):
        return None

    def __setitem__(self, key, value):
        pass


def forget_places(monkeypatch):
    """Neither the disk nor another test tells where resources are."""
    monkeypatch.setattr(client, "OPTIONS_FILE_CACHE", NoCache())
    monkeypatch.setattr(connection, "RESOURCE_FILE_CACHE", NoCache())
    monkeypatch.setattr(client.Client, "_locations_cache", {})


def listen_for_strange_keys(monkeypatch):
    """The set that model and key go into when an answer has a key that the package's model does not know."""
    strange = set()
    instantiate = Deserializer._instantiate_model

    def listen(self, response, attrs, additional_properties=None):
        model = response if isinstance(response, type) else type(response)
        if model.__name__ not in UNREAD:
            strange.update((model.__name__, key) for key in set(additional_properties or ()) - NEWER)
        return instantiate(self, response, attrs, additional_properties)

    monkeypatch.setattr(Deserializer, "_instantiate_model", listen)
    return strange


def op(path, value=None, verb="add"):
    """An operation of a patch."""
    return JsonPatchOperation(op=verb, path=path, value=value)


def new(title="An item", **more):
    """The patch of a new item; `more` are fields with `_` for the dot."""
    fields = {"System.Title": title} | {name.replace("_", "."): value for name, value in more.items()}
    return [op(f"/fields/{name}", value) for name, value in fields.items()]


def refuse(key, call, *arguments, **more):
    """The message of a refusal that must be of this type."""
    with pytest.raises(AzureDevOpsServiceError) as caught:
        call(*arguments, **more)
    assert key == caught.value.type_key, f"{key} is not {caught.value.type_key}: {caught.value}"
    return caught.value.message
