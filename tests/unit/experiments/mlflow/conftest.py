"""A small MLflow, and a reader of it at a fixed moment."""

from datetime import UTC, datetime
from functools import partial

import pytest
import responses

from fakes.mlflow import FakeMlflow
from trainboard.experiments.mlflow import MlflowReader

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def server(http):
    server = FakeMlflow()
    server.listen(http)
    return server


@pytest.fixture
def make_reader(server, clock):
    return partial(MlflowReader, name="mlflow/prod", url=server.url, experiments=("churn-*",), clock=clock)


@pytest.fixture
def reader(make_reader):
    return make_reader()
