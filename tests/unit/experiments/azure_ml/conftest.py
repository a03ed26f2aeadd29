"""A small workspace, and a reader of it at a fixed moment."""

from datetime import UTC, datetime
from functools import partial

import pytest
import responses

from fakes.azure_ml import WORKSPACE, FakeAzureMl, Tokens
from trainboard.experiments.azure_ml import AzureMlReader

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def server(http):
    server = FakeAzureMl()
    server.listen(http)
    return server


@pytest.fixture
def make_reader(server):
    return partial(
        AzureMlReader,
        name="azure-ml/prod",
        workspace=WORKSPACE,
        token=Tokens(server.token),
        experiments=("churn-*",),
        clock=lambda: NOW,
    )


@pytest.fixture
def reader(make_reader):
    return make_reader()
